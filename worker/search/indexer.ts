import type { FFSearchConfig } from '../../src/shared/config.ts';
import type { Logger } from '../logger.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { createAnalyzer } from './analysis/analyzer.ts';
import type { ParsedQuery } from './analysis/query.ts';
import type { Backlog } from './backlog/backlog.ts';
import { BacklogScanner } from './backlog/backlog-scanner.ts';
import { Follower } from './follower.ts';
import { EntryIndex } from './index/entry-index.ts';
import { IndexFiles, IndexStoppedError } from './index/index-files.ts';
import { IndexTimers } from './index-timers.ts';
import { panelIdOf, panelKey } from './keys.ts';
import { LogReader } from './log-reader.ts';
import { DamagedIndexError } from './segments/checked-file.ts';
import { TextReader } from './text-reader.ts';
import { UserIndex } from './user-index.ts';

/** How the indexes of all users are doing. */
export interface IndexStatus {
  /** Messages and chunks of documents that are indexed. */
  readonly entries: number;
  /** Sessions, panels and documents the newest changes of which may not be indexed yet. */
  readonly pendingSessions: number;
  readonly segments: number;
  /** Of all files. */
  readonly bytes: number;
}

/**
 * Keeps an index for each user: of the user's messages and documents, and of what is theirs in
 * panels. It follows the logs like any reader: it is told that a session has changed, reads on from
 * where it was, and so never stands between a write and its durability. A search first lets it catch
 * up, so that every resolved write is found.
 */
export class Indexer {
  /** Told when entries of a user were written to files, or an index was opened. */
  onCommitted: (user: UserIndex) => void = () => undefined;
  /** Told when nothing is to be done for an index any more. */
  onLeft: (user: UserIndex) => void = () => undefined;
  /** What is behind by more than this is looked through by a search, which does not wait for it. */
  maxBytesBehind = 2_097_152;
  readonly #store: Store;
  readonly #config: FFSearchConfig;
  readonly #logger: Logger;
  readonly #follower: Follower;
  readonly #scanner: BacklogScanner;
  readonly #userById = new Map<string, UserIndex>();
  readonly #timers = new IndexTimers();
  /** Indexes that were up to date once. */
  readonly #complete = new WeakSet<UserIndex>();
  #isClosed = false;

  /** @param config read by each search: it may change, see {@link reconfigure} */
  constructor(store: Store, config: FFSearchConfig, logger: Logger) {
    this.#store = store;
    this.#config = config;
    this.#logger = logger;
    const logs = new LogReader(store);
    const texts = new TextReader(store, logger);
    this.#follower = new Follower(store, logs, texts);
    this.#scanner = new BacklogScanner(store, logs, texts, config);
  }

  // ── What has happened ────────────────────────────────────────────────────────────────────────
  // To be called once it is durable.

  /** Opens the index of a user, and brings it up to date a moment from now. */
  userOpened(userId: string): void {
    // Nothing is indexed for the shared space.
    if (userId !== SHARED_SPACE && !this.#userById.has(userId)) this.#begin(userId);
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

  documentRemoved(userId: string, documentId: string): void {
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
    if (spaceId !== SHARED_SPACE) return;
    this.#noteAll((user) => {
      for (const key of user.openEntries?.places.keys() ?? []) {
        if (panelIdOf(key) !== undefined) user.forget(key);
      }
      user.unlisted.add('panels');
    });
  }

  /** Lets go of a user's files, which are about to go; the next opening begins another index. */
  async spaceLeaving(userId: string): Promise<void> {
    const user = this.#userById.get(userId);
    this.#userById.delete(userId);
    if (user !== undefined) await this.#leave(user);
  }

  /** A file of a user's index cannot be read: the index is made anew. */
  damageFound(user: UserIndex, error: DamagedIndexError): void {
    this.#recover(user, error);
  }

