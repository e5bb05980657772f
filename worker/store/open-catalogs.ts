import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../logger.ts';
import type { Lanes } from './lanes.ts';
import { catalogFile, sessionFolder, SHARED_SPACE, spaceFolder } from './layout.ts';
import type { LogContext } from './record-log.ts';
import { recoverDocuments } from './recovered-files.ts';
import { recoverSessions } from './recovery.ts';
import type { RootKeeper } from './root-keeper.ts';
import type { RootCatalog } from './root-catalog.ts';
import type { SessionCount } from './session-table.ts';
import { totalsOf } from './space-totals.ts';
import { UserCatalog } from './user-catalog.ts';

/** What catalogs are opened with. */
export interface OpenCatalogsHost {
  readonly backend: Backend;
  readonly context: LogContext;
  readonly logger: Logger;
  readonly lanes: Lanes;
  readonly spaces: RootKeeper;
  /** What the messages of a session come to. */
  count(userId: string, sessionId: string): Promise<SessionCount>;
  onOpened(userId: string, catalog: UserCatalog): void;
}

/** The catalogs that are in memory. Whatever concerns one happens in its space's lane. */
export class OpenCatalogs {
  readonly #host: OpenCatalogsHost;
  readonly #catalogByUser = new Map<string, UserCatalog>();

  constructor(host: OpenCatalogsHost) {
    this.#host = host;
  }

  userIds(): string[] {
    return [...this.#catalogByUser.keys()];
  }

  entries(): [userId: string, catalog: UserCatalog][] {
    return [...this.#catalogByUser];
  }

  /** The catalog, if it is in memory. */
  known(userId: string): UserCatalog | undefined {
    return this.#catalogByUser.get(userId);
  }

  /** The catalog of a space; `null` when there is no such user. */
  async get(userId: string): Promise<UserCatalog | null> {
    const { backend, context, logger, spaces } = this.#host;
    const root = await spaces.get();
    if (!root.has(userId) && userId !== SHARED_SPACE) return null;
    const known = this.#catalogByUser.get(userId);
    if (known !== undefined && !known.failed) return known;
    const folder = root.folderOf(userId);
    const catalog = await UserCatalog.open(userId, catalogFile(folder), context);
    if (catalog.isBlank || catalog.isDamaged || isCutOff(userId, catalog, root)) {
      await recoverSessions(backend, context, logger, userId, folder, catalog);
      await recoverDocuments(backend, context, logger, userId, folder, catalog);
    }
    for (const sessionId of catalog.writingSessionIds) {
      catalog.setCount(await this.#host.count(userId, sessionId));
    }
    catalog.sortByActivity();
    catalog.searchBytes = root.totalsOf(userId).bytes.search;
    root.setTotals(userId, totalsOf(catalog));
    // Not before it is complete: what failed so far is tried again by the next call.
    this.#add(userId, catalog);
    for (const sessionId of catalog.unsweptSessionIds) {
      void this.#host.lanes.run(userId, () => this.sweepSession(userId, sessionId, catalog));
    }
    return catalog;
  }

  /** Creates a user, who must not exist; durable when it resolves. */
  async create(profile: FFUserProfileDTO, at: number, op?: string): Promise<void> {
    const { context, spaces } = this.#host;
    const { userId } = profile;
    const root = await spaces.get();
    const folder = spaceFolder(userId);
    // A crash may have left a folder of an earlier user of that name, or a half-made one of this.
    await context.files.remove(folder);
    const catalog = await UserCatalog.open(userId, catalogFile(folder), context);
    try {
      // Whose doing it is, too: should the list of users be lost, this is all that tells.
      await catalog.setProfile(profile, op === undefined ? undefined : { op, at });
      // Within the lane, because what is created under the user must not be durable before them.
      await root.addUser(userId, at, op);
    } catch (error) {
      // A list of users that is lost is made anew from what folders there are.
      await context.files.remove(folder).catch(() => undefined);
      throw error;
    }
    this.#add(userId, catalog);
  }

  #add(userId: string, catalog: UserCatalog): void {
    this.#catalogByUser.set(userId, catalog);
    this.#host.onOpened(userId, catalog);
  }

  /** Has a catalog read from the disk again when it is asked for next. */
  async reopen(userId: string): Promise<void> {
    await this.#catalogByUser.get(userId)?.settled();
    this.#catalogByUser.delete(userId);
  }

  /** Removes the files of a deleted session; a failure only waits for the next opening. */
  async sweepSession(userId: string, sessionId: string, catalog: UserCatalog): Promise<void> {
    // The space may have been replaced by the time the lane is free.
    if (this.#catalogByUser.get(userId) !== catalog) return;
    const { context, spaces, logger } = this.#host;
    try {
      await context.files.remove(sessionFolder(spaces.folderOf(userId), sessionId));
      await catalog.markSwept(sessionId);
    } catch (error) {
      const what = `The files of the deleted session ${sessionId}`;
      logger.warn(`${what} could not be removed yet`, error);
    }
  }
}

/**
 * Whether a catalog may be shorter than it was when the store was closed: nothing else shows that its
 * end is gone.
 */
function isCutOff(userId: string, catalog: UserCatalog, root: RootCatalog): boolean {
  if (root.isDamaged) return true;
  return !root.isCounting(userId) && catalog.bytes < root.totalsOf(userId).bytes.catalogs;
}
