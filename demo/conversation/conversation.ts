import type { FFMessageDTO, FFSessionDTO } from 'flatfile-chat';
import { answerFromHistory } from '../recall/answer-from-history.ts';
import { UNTITLED } from '../sessions/session-list.ts';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import { createQueue } from '../state/queue.ts';
import {
  EMPTY_WINDOW,
  loadAround,
  loadLatest,
  loadNewer,
  loadOlder,
  reload,
  type MessageWindow,
  type ReadMessages,
} from './message-window.ts';
import { titleFrom } from './title-from.ts';

export interface ConversationState {
  readonly sessionId: string | null;
  /** `null` until it has been read. */
  readonly session: FFSessionDTO | null;
  readonly window: MessageWindow;
  /** Whether an answer to the last message is being looked up. */
  readonly answering: boolean;
  /** A message to show and to point out. A new object for every time that it was asked for. */
  readonly target: { readonly messageId: string } | null;
  /** The message sent last from here: whoever sends one wants to see it. */
  readonly sent: { readonly messageId: string } | null;
}

/** What became of {@link Conversation.open}. */
export type OpenOutcome = 'opened' | 'no-session' | 'no-message' | 'superseded';

/** The conversation on the right. */
export interface Conversation {
  readonly state: Observable<ConversationState>;
  open(sessionId: string, messageId?: string): Promise<OpenOutcome>;
  leave(): void;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  showLatest(): Promise<void>;
  /** Resolves when the message is stored and shown; the answer to it follows by itself. */
  send(text: string): Promise<void>;
  edit(messageId: string, text: string): Promise<void>;
  remove(messageId: string): Promise<void>;
}

export interface ConversationListeners {
  onSent(sessionId: string): void;
  onAnswer(answer: FFMessageDTO): void;
  onError(error: unknown): void;
}

const CLOSED: ConversationState = {
  sessionId: null,
  session: null,
  window: EMPTY_WINDOW,
  answering: false,
  target: null,
  sent: null,
};

export function createConversation(
  store: ChatStore,
  { onSent, onAnswer, onError }: ConversationListeners,
): Conversation {
  const state = createObservable(CLOSED);
  /** Whatever replaces the window takes its turn, so that no page is based on an outdated one. */
  const inTurn = createQueue();

  /** A message whose write failed without saying whether it took place. */
  let unsent: { sessionId: string; text: string; messageId: string } | undefined;

  const readerOf =
    (sessionId: string): ReadMessages =>
    (options) =>
      store.read((storage) => storage.getMessages(USER_ID, sessionId, options));

  const readSession = (sessionId: string): Promise<FFSessionDTO | null> =>
    store.read((storage) => storage.getSession(USER_ID, sessionId));

  /** Applies what was read, unless another conversation has been opened meanwhile. */
  const change = (sessionId: string, changes: Partial<ConversationState>): boolean => {
    if (state.value.sessionId !== sessionId) return false;
    state.update((current) => ({ ...current, ...changes }));
    return true;
  };

  const page = (
    load: (read: ReadMessages, window: MessageWindow) => Promise<MessageWindow>,
  ): Promise<void> =>
    inTurn(async () => {
      const { sessionId, session, window } = state.value;
      if (sessionId === null || session === null) return;
      change(sessionId, { window: await load(readerOf(sessionId), window) });
    });

  const refresh = createCoalesced(() =>
    inTurn(async () => {
      const { sessionId, session, window } = state.value;
      if (sessionId === null || session === null) return;
      const now = await readSession(sessionId);
      if (now === null) return;
      const added = now.messageCount - session.messageCount;
      change(sessionId, {
        session: now,
        window: await reload(readerOf(sessionId), window, added),
      });
    }),
  );
  store.onChange(() => void refresh().catch(onError));

  const open = async (sessionId: string, messageId?: string): Promise<OpenOutcome> => {
    if (state.value.sessionId !== sessionId) return 'superseded';
    const session = await readSession(sessionId);
    if (session === null) {
      return change(sessionId, CLOSED) ? 'no-session' : 'superseded';
    }

    const { session: shown, window } = state.value;
    const isOnPage = window.messages.some((message) => message.messageId === messageId);
    const around =
      messageId === undefined || isOnPage ? null : await loadAround(readerOf(sessionId), messageId);
    const isFound = messageId !== undefined && (isOnPage || around !== null);

    const opened = change(sessionId, {
      session,
      window: around ?? (shown === null ? await loadLatest(readerOf(sessionId)) : window),
      target: isFound ? { messageId } : null,
    });
    if (!opened) return 'superseded';
    return messageId === undefined || isFound ? 'opened' : 'no-message';
  };

  const answer = async (sessionId: string, questionId: string): Promise<void> => {
    change(sessionId, { answering: true });
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
      change(sessionId, { answering: false });
    }
  };

  return {
    state,

    open(sessionId, messageId) {
      if (state.value.sessionId !== sessionId) state.set({ ...CLOSED, sessionId });
      return inTurn(() => open(sessionId, messageId));
    },
    leave: () => state.set(CLOSED),

    loadOlder: () => page(loadOlder),
    loadNewer: () => page(loadNewer),
    showLatest: () => page((read) => loadLatest(read)),

    async send(text) {
      const { sessionId, session } = state.value;
      if (sessionId === null || session === null) return;
      // Sent again under the same id, a message that had arrived after all is not doubled.
      const attempt =
        unsent?.sessionId === sessionId && unsent.text === text
          ? unsent
          : { sessionId, text, messageId: crypto.randomUUID() };
      unsent = attempt;
      const { messageId } = attempt;
      await store.write(async (storage) => {
        await storage.addMessage(USER_ID, sessionId, { messageId, role: 'user', content: text });
        if (session.title === UNTITLED && session.messageCount === 0) {
          await storage.updateSession(USER_ID, sessionId, { title: titleFrom(text) });
        }
      });
      unsent = undefined;
      await (state.value.window.newer > 0 ? page((read) => loadLatest(read)) : refresh());
      change(sessionId, { sent: { messageId } });
      onSent(sessionId);
      void answer(sessionId, messageId).catch(onError);
    },

    async edit(messageId, text) {
      const { sessionId } = state.value;
      if (sessionId === null) return;
      await store.write((storage) =>
        storage.updateMessage(USER_ID, sessionId, messageId, {
          content: text,
          metadata: { editedAt: new Date().toISOString() },
        }),
      );
      await refresh();
    },

    async remove(messageId) {
      const { sessionId } = state.value;
      if (sessionId === null) return;
      await store.write((storage) => storage.deleteMessage(USER_ID, sessionId, messageId));
      await refresh();
    },
  };
}