  /** The configuration has changed. What needs another index gets one, a moment from now. */
  reconfigure(): void {
    for (const { userId, language } of [...this.#userById.values()]) {
      if (language !== this.#config.language) this.#begin(userId);
    }
  }

  // ── What can be asked for ────────────────────────────────────────────────────────────────────

  /**
   * Asks the index of a user, and what is not in it yet: together they have everything that was
   * durable when it was called.
   *
   * @param query the words that are looked for in what is not indexed; nothing is when absent
   * @param ask may be called again; `null` from it: files went away in the meantime
   * @returns `null` when there is no such user
   */
  async ask<T>(
    userId: string,
    query: ParsedQuery | undefined,
    ask: (entries: EntryIndex, user: UserIndex, backlog: Backlog | undefined) => Promise<T | null>,
  ): Promise<T | null> {
    for (;;) {
      const user = this.#userById.get(userId) ?? (await this.#open(userId));
      if (user === undefined) return null;
      try {
        const backlog = await this.#backlogOf(user, query);
        const answer = await ask(await user.entries(), user, backlog);
        if (answer !== null) return answer;
      } catch (error) {
        if (!this.#recover(user, error)) throw error;
      }
      if (this.#isClosed) return null;
    }
  }

  /** Writes what is in memory to files, for a user or for all who have an index. */
  async commit(userId?: string): Promise<void> {
    for (const { userId: id } of this.#users(userId)) {
      for (;;) {
        // Another one than before, when that was damaged; none, when the user was deleted.
        const user = this.#userById.get(id);
        if (user === undefined || this.#isClosed) break;
        try {
          await this.#catchUp(user);
          await user.enqueue(() => this.#commit(user));
          if (!user.isStopped) break;
        } catch (error) {
          if (!this.#recover(user, error)) throw error;
        }
      }
    }
  }

  /** Makes the index of a user, or of all who have one, anew; resolves when it is complete. */
  async rebuild(userId?: string): Promise<void> {
    for (const before of this.#users(userId)) this.#begin(before.userId, { anew: true });
    await this.commit(userId);
  }

  /** The indexes that there are. */
  get users(): readonly UserIndex[] {
    return [...this.#userById.values()];
  }

  /** The index of a user, opened and with known sizes; `undefined` when there is no such user. */
  async opened(userId: string): Promise<UserIndex | undefined> {
    const user = this.#userById.get(userId);
    await user?.entries().catch(() => undefined);
    return user;
  }

  status(): IndexStatus {
    let [entries, pendingSessions, segments, bytes] = [0, 0, 0, 0];
    for (const { openEntries, pending, files } of this.#userById.values()) {
      entries += openEntries?.size ?? 0;
      segments += openEntries?.segments.length ?? 0;
      pendingSessions += pending;
      bytes += files.bytes;
    }
    return { entries, pendingSessions, segments, bytes };
  }

  /** Stops what is under way, and writes what is in memory, so that the next opening reads less. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const users = this.users;
    for (const user of users) this.#stop(user);
    for (const user of users) {
      await user.idle();
      // What it takes on the disk is counted, also when nobody has asked it anything.
      await user.entries().catch((error: unknown) => this.#warn(user, error));
      if (user.openEntries?.isDirty === true) {
        await user.openEntries.commit().catch((error: unknown) => this.#warn(user, error));
      }
    }
  }

  /** Lets go of all files, when nobody asks any more. */
  async release(): Promise<void> {
    for (const user of this.users) await user.files.stop();
  }

  // ── How it is done ───────────────────────────────────────────────────────────────────────────

  #users(userId: string | undefined): UserIndex[] {
    return this.users.filter((user) => userId === undefined || user.userId === userId);
  }

  /** Begins with what is on the disk, or anew, in the place of the index that there may be. */
  #begin(userId: string, { anew = false } = {}): UserIndex {
    const before = this.#userById.get(userId);
    const left = before === undefined ? Promise.resolve() : this.#leave(before);
    const { language } = this.#config;
    const files = new IndexFiles(this.#store, userId);
    let hasToClear = anew;
    const user = new UserIndex(userId, language, files, left, async () => {
      await left;
      if (hasToClear) await files.clear();
      hasToClear = false;
      const analyzer = await createAnalyzer(language);
      return EntryIndex.open(files, analyzer);
    });
    this.#userById.set(userId, user);
    if (this.#isClosed) this.#stop(user);
    this.#catchUpLater(user);
    return user;
  }

  #stop(user: UserIndex): void {
    user.stop();
    this.#timers.stop(user);
  }

  /** Resolves when nobody uses its files any more, nor those of the indexes before it. */
  async #leave(user: UserIndex): Promise<void> {
    this.#stop(user);
    await user.files.stop();
    await user.left;
    this.onLeft(user);
  }

  /** @returns whether it is worth another try */
  #recover(user: UserIndex, error: unknown): boolean {
    if (error instanceof IndexStoppedError || user.isStopped) return !this.#isClosed;
    if (!(error instanceof DamagedIndexError)) return false;
    this.#logger.warn(`The index of ${user.userId} is damaged and is made anew`, error);
    this.#begin(user.userId, { anew: true });
    return true;
  }

  /** Begins the index of a user who exists but was not opened, or was replaced. */
  #open(userId: string): Promise<UserIndex | undefined> {
    return this.#store.background(userId, async () => {
      const catalog = await this.#store.user(userId);
      // An opening of the catalog has told of itself already.
      if (catalog !== null) this.userOpened(userId);
      return this.#userById.get(userId);
    });
  }

  /**
   * What is not indexed, if that is much: looking through it is far quicker than indexing it, which
   * goes on meanwhile. Little is indexed first.
   */
  async #backlogOf(user: UserIndex, query: ParsedQuery | undefined): Promise<Backlog | undefined> {
    if (await this.#isFarBehind(user)) {
      this.#catchUpLater(user);
      if (query === undefined) return undefined;
      const backlog = await this.#scanner.scan(user, await user.entries(), query);
      if (backlog !== null) return backlog;
    }
    await this.#catchUp(user);
    return undefined;
  }

  async #isFarBehind(user: UserIndex): Promise<boolean> {
    const entries = await user.entries();
    if (user.unlisted.size > 0 || user.listing !== undefined) {
      if (user.listing !== undefined) await user.listing;
      else if (!user.isBusy) await user.enqueue(() => this.#follower.list(user));
      // It will be done by whatever is under way, nobody knows when.
      if (user.unlisted.size > 0) return false;
    }
    return (await this.#scanner.bytes(user, entries)) > this.maxBytesBehind;
  }

  #note(userId: string, note: (user: UserIndex) => void): void {
    const user = this.#userById.get(userId);
    if (user === undefined) return;
    note(user);
    this.#catchUpLater(user);
  }

  #noteAll(note: (user: UserIndex) => void): void {
    for (const userId of this.#userById.keys()) this.#note(userId, note);
  }

  #catchUpLater(user: UserIndex): void {
    this.#timers.catchUpLater(user, () => {
      this.#catchUp(user).catch((error: unknown) => this.#failed(user, error));
    });
  }

  #catchUp(user: UserIndex): Promise<void> {
    return user.enqueue(async () => {
      await this.#follower.catchUp(user, () => this.#commitWhenFull(user));
      if (!this.#complete.has(user)) this.#timers.later(user, () => this.onCommitted(user));
      this.#complete.add(user);
      this.#commitLater(user);
    });
  }

  #commitLater(user: UserIndex): void {
    if (user.openEntries?.isDirty !== true) return;
    this.#timers.commitLater(user, () => {
      user.enqueue(() => this.#commit(user)).catch((error: unknown) => this.#failed(user, error));
    });
  }

  async #commitWhenFull(user: UserIndex): Promise<void> {
    if (user.openEntries?.isFull !== true || this.#timers.isResting(user)) return;
    await this.#commit(user);
  }

  /** Only inside of {@link UserIndex.enqueue}. A failure is no reason to stop indexing. */
  async #commit(user: UserIndex): Promise<void> {
    if (user.isStopped || user.openEntries?.isDirty !== true) return;
    try {
      await user.openEntries.commit();
      this.#timers.committed(user);
      this.onCommitted(user);
    } catch (error) {
      if (user.isStopped || error instanceof DamagedIndexError) throw error;
      this.#timers.commitFailed(user);
      this.#warn(user, error);
      this.#commitLater(user);
    }
  }

  #failed(user: UserIndex, error: unknown): void {
    if (!this.#recover(user, error)) this.#warn(user, error);
  }

  #warn(user: UserIndex, error: unknown): void {
    if (user.isStopped && !this.#isClosed) return;
    this.#logger.warn(`The index of ${user.userId} could not be brought up to date`, error);
  }
}
