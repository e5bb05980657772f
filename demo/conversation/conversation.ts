import type { FFMessageDTO, FFSessionDTO } from 'flatfile-chat';
import { createReplies, type Replies } from '../recall/replies.ts';
import { UNTITLED } from '../sessions/session-list.ts';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import type { Observable } from '../state/observable.ts';
import { followConversation, type GrowingTexts, type LiveListeners } from './live-messages.ts';
import { createThread, type Thread, type ThreadListeners } from './thread.ts';
import { titleFrom } from './title-from.ts';

/** The conversation on the right. */
export interface Conversation extends Thread<FFSessionDTO, FFMessageDTO> {
  /** The text so far of those of its messages that are being written, in whichever tab. */
  readonly growing: Observable<GrowingTexts>;
  /** The replies that this tab is writing, in whichever conversation. */
  readonly writing: Replies['writing'];
  /** Resolves when the message is stored and shown; the answer to it follows by itself. */
  send(text: string): Promise<void>;
  edit(messageId: string, text: string): Promise<void>;
  remove(messageId: string): Promise<void>;
  /** Ends a reply that this tab is writing. */
  stop(messageId: string): Promise<void>;
}

export interface ConversationOptions extends ThreadListeners, LiveListeners {
  /** Milliseconds that the answerer takes for each word. */
  readonly paceMs: number;
}

export function createConversation(store: ChatStore, options: ConversationOptions): Conversation {
  const thread = createThread<FFSessionDTO, FFMessageDTO>(
    store,
    {
      read: (sessionId) => store.read((storage) => storage.getSession(USER_ID, sessionId)),
      readerOf: (sessionId) => (page) =>
        store.read((storage) => storage.getMessages(USER_ID, sessionId, page)),
    },
    options,
  );
  const { state, refresh } = thread;
  const growing = followConversation(store, thread, options);
  const { writing, ask, stop } = createReplies(store, options);

  const entitle = async (sessionId: string, firstMessage: string): Promise<void> => {
    await store.write((storage) =>
      storage.updateSession(USER_ID, sessionId, { title: titleFrom(firstMessage) }),
    );
  };

  return {
    ...thread,
    growing,
    writing,
    stop,

    async send(text) {
      const { id, subject: session } = state.value;
      if (id === null || session === null) return;
      await thread.send(id, text, (messageId) => ask(id, { messageId, content: text }));
      if (session.title !== UNTITLED || session.messageCount > 0) return;
      // What was said is stored, whatever becomes of the title.
      await entitle(id, text).catch(options.onError);
    },

    async edit(messageId, text) {
      const { id } = state.value;
      if (id === null) return;
      await store.write((storage) =>
        storage.updateMessage(USER_ID, id, messageId, {
          content: text,
          metadata: { editedAt: new Date().toISOString() },
        }),
      );
      await refresh();
    },

    async remove(messageId) {
      const { id } = state.value;
      if (id === null) return;
      await store.write((storage) => storage.deleteMessage(USER_ID, id, messageId));
      await stop(messageId);
      await refresh();
    },
  };
}
