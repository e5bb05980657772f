import type { FFPanelMessageDTO, FFPersonaDTO } from 'flatfile-chat';
import { RouteLink } from '../app/route-link.tsx';
import { MessageText } from '../conversation/message-text.tsx';
import { formatFull, formatTime } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { PersonaBadge } from './persona-badge.tsx';
import { personaStyle } from './persona-colour.ts';

/** As much of an answered message as fits into a line. */
const MAX_ANSWERED_LENGTH = 120;

export interface PanelMessageProps {
  readonly panelId: string;
  readonly message: FFPanelMessageDTO;
  /** Absent when it has been deleted: what it said stays. */
  readonly persona: FFPersonaDTO | undefined;
  /** The message that this one answers, where it is on the page too. */
  readonly answered: FFPanelMessageDTO | undefined;
  onReply(): void;
}

export function PanelMessage(props: PanelMessageProps) {
  const { panelId, message, persona, answered, onReply } = props;
  const { content, timestamp, responseTo } = message;
  const name = speakerOf(message, persona);

  return (
    <article
      class="message panel-message"
      style={personaStyle(persona)}
      aria-label={`${name}, ${formatTime(timestamp)}`}
    >
      <PersonaBadge persona={persona} name={name} />
      <header class="message-header">
        <span class="message-speaker persona-name" dir="auto">
          {name}
        </span>
        <time dateTime={timestamp} title={formatFull(timestamp)}>
          {formatTime(timestamp)}
        </time>
      </header>
      <div class="message-body">
        {responseTo !== undefined && (
          <RouteLink class="answered" to={{ view: 'panels', panelId, messageId: responseTo }}>
            <Icon name="reply" />
            <span class="answered-text" dir="auto">
              {answered === undefined
                ? 'An earlier message'
                : `${answered.name ?? 'Persona'}: ${answered.content.slice(0, MAX_ANSWERED_LENGTH)}`}
            </span>
          </RouteLink>
        )}
        <MessageText content={content} />
      </div>
      <div class="message-actions">
        <button
          type="button"
          class="icon-button"
          aria-label={`Reply to ${name}`}
          title="Reply"
          onClick={onReply}
        >
          <Icon name="reply" />
        </button>
      </div>
    </article>
  );
}

function speakerOf(message: FFPanelMessageDTO, persona: FFPersonaDTO | undefined): string {
  return persona?.name ?? message.name ?? 'A deleted persona';
}
