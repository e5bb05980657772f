import type { FFPanelMessageDTO, FFPersonaDTO } from 'flatfile-chat';
import { useApp } from '../app/app-context.ts';
import { ThreadMessages } from '../conversation/thread-messages.tsx';
import { useObservable } from '../state/use-observable.ts';
import { PanelMessage } from './panel-message.tsx';

export interface PanelMessageListProps {
  readonly panelId: string;
  readonly personas: readonly FFPersonaDTO[];
  onReply(message: FFPanelMessageDTO): void;
}

/** What has been said in a panel, and by whom. */
export function PanelMessageList({ panelId, personas, onReply }: PanelMessageListProps) {
  const { panelRoom } = useApp();
  const { messages } = useObservable(panelRoom.state).window;
  const personasById = new Map(personas.map((persona) => [persona.personaId, persona]));
  const messagesById = new Map(messages.map((message) => [message.messageId, message]));
  return (
    <ThreadMessages thread={panelRoom}>
      {(message) => (
        <PanelMessage
          panelId={panelId}
          message={message}
          persona={personasById.get(message.personaId)}
          answered={messagesById.get(message.responseTo ?? '')}
          onReply={() => onReply(message)}
        />
      )}
    </ThreadMessages>
  );
}
