import type { FFSearchConfig } from '../../src/shared/config.ts';
import type { Logger } from '../logger.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { Follower } from './follower.ts';
import { panelKey } from './keys.ts';
import type { CreateTextIndex, IndexHit, IndexQuery } from './text-index.ts';
import { UserIndex } from './user-index.ts';

/** How long after a change, or after a user's first call, the index is brought up to date unasked. */
const BACKGROUND_DELAY_MS = 150;

/** How the indexes of all users are doing. */
export interface IndexStatus {
  /** Messages and chunks of documents that are indexed. */
  readonly entries: number;
  /** Sessions, panels and documents the newest changes of which may not be indexed yet. */
  readonly pendingSessions: number;
}

/**
 * Keeps a text index for each user: of the user's messages and documents, and of what is theirs in
 * panels. It follows the logs like any reader: it is told that a session has changed, reads on from
 * where it was, and so never stands between a write and its durability. A search first lets it catch
 * up, so that every resolved write is found.
 */
export class Indexer {
  readonly #store: Store;
  readonly #config: FFSearchConfig;
  readonly #createIndex: CreateTextIndex;
  readonly #logger: Logger;
  readonly #follower: Follower;
  readonly #indexByUser = new Map<string, UserIndex>();
  #isClosed = false;

  /** @param config read by each search: it may change, see {@link reconfigure} */
  constructor(store: Store, config: FFSearchConfig, createIndex: CreateTextIndex, logger: Logger) {
    this.#store = store;
    this.#config = config;
    this.#createIndex = createIndex;
    this.#logger = logger;
    this.#follower = new Follower(store, logger);
  }

  // ── What has happened ────────────────────────────────────────────────────────────────────────
  // To be called once it is durable.

  /** Starts to index what a user has, a moment from now. Nothing is indexed for the shared space. */
  userOpened(userId: string, sessionIds: readonly string[]): void {
    if (userId === SHARED_SPACE || this.#indexByUser.has(userId)) return;
    const { behind } = this.#begin(userId);
    for (const sessionId of sessionIds) behind.add(sessionId);
  }

  sessionChanged(userId: string, sessionId: string): void {
    this.#note(userId, ({ behind }) => behind.add(sessionId));
  }

  forgetSession(userId: string, sessionId: string): void {
    this.#note(userId, (user) => user.forget(sessionId));
  }

  /** A panel has got a message, or one of its personas is another one than before, or gone. */
  panelChanged(panelId: string): void {
    this.#noteAll(({ behind }) => behind.add(panelKey(panelId)));
  }

  forgetPanel(panelId: string): void {
    this.#noteAll((user) => user.forget(panelKey(panelId)));
  }

  /** The text of a document can be read, for the first time or anew. */
  documentReady(userId: string, documentId: string): void {
    this.#note(userId, ({ documentsBehind }) => documentsBehind.add(documentId));
  }

  documentRemoved(userId: string, _sessionId: string, documentId: string): void {
    // What there is of it now is looked up in any case.
    this.documentReady(userId, documentId);
  }

  /** The records of a session, or of a panel in the shared space, lie in other places than before. */
  logRewritten(spaceId: string, sessionId: string): void {
    if (spaceId === SHARED_SPACE) this.panelChanged(sessionId);
    else this.sessionChanged(spaceId, sessionId);
  }

  /** All of a space is another one than before. */
  spaceReplaced(spaceId: string): void {
    if (spaceId === SHARED_SPACE) this.#noteAll((user) => user.forgetPanels());
    else this.forgetUser(spaceId);
  }

  /** Drops a user's index; the next opening or search begins another one. */
  forgetUser(userId: string): void {
    this.#indexByUser.get(userId)?.stop();
    this.#indexByUser.delete(userId);
  }

  /** The configuration has changed. What needs another index gets one, a moment from now. */
  reconfigure(): void {
    for (const { userId, language } of [...this.#indexByUser.values()]) {
      if (language !== this.#config.language) this.#begin(userId);
    }
  }

  // ── What can be asked for ────────────────────────────────────────────────────────────────────

  /** Searches everything that was durable when it was called; finds nothing when there is no such user. */
  async search(userId: string, query: IndexQuery): Promise<IndexHit[]> {
    for (;;) {
      const user = this.#indexByUser.get(userId) ?? (await this.#open(userId));
      if (user === undefined) return [];
      await this.#catchUp(user);
      const hits = await user.enqueue(() => user.text.search(query));
      // One that was replaced meanwhile was left as far as it had come.
      if (!user.isStopped || this.#isClosed) return hits;
    }
  }

  /** Makes the index of a user, or of all who have one, anew; resolves when it is complete. */
  async rebuild(userId?: string): Promise<void> {
    const userIds = userId === undefined ? [...this.#indexByUser.keys()] : [userId];
    const users = userIds.filter((id) => this.#indexByUser.has(id)).map((id) => this.#begin(id));
    for (const user of users) await this.#catchUp(user);
  }

  /** Resolves when everything that is durable by now is indexed. */
  async whenIdle(): Promise<void> {
    for (const user of [...this.#indexByUser.values()]) await this.#catchUp(user);
  }

  status(): IndexStatus {
    let [entries, pendingSessions] = [0, 0];
    for (const { text, pending } of this.#indexByUser.values()) {
      entries += text.size;
      pendingSessions += pending;
    }
    return { entries, pendingSessions };
  }

  /** Stops working unasked, and waits for the slice that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const users = [...this.#indexByUser.values()];
    for (const user of users) user.stop();
    await Promise.all(users.map((user) => user.idle()));
  }

  // ── How it is done ───────────────────────────────────────────────────────────────────────────

  /** Begins an index, in the place of the one that there may be. */
  #begin(userId: string): UserIndex {
    this.forgetUser(userId);
    const user = new UserIndex(userId, this.#createIndex(this.#config), this.#config.language);
    this.#indexByUser.set(userId, user);
    if (this.#isClosed) user.stop();
    this.#catchUpLater(user);
    return user;
  }

  /** Begins the index of a user who exists but was not opened, or was replaced. */
  #open(userId: string): Promise<UserIndex | undefined> {
    return this.#store.background(userId, async () => {
      const catalog = await this.#store.user(userId);
      // An opening of the catalog has told of itself already.
      if (catalog !== null) this.userOpened(userId, []);
      return this.#indexByUser.get(userId);
    });
  }

  #note(userId: string, note: (user: UserIndex) => void): void {
    const user = this.#indexByUser.get(userId);
    if (user === undefined) return;
    note(user);
    this.#catchUpLater(user);
  }

  #noteAll(note: (user: UserIndex) => void): void {
    for (const userId of this.#indexByUser.keys()) this.#note(userId, note);
  }

  #catchUpLater(user: UserIndex): void {
    if (user.timer !== undefined || user.isStopped) return;
    user.timer = setTimeout(() => {
      delete user.timer;
      this.#catchUp(user).catch((error: unknown) =>
        this.#logger.warn(
          `The text index of ${user.userId} could not be brought up to date`,
          error,
        ),
      );
    }, BACKGROUND_DELAY_MS);
  }

  #catchUp(user: UserIndex): Promise<void> {
    return user.enqueue(() => this.#follower.catchUp(user));
  }
}
