import type { FFStorageConfig } from '../../src/shared/config.ts';
import { FFQuotaExceededError } from '../../src/shared/errors.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../logger.ts';
import { DamageReport } from './damage.ts';
import { openFormat } from './format.ts';
import { HandleCache } from './handle-cache.ts';
import { Lanes } from './lanes.ts';
import { ROOT_CATALOG_FILE, sessionFolder, userCatalogFile, userFolder } from './layout.ts';
import type { MessageLog } from './message-log.ts';
import { OpenLogs } from './open-logs.ts';
import type { LogContext } from './record-log.ts';
import { openRootCatalog, recoverSessions } from './recovery.ts';
import { RootCatalog } from './root-catalog.ts';
import { UserCatalog } from './user-catalog.ts';

/** Sessions that an opening after a crash may have to count anew, for each user. */
const MAX_WRITING = 8;

/** A change, and when it is safe. */
export interface Change<T> {
  readonly value: T;
  readonly durable: Promise<void>;
}

/** The answer of a call that has nothing to wait for: it changed nothing, or it is durable already. */
export function unchanged<T>(value: T): Change<T> {
  return { value, durable: Promise.resolve() };
}

/**
 * All files of a store: which logs are open, and what has to happen to several of them together.
 * Product rules live in `services/`; bytes live in the classes that this one holds.
 *
 * Whatever is done with a user's logs happens in their lane, see {@link read} and {@link write}.
 */
export class Store {
  readonly damage: DamageReport;
  /** Told when a user's catalog is opened or created, with the ids of the sessions in it. */
  onUserOpened: (userId: string, sessionIds: readonly string[]) => void = () => undefined;
  readonly #backend: Backend;
  readonly #files: HandleCache;
  readonly #context: LogContext;
  readonly #logger: Logger;
  readonly #lanes = new Lanes();
  readonly #catalogByUser = new Map<string, UserCatalog>();
  readonly #openLogs: OpenLogs;
  #root: RootCatalog;
  #reopeningRoot: Promise<void> | undefined;

