import type { FFMessageDTO } from 'flatfile-chat';
import { Fragment } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { RECALL } from '../recall/answer-from-history.ts';
import { dayKey, formatDay } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';
import type { MessageWindow } from './message-window.ts';
import { MessageView } from './message-view.tsx';
import { useScrollPosition } from './use-scroll-position.ts';

const CONTINUED_WITHIN_MS = 5 * 60_000;

export interface MessageListProps {
  readonly window: MessageWindow;
  readonly answering: boolean;
  readonly target: { readonly messageId: string } | null;
  readonly sent: { readonly messageId: string } | null;
}

export function MessageList({ window, answering, target, sent }: MessageListProps) {
  const { conversation, notices } = useApp();
  const nowMs = useNow();
  const [isAtEnd, setAtEnd] = useState(true);
  const { scroller, onScroll, goToEnd } = useScrollPosition({
    window,
    tail: answering,
    target,
    loadOlder: () => conversation.loadOlder().catch(notices.showError),
    loadNewer: () => conversation.loadNewer().catch(notices.showError),
    onAtEnd: setAtEnd,
  });

  useLayoutEffect(() => {
    if (sent !== null) goToEnd();
  }, [sent]);

  const showLatest = async (): Promise<void> => {
    if (window.newer > 0) await conversation.showLatest();
    goToEnd();
  };

  return (
    <div class="messages-frame">
      <div
        ref={scroller}
        class="messages"
        role="region"
        aria-label="Messages"
        tabIndex={0}
        onScroll={onScroll}
      >
        <ol class="message-list">
          {window.messages.map((message, index) => {
            const before = window.messages[index - 1];
            const startsDay =
              before === undefined || dayKey(before.timestamp) !== dayKey(message.timestamp);
            return (
              <Fragment key={message.messageId}>
                {startsDay && (
                  <li class="day">
                    <span>{formatDay(message.timestamp, nowMs)}</span>
                  </li>
                )}
                <li class="message-item" data-message-id={message.messageId} tabIndex={-1}>
                  <MessageView
                    message={message}
                    isContinued={!startsDay && isContinued(before, message)}
                  />
                </li>
              </Fragment>
            );
          })}
          {answering && <li class="answering">{RECALL} is looking through your history…</li>}
        </ol>
      </div>
      {!isAtEnd && (
        <button
          type="button"
          class="to-end"
          onClick={() => void showLatest().catch(notices.showError)}
        >
          <Icon name="down" />
          Latest
        </button>
      )}
    </div>
  );
}

function isContinued(before: FFMessageDTO | undefined, message: FFMessageDTO): boolean {
  if (before === undefined) return false;
  const gapMs = Date.parse(message.timestamp) - Date.parse(before.timestamp);
  return (
    before.role === message.role && before.name === message.name && gapMs < CONTINUED_WITHIN_MS
  );
}
