import type { FFMessageDTO, FFSessionDTO, FFStorageManager } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import type { Thread } from './thread.ts';

/** The text so far of messages that are being written, by their ids. */
export type GrowingTexts = ReadonlyMap<string, string>;

export interface LiveListeners {
  /** A message of the conversation has begun to grow. */
  onGrowing(message: FFMessageDTO): void;
  /** A message is complete, stopped or interrupted, whoever wrote it. */
  onMessage(message: FFMessageDTO): void;
  /** The conversation has been deleted. */
  onGone(sessionId: string): void;
  onError(error: unknown): void;
}

/** The conversation that is followed, until it is left or cannot be followed any more. */
interface Following {
  readonly sessionId: string;
  readonly ending: AbortController;
  /** The messages that are followed as they grow. */
  readonly growing: Set<string>;
}

/**
 * Keeps the conversation that is open as it is in the store, whichever tab writes to it. What has come
 * is read anew and not put together from what was heard, so that nothing can be there twice or amiss;
 * only the text of a growing message is taken as it comes.
 */
export function followConversation(
  store: ChatStore,
  thread: Thread<FFSessionDTO, FFMessageDTO>,
  { onGrowing, onMessage, onGone, onError }: LiveListeners,
): Observable<GrowingTexts> {
  const texts = createObservable<GrowingTexts>(new Map());
  let following: Following | undefined;

  const stop = (): void => {
    following?.ending.abort();
    following = undefined;
    texts.set(new Map());
  };

  /** Reads on until it is over; a failure ends the following, and the next change begins it again. */
  const run = async (
    current: Following,
    task: (storage: FFStorageManager) => Promise<void>,
  ): Promise<void> => {
    try {
      await store.read(task);
    } catch (error) {
      if (following !== current) return;
      stop();
      onError(error);
    }
  };

  const isShown = ({ messageId, status }: FFMessageDTO): boolean =>
    thread.state.value.window.messages.some(
      (shown) => shown.messageId === messageId && shown.status === status,
    );

  const followMessages = (current: Following): Promise<void> =>
    run(current, async (storage) => {
      const { sessionId, ending } = current;
      for await (const batch of storage.streamMessages(USER_ID, sessionId, {
        signal: ending.signal,
      })) {
        if (!batch.every(isShown)) store.announceChange();
        batch.forEach(onMessage);
      }
      if (following !== current) return;
      stop();
      if ((await storage.getSession(USER_ID, sessionId)) === null) onGone(sessionId);
      // Another one has been restored in its place.
      else store.announceChange();
    });

  const followGrowth = (current: Following, messageId: string): Promise<void> =>
    run(current, async (storage) => {
      const { sessionId, ending } = current;
      for await (const { content, done } of storage.followMessage(USER_ID, sessionId, messageId, {
        signal: ending.signal,
      })) {
        if (!done) texts.update((all) => new Map(all).set(messageId, content));
      }
      if (following !== current) return;
      // It may have ended by being deleted, of which the stream of messages does not tell.
      store.announceChange();
    });

  const update = (): void => {
    const { id, window } = thread.state.value;
    const sessionId = store.phase.value.kind === 'ready' ? id : null;
    if (following !== undefined && following.sessionId !== sessionId) stop();
    if (sessionId === null) return;
    if (following === undefined) {
      // Called at once, and so before anything is read: what comes after the reading is not missed.
      following = { sessionId, ending: new AbortController(), growing: new Set() };
      void followMessages(following);
    }
    const growing = window.messages.filter(({ status }) => status === 'streaming');
    if ([...texts.value.keys()].some((known) => !growing.some(hasId(known)))) {
      texts.update((all) => new Map([...all].filter(([known]) => growing.some(hasId(known)))));
    }
    for (const message of growing) {
      const { messageId } = message;
      if (following.growing.has(messageId)) continue;
      following.growing.add(messageId);
      void followGrowth(following, messageId);
      onGrowing(message);
    }
  };

  store.phase.subscribe(update);
  thread.state.subscribe(update);
  store.onChange(update);
  return texts;
}

function hasId(messageId: string): (message: FFMessageDTO) => boolean {
  return (message) => message.messageId === messageId;
}
