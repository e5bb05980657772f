import type { FFMessageDTO } from 'flatfile-chat';
import { Fragment, type ComponentChildren } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { dayKey, formatDay } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';
import type { Thread } from './thread.ts';
import { useScrollPosition } from './use-scroll-position.ts';

export interface ThreadMessagesProps<S, M extends FFMessageDTO> {
  readonly thread: Thread<S, M>;
  /** Draws a message; `before` is the one before it on the same day. */
  children(message: M, before: M | undefined): ComponentChildren;
}

/** The messages of a conversation or a panel, day by day; more is fetched as it is scrolled. */
export function ThreadMessages<S, M extends FFMessageDTO>({
  thread,
  children: draw,
}: ThreadMessagesProps<S, M>) {
  const { notices } = useApp();
  const { window, target, sent } = useObservable(thread.state);
  const nowMs = useNow();
  const [isAtEnd, setAtEnd] = useState(true);
  const { scroller, onScroll, goToEnd } = useScrollPosition({
    window,
    target,
    loadOlder: () => thread.loadOlder().catch(notices.showError),
    loadNewer: () => thread.loadNewer().catch(notices.showError),
    onAtEnd: setAtEnd,
  });

  useLayoutEffect(() => {
    if (sent !== null) goToEnd();
  }, [sent]);

  const showLatest = async (): Promise<void> => {
    if (window.newer > 0) await thread.showLatest();
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
                  {draw(message, startsDay ? undefined : before)}
                </li>
              </Fragment>
            );
          })}
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
