import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { EmptyConversation, NoConversation } from './empty-conversation.tsx';
import { MessageList } from './message-list.tsx';

/** The conversation on the right, with its title above and the composer below. */
export function ConversationPane() {
  const { conversation } = useApp();
  const { sessionId, session, window, answering, target, sent } = useObservable(conversation.state);

  const isEmpty = session?.messageCount === 0 && window.messages.length === 0;

  return (
    <section class="conversation" aria-label={session?.title ?? 'Conversation'}>
      <ConversationHeader session={session} />
      {sessionId === null && <NoConversation />}
      {isEmpty && !answering && <EmptyConversation />}
      {session !== null && (!isEmpty || answering) && (
        <MessageList
          key={session.sessionId}
          window={window}
          answering={answering}
          target={target}
          sent={sent}
        />
      )}
      {sessionId !== null && session === null && <div class="messages" aria-busy="true" />}
      <Composer sessionId={session?.sessionId ?? null} isEmpty={isEmpty} />
    </section>
  );
}
