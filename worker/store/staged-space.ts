import { catalogFile, documentFile, messagesFile, spaceFolder } from './layout.ts';
import { LogRewrite } from './log-file.ts';
import { MessageLogWriter } from './message-log-writer.ts';
import type { RootRecord, SpaceFolder } from './root-catalog.ts';
import { totalsOf } from './space-totals.ts';
import type { Store } from './store.ts';
import { UserCatalog, type CatalogRecord } from './user-catalog.ts';

/**
 * A space that is being made beside the one that is in use, in a folder of its own. Nothing of it can
 * be seen until it is adopted; what a crash leaves of it is removed at the next opening.
 */
export class StagedSpace {
  readonly folder: SpaceFolder;
  /** The folder's path. */
  readonly path: string;
  readonly #store: Store;

  private constructor(store: Store, folder: SpaceFolder) {
    this.#store = store;
    this.folder = folder;
    this.path = spaceFolder(folder.spaceId, folder.number);
  }

  static async begin(store: Store, spaceId: string): Promise<StagedSpace> {
    return new StagedSpace(store, await store.spaces.stage(spaceId));
  }

  /** Begins the messages of a session. */
  async messages(sessionId: string): Promise<MessageLogWriter> {
    const { files } = this.#store;
    const log = await LogRewrite.fresh(messagesFile(this.path, sessionId), files);
    return new MessageLogWriter(log, files);
  }

  /** Where a document's bytes belong. */
  documentFile(sessionId: string, documentId: string): string {
    return documentFile(this.path, sessionId, documentId);
  }

  /**
   * Writes the catalog, which must be the last thing: a folder that has one counts as whole.
   *
   * @returns what the root catalog is to be told when the space is adopted
   */
  async finish(records: readonly CatalogRecord[], at: number): Promise<RootRecord[]> {
    const { spaceId } = this.folder;
    const path = catalogFile(this.path);
    const log = await LogRewrite.fresh(path, this.#store.files);
    await log.append(records);
    await this.#store.files.flushAll();
    await log.commit();
    const catalog = await UserCatalog.open(spaceId, path, this.#store.logContext);
    return [
      { type: 'adopted', at, ...this.folder },
      { type: 'counted', spaceId, totals: totalsOf(catalog) },
    ];
  }

  /** Removes what was made. */
  async discard(): Promise<void> {
    await this.#store.spaces.discard(this.folder);
  }
}
