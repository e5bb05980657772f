import type { FFStorageConfig } from '../../src/shared/config.ts';
import { FFQuotaExceededError } from '../../src/shared/errors.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../logger.ts';
import { unchanged, type Change } from './change.ts';
import { DamageReport } from './damage.ts';
import { DocumentFiles } from './document-files.ts';
import { createStoreEvents, type StoreEvents } from './events.ts';
import { openFormat } from './format.ts';
import { HandleCache } from './handle-cache.ts';
import { Lanes } from './lanes.ts';
import { offsetsFile, SHARED_SPACE } from './layout.ts';
import { createLogContext } from './log-context.ts';
import type { MessageLog } from './message-log.ts';
import { OpenCatalogs } from './open-catalogs.ts';
import { countOf, OpenLogs } from './open-logs.ts';
import type { OperationMark } from './operations.ts';
import type { LogContext } from './record-log.ts';
import { openRootCatalog } from './recovery.ts';
import type { RootCatalog, RootRecord } from './root-catalog.ts';
import { RootKeeper } from './root-keeper.ts';
import { totalsOf } from './space-totals.ts';
import type { UserCatalog } from './user-catalog.ts';

/** Sessions that an opening after a crash may have to count anew, for each user. */
const MAX_WRITING = 8;

/**
 * All files of a store: which logs are open, and what has to happen to several of them together.
 * Product rules live in `services/`; bytes live in the classes that this one holds.
 *
 * What belongs to a user lies in that user's space; what belongs to nobody alone in the shared one,
 * which is dealt with like a user of the name {@link SHARED_SPACE}. Whatever is done with the logs of
 * a space happens in its lane, see {@link read} and {@link write}.
 */
export class Store {
  readonly backend: Backend;
  readonly damage: DamageReport;
  readonly files: HandleCache;
  readonly documents: DocumentFiles;
  readonly logContext: LogContext;
  readonly events: StoreEvents = createStoreEvents();
  readonly #logger: Logger;
  /** Logs of sessions that are being rewritten, one after another for each of them. */
  readonly rewrites = new Lanes();
  readonly spaces: RootKeeper;
  readonly #lanes = new Lanes();
  readonly #catalogs: OpenCatalogs;
  readonly #openLogs: OpenLogs;

