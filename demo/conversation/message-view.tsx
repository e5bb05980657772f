import type { FFMessageDTO } from 'flatfile-chat';
import { useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { quotesIn } from '../recall/quote.ts';
import { QuoteCard } from '../recall/quote-card.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { formatFull, formatTime } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { speakerName } from '../ui/speaker-name.ts';
import { GrowingText } from './growing-text.tsx';
import { MessageEditor } from './message-editor.tsx';
import { MessageState } from './message-state.tsx';
import { MessageText } from './message-text.tsx';

export interface MessageViewProps {
  readonly message: FFMessageDTO;
  /** Whether the message before it is by the same speaker, shortly before: then one name will do. */
  readonly isContinued: boolean;
}

export function MessageView({ message, isContinued }: MessageViewProps) {
  const { conversation, notices } = useApp();
  const [isEditing, setEditing] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const { messageId, role, name, content, timestamp } = message;
  const speaker = speakerName(message);
  const isOwn = role === 'user' && name === undefined;
  const isGrowing = message.status === 'streaming';
  const isEdited = typeof message.metadata?.['editedAt'] === 'string';

  const remove = async (): Promise<void> => {
    setDeleting(false);
    try {
      await conversation.remove(messageId);
      notices.announce('Message deleted');
    } catch (error) {
      notices.showError(error);
    }
  };

  return (
    <article
      class="message"
      data-role={role}
      data-own={isOwn ? '' : undefined}
      data-continued={isContinued ? '' : undefined}
      aria-label={`${speaker}, ${formatTime(timestamp)}`}
      aria-busy={isGrowing}
    >
      <header class="message-header">
        <span class="message-speaker" dir="auto">
          {speaker}
        </span>
        {name !== undefined && role !== 'user' && <span class="message-role">{role}</span>}
        <time dateTime={timestamp} title={formatFull(timestamp)}>
          {formatTime(timestamp)}
        </time>
        {isEdited && <span class="message-edited">edited</span>}
      </header>
      {isEditing ? (
        <MessageEditor
          content={content}
          save={(text) => conversation.edit(messageId, text)}
          onDone={() => setEditing(false)}
        />
      ) : (
        <div class="message-body">
          {isGrowing ? <GrowingText message={message} /> : <MessageText content={content} />}
          {quotesIn(message.parts).map((quote) => (
            <QuoteCard key={quote.messageId} quote={quote} />
          ))}
          <MessageState message={message} />
        </div>
      )}
      {!isEditing && (
        <div class="message-actions">
          {isOwn && (
            <button
              type="button"
              class="icon-button"
              aria-label="Edit message"
              title="Edit"
              onClick={() => setEditing(true)}
            >
              <Icon name="pencil" />
            </button>
          )}
          <button
            type="button"
            class="icon-button"
            aria-label="Delete message"
            title="Delete"
            onClick={() => setDeleting(true)}
          >
            <Icon name="trash" />
          </button>
        </div>
      )}
      {isDeleting && (
        <ConfirmDialog
          title="Delete this message?"
          text={content.length > 160 ? `${content.slice(0, 160)}…` : content}
          action="Delete"
          onConfirm={() => void remove()}
          onCancel={() => setDeleting(false)}
        />
      )}
    </article>
  );
}
