import type { FFSearchConfig } from '../../src/shared/config.ts';
import type { Logger } from '../logger.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { createAnalyzer } from './analysis/analyzer.ts';
import { Follower } from './follower.ts';
import { EntryIndex } from './index/entry-index.ts';
import { IndexFiles, IndexStoppedError } from './index/index-files.ts';
import { panelIdOf, panelKey } from './keys.ts';
import { DamagedIndexError } from './segments/checked-file.ts';
import { UserIndex } from './user-index.ts';

/** How long after a change, or after a user's first call, the index is brought up to date unasked. */
const BACKGROUND_DELAY_MS = 150;

/** How long nothing must have changed before what is in memory is written to a file. */
const COMMIT_DELAY_MS = 1_000;

/** How long it may be held back by changes that go on. */
const MAX_COMMIT_DELAY_MS = 5_000;

/** How long nothing is written after a commit has failed, most likely because the disk is full. */
const COMMIT_RETRY_MS = 30_000;

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

/** Timers of a user's index, and since when it has something to write. */
interface Schedule {
  catchUp?: ReturnType<typeof setTimeout>;
  commit?: ReturnType<typeof setTimeout>;
  dirtySince?: number;
  failedAt?: number;
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
  readonly #store: Store;
  readonly #config: FFSearchConfig;
  readonly #logger: Logger;
  readonly #follower: Follower;
  readonly #userById = new Map<string, UserIndex>();
  readonly #schedules = new WeakMap<UserIndex, Schedule>();
  #isClosed = false;

  /** @param config read by each search: it may change, see {@link reconfigure} */
  constructor(store: Store, config: FFSearchConfig, logger: Logger) {
    this.#store = store;
    this.#config = config;
    this.#logger = logger;
    this.#follower = new Follower(store, logger);
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
   * Asks the index of a user, which has everything that was durable when it was called.
   *
   * @param ask may be called again; `null` from it: files went away in the meantime
   * @returns `null` when there is no such user
   */
  async ask<T>(
    userId: string,
    ask: (entries: EntryIndex, user: UserIndex) => Promise<T | null>,
  ): Promise<T | null> {
    for (;;) {
      const user = this.#userById.get(userId) ?? (await this.#open(userId));
      if (user === undefined) return null;
      try {
        await this.#catchUp(user);
        const answer = await ask(await user.entries(), user);
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
    const { catchUp, commit } = this.#scheduleOf(user);
    clearTimeout(catchUp);
    clearTimeout(commit);
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

  #note(userId: string, note: (user: UserIndex) => void): void {
    const user = this.#userById.get(userId);
    if (user === undefined) return;
    note(user);
    this.#catchUpLater(user);
  }

  #noteAll(note: (user: UserIndex) => void): void {
    for (const userId of this.#userById.keys()) this.#note(userId, note);
  }

  #scheduleOf(user: UserIndex): Schedule {
    let schedule = this.#schedules.get(user);
    if (schedule === undefined) this.#schedules.set(user, (schedule = {}));
    return schedule;
  }

  #catchUpLater(user: UserIndex): void {
    const schedule = this.#scheduleOf(user);
    if (schedule.catchUp !== undefined || user.isStopped) return;
    schedule.catchUp = setTimeout(() => {
      delete schedule.catchUp;
      this.#catchUp(user).catch((error: unknown) => this.#failed(user, error));
    }, BACKGROUND_DELAY_MS);
  }

  #catchUp(user: UserIndex): Promise<void> {
    return user.enqueue(async () => {
      const wasOpen = user.openEntries !== undefined;
      await this.#follower.catchUp(user, () => this.#commitWhenFull(user));
      if (!wasOpen) this.onCommitted(user);
      this.#commitLater(user);
    });
  }

  #commitLater(user: UserIndex): void {
    if (user.isStopped || user.openEntries?.isDirty !== true) return;
    const schedule = this.#scheduleOf(user);
    const now = performance.now();
    schedule.dirtySince ??= now;
    const { dirtySince, failedAt = -Infinity } = schedule;
    const delay = Math.min(COMMIT_DELAY_MS, dirtySince + MAX_COMMIT_DELAY_MS - now);
    const rest = failedAt + COMMIT_RETRY_MS - now;
    clearTimeout(schedule.commit);
    schedule.commit = setTimeout(
      () => {
        user.enqueue(() => this.#commit(user)).catch((error: unknown) => this.#failed(user, error));
      },
      Math.max(delay, rest, 0),
    );
  }

  async #commitWhenFull(user: UserIndex): Promise<void> {
    const { failedAt = -Infinity } = this.#scheduleOf(user);
    const isResting = performance.now() - failedAt < COMMIT_RETRY_MS;
    if (user.openEntries?.isFull === true && !isResting) await this.#commit(user);
  }

  /** Only inside of {@link UserIndex.enqueue}. A failure is no reason to stop indexing. */
  async #commit(user: UserIndex): Promise<void> {
    const schedule = this.#scheduleOf(user);
    if (user.isStopped || user.openEntries?.isDirty !== true) return;
    try {
      await user.openEntries.commit();
      delete schedule.dirtySince;
      delete schedule.failedAt;
      this.onCommitted(user);
    } catch (error) {
      if (user.isStopped || error instanceof DamagedIndexError) throw error;
      schedule.failedAt = performance.now();
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
