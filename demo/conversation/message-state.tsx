import type { FFMessageDTO } from 'flatfile-chat';
import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { Icon } from '../ui/icon.tsx';

/** Says of a message that it is not complete, or never will be. */
export function MessageState({
  message: { messageId, status },
}: {
  readonly message: FFMessageDTO;
}) {
  switch (status) {
    case 'streaming':
      return <Writing messageId={messageId} />;
    case 'aborted':
      return <p class="message-state">Stopped before its end</p>;
    case 'interrupted':
      return <p class="message-state">Interrupted: the tab that wrote it is gone</p>;
    default:
      return null;
  }
}

function Writing({ messageId }: { readonly messageId: string }) {
  const { conversation, notices } = useApp();
  const isOwn = useObservable(conversation.writing).has(messageId);
  if (!isOwn) return <p class="message-state">Being written in another tab…</p>;
  return (
    <p class="message-state">
      Being written…
      <button
        type="button"
        class="stop-button"
        onClick={(event) => {
          // The button goes with what it stops, and the focus would be lost with it.
          event.currentTarget.closest<HTMLElement>('[data-message-id]')?.focus();
          void conversation.stop(messageId).catch(notices.showError);
        }}
      >
        <Icon name="stop" />
        Stop
      </button>
    </p>
  );
}
