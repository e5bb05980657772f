import type { FFMessageDTO, FFSessionDTO } from 'flatfile-chat';
import { answerFromHistory } from '../recall/answer-from-history.ts';
import { UNTITLED } from '../sessions/session-list.ts';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import { createThread, type Thread, type ThreadListeners } from './thread.ts';
import { titleFrom } from './title-from.ts';

/** The conversation on the right. */
export interface Conversation extends Thread<FFSessionDTO, FFMessageDTO> {
  /** The conversation for whose last message an answer is being looked up. */
  readonly answeringId: Observable<string | null>;
  /** Resolves when the message is stored and shown; the answer to it follows by itself. */
  send(text: string): Promise<void>;
  edit(messageId: string, text: string): Promise<void>;
  remove(messageId: string): Promise<void>;
}

export interface ConversationListeners extends ThreadListeners {
  onAnswer(answer: FFMessageDTO): void;
}

export function createConversation(
  store: ChatStore,
  { onAnswer, ...listeners }: ConversationListeners,
): Conversation {
  const thread = createThread<FFSessionDTO, FFMessageDTO>(
    store,
    {
      read: (sessionId) => store.read((storage) => storage.getSession(USER_ID, sessionId)),
      readerOf: (sessionId) => (options) =>
        store.read((storage) => storage.getMessages(USER_ID, sessionId, options)),
    },
    listeners,
  );
  const { state, refresh } = thread;
  const answeringId = createObservable<string | null>(null);

  const answer = async (sessionId: string, questionId: string): Promise<void> => {
    answeringId.set(sessionId);
    try {
      const messageId = crypto.randomUUID();
      const stored = await store.write(async (storage) => {
        const question = await storage.getMessage(USER_ID, sessionId, questionId);
        if (question === null) return null;
        const reply = await answerFromHistory(storage, USER_ID, question);
        await storage.addMessage(USER_ID, sessionId, { ...reply, messageId });
        return storage.getMessage(USER_ID, sessionId, messageId);
      });
      await refresh();
      if (stored !== null) onAnswer(stored);
    } finally {
      answeringId.update((id) => (id === sessionId ? null : id));
    }
  };

  return {
    ...thread,
    answeringId,

    async send(text) {
      const { id, subject: session } = state.value;
      if (id === null || session === null) return;
      const messageId = await thread.send(id, text, (newId) =>
        store.write(async (storage) => {
          await storage.addMessage(USER_ID, id, { messageId: newId, role: 'user', content: text });
          if (session.title === UNTITLED && session.messageCount === 0) {
            await storage.updateSession(USER_ID, id, { title: titleFrom(text) });
          }
        }),
      );
      void answer(id, messageId).catch(listeners.onError);
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
      await refresh();
    },
  };
}
