import type { FFSearchConfig } from '../../src/shared/config.ts';
import type { Logger } from '../logger.ts';
import { messageIdOf, type MessageRecord } from '../store/message-record.ts';
import { nextTask } from '../store/next-task.ts';
import type { Store } from '../store/store.ts';
import type { CreateTextIndex, IndexHit, IndexQuery, TextIndex } from './text-index.ts';

/** The work that indexing does before it lets others have the thread. */
const SLICE_BYTES = 32_768;

/** How long after a change, or after a user's first call, the index is brought up to date unasked. */
const BACKGROUND_DELAY_MS = 150;

interface UserIndex {
  readonly index: TextIndex;
  /** Up to which offset each session's log is indexed. */
  readonly indexedBySession: Map<string, number>;
  /** Sessions whose log may have grown since. */
  readonly behind: Set<string>;
  /** Everything that touches the index, one thing after another; it never rejects. */
  work: Promise<unknown>;
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * Keeps a text index beside each user's logs. It follows them like any reader: it is told that a
 * session has changed, reads on from where it was, and so never stands between a write and its
 * durability. A search first lets it catch up, so that every resolved write is found.
 */
export class Indexer {
  readonly #store: Store;
  readonly #config: FFSearchConfig;
  readonly #createIndex: CreateTextIndex;
  readonly #logger: Logger;
  readonly #indexByUser = new Map<string, UserIndex>();
  #closed = false;

  constructor(store: Store, config: FFSearchConfig, createIndex: CreateTextIndex, logger: Logger) {
    this.#store = store;
    this.#config = config;
    this.#createIndex = createIndex;
    this.#logger = logger;
  }

  /** Starts to index what a user has, a moment from now. */
  userOpened(userId: string, sessionIds: readonly string[]): void {
    if (this.#indexByUser.has(userId)) return;
    this.#indexByUser.set(userId, {
      index: this.#createIndex(this.#config),
      indexedBySession: new Map(),
      behind: new Set(sessionIds),
      work: Promise.resolve(),
    });
    this.#catchUpLater(userId);
  }

  /** To be called once a change is durable. */
  sessionChanged(userId: string, sessionId: string): void {
    this.#indexByUser.get(userId)?.behind.add(sessionId);
    this.#catchUpLater(userId);
  }

  forgetSession(userId: string, sessionId: string): void {
    const user = this.#indexByUser.get(userId);
    if (user === undefined) return;
    user.behind.delete(sessionId);
    user.indexedBySession.delete(sessionId);
    void this.#enqueue(user, () => user.index.removeSession(sessionId)).catch((error: unknown) =>
      this.#logger.warn(`Session ${sessionId} could not be taken out of the index`, error),
    );
  }

  forgetUser(userId: string): void {
    clearTimeout(this.#indexByUser.get(userId)?.timer);
    this.#indexByUser.delete(userId);
  }

  /** Searches everything that was durable when it was called. */
  async search(userId: string, query: IndexQuery): Promise<IndexHit[]> {
    const user = this.#indexByUser.get(userId);
    if (user === undefined) return [];
    await this.#catchUp(userId, user);
    return this.#enqueue(user, () => user.index.search(query));
  }

  /** Resolves when everything that is durable by now is indexed. */
  async whenIdle(): Promise<void> {
    for (const [userId, user] of this.#indexByUser) await this.#catchUp(userId, user);
  }

  /** Stops working unasked, and waits for the slice that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const user of this.#indexByUser.values()) clearTimeout(user.timer);
    await Promise.all([...this.#indexByUser.values()].map(({ work }) => work));
  }

  #catchUpLater(userId: string): void {
    const user = this.#indexByUser.get(userId);
    if (user === undefined || user.timer !== undefined || this.#closed) return;
    user.timer = setTimeout(() => {
      delete user.timer;
      this.#catchUp(userId, user).catch((error: unknown) =>
        this.#logger.warn(`The text index of ${userId} could not be brought up to date`, error),
      );
    }, BACKGROUND_DELAY_MS);
  }

  #catchUp(userId: string, user: UserIndex): Promise<void> {
    return this.#enqueue(user, async () => {
      const sessionIds = [...user.behind];
      for (const sessionId of sessionIds) await this.#followSession(userId, user, sessionId);
    });
  }

  async #followSession(userId: string, user: UserIndex, sessionId: string): Promise<void> {
    // Removed first: what changes from here on must put it back.
    user.behind.delete(sessionId);
    try {
      while (!this.#closed) {
        const from = user.indexedBySession.get(sessionId) ?? 0;
        const slice = await this.#readSlice(userId, sessionId, from);
        if (slice === null || slice.next === from) return;
        for (const record of slice.records) await applyRecord(user.index, sessionId, record);
        user.indexedBySession.set(sessionId, slice.next);
        await nextTask();
      }
    } catch (error) {
      user.behind.add(sessionId);
      throw error;
    }
  }

  /** The next records of a session's log; `null` when the session is gone. */
  #readSlice(userId: string, sessionId: string, from: number) {
    return this.#store.background(userId, async () => {
      const catalog = await this.#store.user(userId);
      if (catalog?.session(sessionId) === undefined) return null;
      const log = await this.#store.messages(userId, sessionId);
      return log.recordsFrom(from, SLICE_BYTES);
    });
  }

  #enqueue<T>(user: UserIndex, task: () => Promise<T>): Promise<T> {
    const result = user.work.then(task);
    user.work = result.catch(() => undefined);
    return result;
  }
}

async function applyRecord(
  index: TextIndex,
  sessionId: string,
  record: MessageRecord,
): Promise<void> {
  if (record.type === 'delete') {
    await index.remove(sessionId, messageIdOf(record));
    return;
  }
  const { messageId, content, name = '' } = record.message;
  await index.put({ sessionId, messageId, content, name });
}
