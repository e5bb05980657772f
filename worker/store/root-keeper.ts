import type { Logger } from '../logger.ts';
import { ROOT_CATALOG_FILE, SHARED_SPACE, spaceFolder } from './layout.ts';
import type { LogContext } from './record-log.ts';
import { RootCatalog, type RootRecord, type SpaceFolder } from './root-catalog.ts';
import { totalsOf } from './space-totals.ts';
import type { UserCatalog } from './user-catalog.ts';

/**
 * The root catalog and the folders that it speaks of. All lanes read it and append to it; after a
 * failed commit, or when its file was rewritten, it is opened anew, once for all of them.
 */
export class RootKeeper {
  readonly #context: LogContext;
  readonly #logger: Logger;
  /** Paths of folders that are being filled: nobody needs them yet, and nobody may sweep them. */
  readonly #staging = new Set<string>();
  #root: RootCatalog;
  #reopening: Promise<void> | undefined;
  /** Whether the file is no longer the one that is appended to. */
  #outdated = false;

  constructor(root: RootCatalog, context: LogContext, logger: Logger) {
    this.#root = root;
    this.#context = context;
    this.#logger = logger;
  }

  /** The catalog, in a state that can be relied on. */
  async get(): Promise<RootCatalog> {
    // Once for all lanes: two that append to the same file would write over each other.
    if (this.#root.failed || this.#outdated) await this.reopen();
    return this.#root;
  }

  /** Reads the catalog from the disk again. */
  reopen(): Promise<void> {
    this.#outdated = true;
    this.#reopening ??= (async () => {
      try {
        this.#root = await RootCatalog.open(ROOT_CATALOG_FILE, this.#context);
        this.#outdated = false;
      } finally {
        this.#reopening = undefined;
      }
    })();
    return this.#reopening;
  }

  /** Resolves when nothing is on its way to the disk any more, whether it got there or not. */
  settled(): Promise<void> {
    return this.#root.settled();
  }

  /** The folder in which a space lies. */
  folderOf(spaceId: string): string {
    return this.#root.folderOf(spaceId);
  }

  // ── Folders ──────────────────────────────────────────────────────────────────────────────────

  /** Gives a folder that is to be filled; until it is adopted, every opening would remove it. */
  async stage(spaceId: string): Promise<SpaceFolder> {
    const root = await this.get();
    const folder = root.freeFolder(spaceId);
    const path = pathOf(folder);
    this.#staging.add(path);
    try {
      // First, so that nothing that is written there can stay for ever.
      await root.append([{ type: 'staged', ...folder }]);
    } catch (error) {
      this.#staging.delete(path);
      throw error;
    }
    return folder;
  }

  /** Records where spaces lie from now on, all or none. */
  async adopt(records: readonly RootRecord[]): Promise<void> {
    await (await this.get()).append(records);
    for (const record of records)
      if (record.type === 'adopted') this.#staging.delete(pathOf(record));
  }

  /** Gives up a folder that was staged. */
  async discard(folder: SpaceFolder): Promise<void> {
    this.#staging.delete(pathOf(folder));
    await this.sweep(folder);
  }

  /** Folders that may still be there although nobody needs them. */
  get unsweptFolders(): SpaceFolder[] {
    return this.#root.unsweptFolders;
  }

  /** Removes a folder that nobody needs; a failure only waits for the next opening. */
  async sweep(folder: SpaceFolder): Promise<void> {
    const path = pathOf(folder);
    try {
      const root = await this.get();
      if (!root.isUnswept(folder) || this.#staging.has(path)) return;
      await this.#context.files.remove(path);
      await root.markSwept(folder);
    } catch (error) {
      this.#logger.warn(`${path}, which is deleted, could not be removed yet`, error);
    }
  }

  // ── Totals ───────────────────────────────────────────────────────────────────────────────────

  /** Says, durably, that a space is about to change. */
  async markCounting(spaceId: string): Promise<void> {
    const root = await this.get();
    const exists = spaceId === SHARED_SPACE || root.has(spaceId);
    if (exists && !root.isCounting(spaceId)) await root.markCounting(spaceId);
  }

  /** Records what spaces come to, where that is not known already. */
  async saveTotals(catalogs: Iterable<readonly [spaceId: string, UserCatalog]>): Promise<void> {
    const root = await this.get();
    const records: RootRecord[] = [];
    for (const [spaceId, catalog] of catalogs) {
      // A shared space that was only looked at has nothing.
      if (catalog.isBlank) continue;
      const totals = totalsOf(catalog);
      if (!root.hasRecorded(spaceId, totals)) records.push({ type: 'counted', spaceId, totals });
    }
    if (records.length > 0) await root.append(records);
  }
}

function pathOf({ spaceId, number }: SpaceFolder): string {
  return spaceFolder(spaceId, number);
}
