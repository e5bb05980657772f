import { useApp } from '../app/app-context.ts';
import { ConversationDocuments } from '../documents/conversation-documents.tsx';
import { DropZone } from '../documents/drop-zone.tsx';
import { useObservable } from '../state/use-observable.ts';
import { Composer } from './composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { EmptyConversation, NoConversation } from './empty-conversation.tsx';
import { MessageList } from './message-list.tsx';

/** The conversation on the right, with its title above and the composer below. */
export function ConversationPane() {
  const { conversation, documents } = useApp();
  const { id: sessionId, subject: session, window } = useObservable(conversation.state);
  const isEmpty = session?.messageCount === 0 && window.messages.length === 0;

  return (
    <DropZone
      invitation={session === null ? undefined : `Add to “${session.title}”`}
      onDrop={(dropped) => {
        if (session !== null) void documents.add(session.sessionId, dropped);
      }}
    >
      <section class="conversation" aria-label={session?.title ?? 'Conversation'}>
        <div>
          <ConversationHeader session={session} />
          {session !== null && <ConversationDocuments sessionId={session.sessionId} />}
        </div>
        {sessionId === null && <NoConversation />}
        {isEmpty && <EmptyConversation />}
        {session !== null && !isEmpty && <MessageList key={session.sessionId} />}
        {sessionId !== null && session === null && <div class="messages" aria-busy="true" />}
        <Composer
          key={session?.sessionId}
          sessionId={session?.sessionId ?? null}
          isEmpty={isEmpty}
        />
      </section>
    </DropZone>
  );
}
