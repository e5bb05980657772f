import type { FFMessageDTO } from 'flatfile-chat';
import type { ChatStore } from '../state/chat-store.ts';
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

export interface ThreadState<S, M extends FFMessageDTO> {
  readonly id: string | null;
  /** What the messages belong to; `null` until it has been read. */
  readonly subject: S | null;
  readonly window: MessageWindow<M>;
  /** A message to show and to point out. A new object for every time that it was asked for. */
  readonly target: { readonly messageId: string } | null;
  /** The message sent last from here: whoever sends one wants to see it. */
  readonly sent: { readonly messageId: string } | null;
}

/** What became of {@link Thread.open}. */
export type OpenOutcome = 'opened' | 'gone' | 'no-message' | 'superseded';

/** The conversation or panel that is open, with the stretch of its messages that is on the page. */
export interface Thread<S, M extends FFMessageDTO> {
  readonly state: Observable<ThreadState<S, M>>;
  open(id: string, messageId?: string): Promise<OpenOutcome>;
  leave(): void;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  showLatest(): Promise<void>;
}

/** For the one who writes to it. */
export interface OwnedThread<S, M extends FFMessageDTO> extends Thread<S, M> {
  refresh(): Promise<void>;
  /**
   * Has a message written under a new id, shows it, and gives that id. `said` holds what was said and
   * by whom: the same again after a failure is the same message.
   */
  send(id: string, said: string, write: (messageId: string) => Promise<unknown>): Promise<string>;
}

export interface ThreadSource<S, M extends FFMessageDTO> {
  read(id: string): Promise<S | null>;
  readerOf(id: string): ReadMessages<M>;
}

export interface ThreadListeners {
  onSent(id: string): void;
  onError(error: unknown): void;
}

export function createThread<S extends { readonly messageCount: number }, M extends FFMessageDTO>(
  store: ChatStore,
  { read, readerOf }: ThreadSource<S, M>,
  { onSent, onError }: ThreadListeners,
): OwnedThread<S, M> {
  const closed: ThreadState<S, M> = {
    id: null,
    subject: null,
    window: EMPTY_WINDOW,
    target: null,
    sent: null,
  };
  const state = createObservable(closed);
  /** Whatever replaces the window takes its turn, so that no page is based on an outdated one. */
  const inTurn = createQueue();

  /** A message whose write failed without saying whether it took place. */
  let unsent: { id: string; said: string; messageId: string } | undefined;

  /** Applies what was read, unless another one has been opened meanwhile. */
  const change = (id: string, changes: Partial<ThreadState<S, M>>): boolean => {
    if (state.value.id !== id) return false;
    state.update((current) => ({ ...current, ...changes }));
    return true;
  };

  const page = (
    load: (from: ReadMessages<M>, window: MessageWindow<M>) => Promise<MessageWindow<M>>,
  ): Promise<void> =>
    inTurn(async () => {
      const { id, subject, window } = state.value;
      if (id === null || subject === null) return;
      change(id, { window: await load(readerOf(id), window) });
    });

  const showLatest = (): Promise<void> => page((from) => loadLatest(from));

  const refresh = createCoalesced(() =>
    inTurn(async () => {
      const { id, subject, window } = state.value;
      if (id === null || subject === null) return;
      const now = await read(id);
      if (now === null) return;
      const added = now.messageCount - subject.messageCount;
      change(id, { subject: now, window: await reload(readerOf(id), window, added) });
    }),
  );
  store.onChange(() => void refresh().catch(onError));

  const open = async (id: string, messageId?: string): Promise<OpenOutcome> => {
    if (state.value.id !== id) return 'superseded';
    const subject = await read(id);
    if (subject === null) return change(id, closed) ? 'gone' : 'superseded';

    const from = readerOf(id);
    const { subject: shown, window } = state.value;
    // One that was open already may have changed while nobody followed it.
    const current =
      shown === null ? null : await reload(from, window, subject.messageCount - shown.messageCount);
    const isOnPage = current?.messages.some((message) => message.messageId === messageId) ?? false;
    const around = messageId === undefined || isOnPage ? null : await loadAround(from, messageId);
    const isFound = messageId !== undefined && (isOnPage || around !== null);

    const opened = change(id, {
      subject,
      window: around ?? current ?? (await loadLatest(from)),
      target: isFound ? { messageId } : null,
    });
    if (!opened) return 'superseded';
    return messageId === undefined || isFound ? 'opened' : 'no-message';
  };

  return {
    state,
    refresh,
    showLatest,
    loadOlder: () => page(loadOlder),
    loadNewer: () => page(loadNewer),

    open(id, messageId) {
      if (state.value.id !== id) state.set({ ...closed, id });
      return inTurn(() => open(id, messageId));
    },
    leave: () => state.set(closed),

    async send(id, said, write) {
      // Sent again under the same id, a message that had arrived after all is not doubled.
      const attempt =
        unsent?.id === id && unsent.said === said
          ? unsent
          : { id, said, messageId: crypto.randomUUID() };
      unsent = attempt;
      const { messageId } = attempt;
      await write(messageId);
      unsent = undefined;
      await (state.value.window.newer > 0 ? showLatest() : refresh());
      change(id, { sent: { messageId } });
      onSent(id);
      return messageId;
    },
  };
}