  private constructor(
    backend: Backend,
    context: LogContext,
    damage: DamageReport,
    logger: Logger,
    root: RootCatalog,
  ) {
    this.#backend = backend;
    this.#files = context.files;
    this.#context = context;
    this.damage = damage;
    this.#logger = logger;
    this.#root = root;
    this.#openLogs = new OpenLogs(context, this.#lanes, (userId, sessionId, log, again) => {
      this.#count(userId, sessionId, log);
      // A write that failed is no activity.
      if (again) this.#catalogByUser.get(userId)?.sortByActivity();
    });
  }

  /**
   * Opens the store on a backend, which it owns from then on.
   *
   * @throws FFStorageError `version` when a newer release wrote it, `corrupt` when what is there
   *   cannot be told from a store
   */
  static async open(backend: Backend, config: FFStorageConfig, logger: Logger): Promise<Store> {
    const files = new HandleCache(backend, config.maxOpenHandles);
    const damage = new DamageReport(files, logger);
    const context: LogContext = {
      files,
      flushCommits: config.durability === 'flushed' || !backend.keepsUnflushedWrites,
      onDamage: (path, ranges) => damage.add(path, ranges),
    };
    try {
      await openFormat(backend, files);
      const root = await openRootCatalog(backend, context, logger);
      const store = new Store(backend, context, damage, logger, root);
      store.#sweepUsers();
      return store;
    } catch (error) {
      await files.closeAll().catch(() => undefined);
      await backend.close();
      throw error;
    }
  }

  // ── Lanes ────────────────────────────────────────────────────────────────────────────────────

  /** Runs a task in a user's lane, with all earlier changes of theirs on the disk or undone. */
  read<T>(userId: string, task: () => Promise<T>): Promise<T> {
    return this.#lanes.run(userId, async () => {
      await this.#settle(userId);
      return task();
    });
  }

  /** Runs a change in a user's lane; resolves when it is durable, which others need not wait for. */
  async write<T>(userId: string, task: () => Promise<Change<T>>): Promise<T> {
    const { value, durable } = await this.#lanes.run(userId, task);
    await durable;
    return value;
  }

  /** Runs a task in a user's lane that touches nothing that is still being committed. */
  background<T>(userId: string, task: () => Promise<T>): Promise<T> {
    return this.#lanes.run(userId, task);
  }

  /** Waits for what is being committed; what failed is forgotten, so that the disk is read again. */
  async #settle(userId: string): Promise<void> {
    await this.#root.settled();
    await this.#catalogByUser.get(userId)?.settled();
    await this.#openLogs.settle(userId);
  }

  // ── Users ────────────────────────────────────────────────────────────────────────────────────

  /** In the order of their creation. */
  userIds(): Promise<string[]> {
    return this.#lanes.runAcross(async () => {
      await this.#root.settled();
      return (await this.#healthyRoot()).userIds;
    });
  }

  /** A user's catalog; `null` when there is no such user. Only in their lane. */
  async user(userId: string): Promise<UserCatalog | null> {
    const root = await this.#healthyRoot();
    if (!root.has(userId)) return null;
    const known = this.#catalogByUser.get(userId);
    if (known !== undefined && !known.failed) return known;
    const catalog = await UserCatalog.open(userId, userCatalogFile(userId), this.#context);
    if (catalog.isBlank || catalog.isDamaged) {
      await recoverSessions(this.#backend, this.#context, this.#logger, userId, catalog);
    }
    for (const sessionId of catalog.writingSessionIds) {
      const { count: messageCount, lastWriteAt } = await this.messages(userId, sessionId);
      catalog.setCount({ sessionId, messageCount, updatedAt: lastWriteAt });
    }
    catalog.sortByActivity();
    // Not before it is complete: what failed so far is tried again by the next call.
    this.#catalogByUser.set(userId, catalog);
    this.#sweepSessions(userId, catalog);
    this.onUserOpened(
      userId,
      catalog.sessions().map(({ sessionId }) => sessionId),
    );
    return catalog;
  }

  /** Creates a user, who must not exist; durable when it resolves. Only in their lane. */
  async createUser(profile: FFUserProfileDTO, at: number): Promise<void> {
    const { userId } = profile;
    const root = await this.#healthyRoot();
    // A crash may have left a folder of an earlier user of that name, or a half-made one of this.
    await this.#files.remove(userFolder(userId));
    const catalog = await UserCatalog.open(userId, userCatalogFile(userId), this.#context);
    try {
      await catalog.setProfile(profile);
      // Within the lane, because what is created under the user must not be durable before them.
      await root.addUser(userId, at);
    } catch (error) {
      // A list of users that is lost is made anew from what folders there are.
      await this.#files.remove(userFolder(userId)).catch(() => undefined);
      throw error;
    }
    this.#catalogByUser.set(userId, catalog);
    this.onUserOpened(userId, []);
  }

  /** Deletes a user with all that is theirs. Only in their lane. */
  async deleteUser(userId: string, at: number): Promise<void> {
    const root = await this.#healthyRoot();
    await root.deleteUser(userId, at);
    await this.#openLogs.detachAll(userId);
    await this.#catalogByUser.get(userId)?.settled();
    this.#catalogByUser.delete(userId);
    await this.#sweepUser(userId);
  }

  async #healthyRoot(): Promise<RootCatalog> {
    // Once for all lanes: two that append to the same file would write over each other.
    if (this.#root.failed) await (this.#reopeningRoot ??= this.#reopenRoot());
    return this.#root;
  }

  async #reopenRoot(): Promise<void> {
    try {
      this.#root = await RootCatalog.open(ROOT_CATALOG_FILE, this.#context);
    } finally {
      this.#reopeningRoot = undefined;
    }
  }

  #sweepUsers(): void {
    for (const userId of this.#root.unsweptUserIds) {
      void this.#lanes.run(userId, () => this.#sweepUser(userId));
    }
  }

  /** Removes what a deleted user left; the deletion itself is done, so a failure only waits. */
  async #sweepUser(userId: string): Promise<void> {
    if (!this.#root.unsweptUserIds.includes(userId)) return;
    try {
      await this.#files.remove(userFolder(userId));
      await this.#root.markSwept(userId);
    } catch (error) {
      this.#logger.warn(`The files of the deleted user ${userId} could not be removed yet`, error);
    }
  }

  // ── Sessions ─────────────────────────────────────────────────────────────────────────────────

  /** The messages of a session that is in the catalog. Only in the user's lane. */
  messages(userId: string, sessionId: string): Promise<MessageLog> {
    return this.#openLogs.get(userId, sessionId);
  }

  /**
   * Appends to a session's log and counts what came of it. The catalog must know, durably, that the
   * session is being written to before its log can run ahead of it.
   *
   * @param append gives `null` when there was nothing to write after all
   */
  async change(
    userId: string,
    sessionId: string,
    append: (log: MessageLog) => Promise<void> | null,
  ): Promise<Change<void>> {
    const catalog = await this.user(userId);
    if (catalog !== null && !catalog.isWriting(sessionId)) {
      if (catalog.writingSessionIds.length >= MAX_WRITING) await this.#saveCounts(userId, catalog);
      await catalog.markWriting(sessionId);
    }
    const log = await this.messages(userId, sessionId);
    const durable = append(log);
    if (durable === null) return unchanged(undefined);
    this.#count(userId, sessionId, log);
    // An edit changes no count, and may fall into the millisecond of the write before it.
    catalog?.moveToFront(sessionId);
    return { value: undefined, durable };
  }

  #count(userId: string, sessionId: string, log: MessageLog): void {
    const { count: messageCount, lastWriteAt: updatedAt } = log;
    this.#catalogByUser.get(userId)?.setCount({ sessionId, messageCount, updatedAt });
  }

  /** Deletes a session with its messages. Only in the user's lane. */
  async deleteSession(userId: string, sessionId: string, catalog: UserCatalog): Promise<void> {
    await catalog.deleteSession(sessionId);
    await this.#openLogs.detach(userId, sessionId);
    await this.#sweepSession(userId, sessionId, catalog);
  }

  #sweepSessions(userId: string, catalog: UserCatalog): void {
    for (const sessionId of catalog.unsweptSessionIds) {
      void this.#lanes.run(userId, () => this.#sweepSession(userId, sessionId, catalog));
    }
  }

  async #sweepSession(userId: string, sessionId: string, catalog: UserCatalog): Promise<void> {
    try {
      await this.#files.remove(sessionFolder(userId, sessionId));
      await catalog.markSwept(sessionId);
    } catch (error) {
      this.#logger.warn(
        `The files of the deleted session ${sessionId} could not be removed yet`,
        error,
      );
    }
  }

  // ── All of it ────────────────────────────────────────────────────────────────────────────────

  async #saveCounts(userId: string, catalog: UserCatalog): Promise<void> {
    await this.#settle(userId);
    await catalog.saveCounts(catalog.writingSessionIds);
  }

  /** Saves where the records of open logs lie, so that the next opening reads less. */
  saveOffsets(): Promise<void> {
    return this.#openLogs.saveOffsets();
  }

  /** Resolves when every call made so far has taken effect and is on the disk, flushed. */
  async flush(): Promise<void> {
    await this.#lanes.drained();
    await this.#root.settled();
    for (const userId of this.#catalogByUser.keys()) await this.read(userId, async () => undefined);
    await this.#files.flushAll();
  }

  /** Saves what makes the next opening fast, then lets go of all files. */
  async close(): Promise<void> {
    await this.#lanes.drained();
    try {
      await this.saveOffsets();
      for (const [userId, catalog] of this.#catalogByUser) {
        await this.#lanes.run(userId, () => this.#saveCounts(userId, catalog));
      }
    } catch (error) {
      // Nothing depends on it: a full disk must not keep the store from closing.
      this.#logger.warn('What speeds up the next opening could not be saved', error);
    }
    await this.#root.settled();
    try {
      await this.#files.closeAll();
    } catch (error) {
      // On a full disk what is left to be written is what no call has resolved for.
      if (!(error instanceof FFQuotaExceededError)) throw error;
      this.#logger.warn('What speeds up the next opening could not be saved', error);
    }
    await this.#backend.close();
  }
}
