import type { FFMessageDTO } from 'flatfile-chat';
import { useApp } from '../app/app-context.ts';
import { MessageView } from './message-view.tsx';
import { ThreadMessages } from './thread-messages.tsx';

const CONTINUED_WITHIN_MS = 5 * 60_000;

/** What has been said in a conversation. */
export function MessageList() {
  const { conversation } = useApp();
  return (
    <ThreadMessages thread={conversation}>
      {(message, before) => (
        <MessageView message={message} isContinued={isContinued(before, message)} />
      )}
    </ThreadMessages>
  );
}

function isContinued(before: FFMessageDTO | undefined, message: FFMessageDTO): boolean {
  if (before === undefined) return false;
  const gapMs = Date.parse(message.timestamp) - Date.parse(before.timestamp);
  return (
    before.role === message.role && before.name === message.name && gapMs < CONTINUED_WITHIN_MS
  );
}
