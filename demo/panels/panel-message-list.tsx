import type { FFPanelMessageDTO, FFPersonaDTO } from 'flatfile-chat';
import { Fragment } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { useScrollPosition } from '../conversation/use-scroll-position.ts';
import { dayKey, formatDay } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';
import { PanelMessage } from './panel-message.tsx';
import type { PanelRoomState } from './panel-room.ts';

export interface PanelMessageListProps {
  readonly room: PanelRoomState;
  readonly personas: readonly FFPersonaDTO[];
  onReply(message: FFPanelMessageDTO): void;
}

/** What has been said in a panel; more is fetched as it is scrolled. */
export function PanelMessageList({ room, personas, onReply }: PanelMessageListProps) {
  const { panelRoom, notices } = useApp();
  const { panelId, window, target, sent } = room;
  const nowMs = useNow();
  const [isAtEnd, setAtEnd] = useState(true);
  const { scroller, onScroll, goToEnd } = useScrollPosition({
    window,
    tail: null,
    target,
    loadOlder: () => panelRoom.loadOlder().catch(notices.showError),
    loadNewer: () => panelRoom.loadNewer().catch(notices.showError),
    onAtEnd: setAtEnd,
  });
  const personasById = new Map(personas.map((persona) => [persona.personaId, persona]));
  const messagesById = new Map(window.messages.map((message) => [message.messageId, message]));

  useLayoutEffect(() => {
    if (sent !== null) goToEnd();
  }, [sent]);

  const showLatest = async (): Promise<void> => {
    if (window.newer > 0) await panelRoom.showLatest();
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
                  <PanelMessage
                    panelId={panelId ?? ''}
                    message={message}
                    persona={personasById.get(message.personaId)}
                    answered={messagesById.get(message.responseTo ?? '')}
                    onReply={() => onReply(message)}
                  />
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