  private constructor(
    backend: Backend,
    context: LogContext,
    damage: DamageReport,
    logger: Logger,
    root: RootCatalog,
  ) {
    this.backend = backend;
    this.files = context.files;
    this.documents = new DocumentFiles(context.files);
    this.logContext = context;
    this.damage = damage;
    this.#logger = logger;
    this.spaces = new RootKeeper(root, context, logger);
    this.#catalogs = new OpenCatalogs({
      backend,
      context,
      logger,
      lanes: this.#lanes,
      spaces: this.spaces,
      count: async (userId, sessionId) =>
        countOf(sessionId, await this.messages(userId, sessionId)),
      onOpened: (userId, catalog) => {
        this.events.onSpaceOpened(userId, catalog);
        this.#openLogs.tellOfDamaged(userId);
      },
    });
    this.#openLogs = new OpenLogs(context, this.#lanes, {
      folderOf: (userId) => this.folderOf(userId),
      onResized: (userId, sessionId, log) => this.#count(userId, sessionId, log),
      onOpened: (userId, sessionId, log, again) => {
        this.#count(userId, sessionId, log);
        // A write that failed is no activity.
        if (again) this.#catalogs.known(userId)?.sortByActivity();
        if (log.isDamaged) this.events.onLogRewritten(userId, sessionId);
      },
    });
    this.#sweepFolders();
  }

  /**
   * Opens the store on a backend, which it owns from then on.
   *
   * @param config read whenever it matters: it may change while the store is open
   * @throws FFStorageError `version` when a newer release wrote it, `corrupt` when what is there
   *   cannot be told from a store
   */
  static async open(backend: Backend, config: FFStorageConfig, logger: Logger): Promise<Store> {
    const files = new HandleCache(backend, () => config.maxOpenHandles);
    const damage = new DamageReport(files, logger);
    const context = createLogContext(backend, files, config, damage);
    try {
      await openFormat(backend, files);
      const root = await openRootCatalog(backend, context, logger);
      return new Store(backend, context, damage, logger, root);
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
    const { value, durable } = await this.#lanes.run(userId, async () => {
      await this.spaces.markCounting(userId);
      return task();
    });
    await durable;
    return value;
  }

  /** Runs a task in a user's lane that touches nothing that is still being committed. */
  background<T>(userId: string, task: () => Promise<T>): Promise<T> {
    return this.#lanes.run(userId, task);
  }

  /** Runs a task while nothing else happens in any lane, with all changes on the disk or undone. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    return this.#lanes.runAcross(async () => {
      for (const userId of this.#catalogs.userIds()) await this.#settle(userId);
      await this.spaces.settled();
      return task();
    });
  }

  /** Waits for what is being committed; what failed is forgotten, so that the disk is read again. */
  async #settle(userId: string): Promise<void> {
    await this.spaces.settled();
    await this.#catalogs.known(userId)?.settled();
    await this.#openLogs.settle(userId);
  }

  // ── The root ─────────────────────────────────────────────────────────────────────────────────

  /** In the order of their creation. */
  userIds(): Promise<string[]> {
    return this.#lanes.runAcross(async () => {
      await this.spaces.settled();
      return (await this.root()).userIds;
    });
  }

  /** The root catalog, which is read and appended to in any lane, and in no other place. */
  root(): Promise<RootCatalog> {
    return this.spaces.get();
  }

  /** The folder in which a space lies. */
  folderOf(spaceId: string): string {
    return this.spaces.folderOf(spaceId);
  }

  /**
   * Puts spaces that were made elsewhere, whole and durable, in the place of those that there are, all
   * or none. Only {@link alone}.
   */
  async adopt(records: readonly RootRecord[], spaceIds: readonly string[]): Promise<void> {
    for (const spaceId of spaceIds) await this.#forget(spaceId);
    await this.spaces.adopt(records);
    for (const spaceId of spaceIds) this.events.onSpaceReplaced(spaceId);
    this.#sweepFolders();
  }

  #sweepFolders(): void {
    for (const folder of this.spaces.unsweptFolders) {
      void this.#lanes.run(folder.spaceId, () => this.spaces.sweep(folder));
    }
  }

  // ── Users ────────────────────────────────────────────────────────────────────────────────────

  /** A user's catalog; `null` when there is no such user. Only in their lane. */
  user(userId: string): Promise<UserCatalog | null> {
    return this.#catalogs.get(userId);
  }

  /** The catalog of what belongs to no user alone. Only in the lane of {@link SHARED_SPACE}. */
  async shared(): Promise<UserCatalog> {
    const catalog = await this.user(SHARED_SPACE);
    if (catalog === null) throw new TypeError('The shared space is always there.');
    return catalog;
  }

  /** Creates a user, who must not exist; durable when it resolves. Only in their lane. */
  createUser(profile: FFUserProfileDTO, at: number, op?: string): Promise<void> {
    return this.#catalogs.create(profile, at, op);
  }

  /** Deletes a user with all that is theirs. Only in their lane. */
  async deleteUser(userId: string, at: number, op?: string): Promise<void> {
    const root = await this.root();
    await root.deleteUser(userId, at, op);
    await this.#forget(userId);
    const left = root.unsweptFolders.filter(({ spaceId }) => spaceId === userId);
    for (const folder of left) await this.spaces.sweep(folder);
  }

  /** Lets go of the files of a space. */
  async #forget(spaceId: string): Promise<void> {
    await this.events.onSpaceLeaving(spaceId);
    await this.#openLogs.detachAll(spaceId);
    await this.reopenUser(spaceId);
  }

  /** Has a catalog read from the disk again when it is asked for next. Only in its lane. */
  reopenUser(userId: string): Promise<void> {
    return this.#catalogs.reopen(userId);
  }

  // ── Sessions ─────────────────────────────────────────────────────────────────────────────────

  /** The messages of a session that is in the catalog. Only in the user's lane. */
  messages(userId: string, sessionId: string): Promise<MessageLog> {
    return this.#openLogs.get(userId, sessionId);
  }

  /** Reads a session's messages anew, and from them where each lies. Only in the user's lane. */
  async rereadMessages(userId: string, sessionId: string): Promise<MessageLog> {
    const { file } = await this.messages(userId, sessionId);
    await this.#openLogs.detach(userId, sessionId);
    await this.files.remove(offsetsFile(file.path));
    return this.messages(userId, sessionId);
  }

  /**
   * Goes over to the file into which a session's messages were rewritten, as soon as `commit` has made
   * it the log. Only in the user's lane.
   */
  async replaceMessages(
    userId: string,
    sessionId: string,
    commit: () => Promise<void>,
  ): Promise<void> {
    const catalog = await this.user(userId);
    if (catalog !== null) {
      // A rewritten log no longer tells when it was written to last, so the catalog has to.
      await this.saveCounts(userId, catalog);
      // After a crash its bytes are to be counted anew.
      await catalog.markWriting(sessionId);
    }
    await commit();
    await this.#openLogs.detach(userId, sessionId);
    await this.#openLogs.get(userId, sessionId);
    this.events.onLogRewritten(userId, sessionId);
  }

  /**
   * Appends to a session's log and counts what came of it. The catalog must know, durably, that the
   * session is being written to before its log can run ahead of it.
   *
   * @param append gives `null` when there was nothing to write after all
   * @param isActivity whether it is what sessions are listed by
   */
  async change(
    userId: string,
    sessionId: string,
    append: (log: MessageLog) => Promise<void> | null,
    isActivity = true,
  ): Promise<Change<void>> {
    const catalog = await this.user(userId);
    if (catalog !== null && !catalog.isWriting(sessionId)) {
      if (catalog.writingSessionIds.length >= MAX_WRITING) await this.saveCounts(userId, catalog);
      await catalog.markWriting(sessionId);
    }
    const log = await this.messages(userId, sessionId);
    const durable = append(log);
    if (durable === null) return unchanged(undefined);
    this.#count(userId, sessionId, log);
    // An edit changes no count, and may fall into the millisecond of the write before it.
    if (isActivity) catalog?.moveToFront(sessionId);
    return { value: undefined, durable };
  }

  /** Looks for the times of a session's earliest and latest message. Only in the user's lane. */
  async findRange(userId: string, sessionId: string): Promise<void> {
    const log = await this.messages(userId, sessionId);
    await log.findRange();
    this.#count(userId, sessionId, log);
  }

  #count(userId: string, sessionId: string, log: MessageLog): void {
    this.#catalogs.known(userId)?.setCount(countOf(sessionId, log));
  }

  /** Deletes a session with its messages and documents. Only in the user's lane. */
  async deleteSession(
    userId: string,
    sessionId: string,
    catalog: UserCatalog,
    mark?: OperationMark,
  ): Promise<void> {
    await catalog.deleteSession(sessionId, mark);
    this.events.onSessionDeleted(userId, sessionId);
    await this.#openLogs.detach(userId, sessionId);
    await this.#catalogs.sweepSession(userId, sessionId, catalog);
  }

  /** Takes note of what the search index of a space takes on the disk. */
  setSearchBytes(spaceId: string, bytes: number): void {
    const catalog = this.#catalogs.known(spaceId);
    if (catalog !== undefined) catalog.searchBytes = bytes;
  }

  // ── All of it ────────────────────────────────────────────────────────────────────────────────

  /** Sessions whose offset tables are in memory. */
  get openSessionCount(): number {
    return this.#openLogs.size;
  }

  /** Records what the messages of each session come to. Only in the user's lane. */
  async saveCounts(userId: string, catalog: UserCatalog): Promise<void> {
    await this.#settle(userId);
    // First, because they are counted too, and nobody counts anew what is not being written to.
    await this.#openLogs.saveOffsetsOf(userId);
    await catalog.saveCounts();
  }

  /** Saves where the records of open logs lie, so that the next opening reads less. */
  saveOffsets(): Promise<void> {
    return this.#openLogs.saveOffsets();
  }

  /** The root catalog, which knows the totals of all spaces as they are now. */
  async countedRoot(): Promise<RootCatalog> {
    const root = await this.root();
    for (const userId of new Set([...root.countingSpaceIds, ...this.#catalogs.userIds()])) {
      await this.read(userId, async () => {
        const catalog = await this.user(userId);
        if (catalog !== null) (await this.root()).setTotals(userId, totalsOf(catalog));
      });
    }
    return this.root();
  }

  /** Resolves when every call made so far has taken effect and is on the disk, flushed. */
  async flush(): Promise<void> {
    await this.#lanes.drained();
    await this.spaces.settled();
    for (const userId of this.#catalogs.userIds()) await this.read(userId, async () => undefined);
    await this.files.flushAll();
  }

  /** Saves what makes the next opening fast, then lets go of all files. */
  async close(): Promise<void> {
    await this.rewrites.drained();
    await this.#lanes.drained();
    try {
      await this.#saveAll();
    } catch (error) {
      // Nothing depends on it: a full disk must not keep the store from closing.
      this.#logger.warn('What speeds up the next opening could not be saved', error);
    }
    await this.spaces.settled();
    try {
      await this.files.closeAll();
    } catch (error) {
      // On a full disk what is left to be written is what no call has resolved for.
      if (!(error instanceof FFQuotaExceededError)) throw error;
      this.#logger.warn('What speeds up the next opening could not be saved', error);
    }
    await this.backend.close();
  }

  async #saveAll(): Promise<void> {
    await this.saveOffsets();
    for (const [spaceId, catalog] of this.#catalogs.entries()) {
      await this.#lanes.run(spaceId, () => this.saveCounts(spaceId, catalog));
    }
    await this.spaces.saveTotals(this.#catalogs.entries());
  }
}
