import type { FFProgress } from '../shared/model/backup.ts';
import type {
  FFRepairReportDTO,
  FFStorageHealthDTO,
  FFVerifyReportDTO,
} from '../shared/model/reliability.ts';

/** How a look at the whole store is followed and ended. */
export interface CheckOptions {
  /** Ends it with an `FFStorageError`, code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called as it goes on with the bytes read so far; `totalBytes` is an estimate until the last call.
   * What it throws ends it.
   */
  readonly onProgress?: ((progress: FFProgress) => void) | undefined;
}

/**
 * Whether the store is in order, and what to do when it is not. {@link verify}, {@link repair} and
 * {@link salvage} also work before `initialize()`, after `close()` and, above all, when `initialize()`
 * has rejected: they then open the files themselves, for as long as they take. No other tab may have
 * the store open then: they wait for it to let go, and reject with `timeout` when it has not within
 * `runtime.callTimeoutMs`. Once begun they have no deadline.
 */
export interface ReliabilityMethods {
  /**
   * Reads every file against its checksums and compares what the parts of the store say of each other:
   * lists and folders, counts and records, descriptions and documents, messages and the tables and
   * indexes made from them, backups. Nothing is changed. The store goes on meanwhile; what changes
   * while it is looked at is not held against it.
   *
   * @throws FFStorageError `aborted`.
   */
  verify(options?: CheckOptions): Promise<FFVerifyReportDTO>;

  /**
   * Verifies the store, puts in order what can be, and verifies it again. Lists are completed from the
   * files, counts, tables and indexes made anew from the messages, damaged bytes moved to
   * `quarantine/`; nothing that can be read is given up, and what is removed from a list is written
   * down there first. Doing it twice changes nothing more.
   *
   * What was lost does not come back by it: restore a backup for that. It stays reported, as
   * `set-aside` or as it was. A missing mark of the format is written anew only where the records
   * beside it prove the format.
   *
   * @throws FFStorageError `aborted`, between two mendings; `version` where a newer release wrote the
   *   store, `corrupt` where nothing in it can be read. Nothing is changed then.
   */
  repair(options?: CheckOptions): Promise<FFRepairReportDTO>;

  /**
   * An archive of everything that can still be read, which `importBackup()` takes. It is made as it is
   * read and never writes. What cannot be read is left out; `salvage.json` in it names that, and
   * `quarantine/` has the damaged bytes that were set aside, for a person to look at.
   *
   * The stream must be read to its end, cancelled or aborted, as with `exportBackup()`. Of a store that
   * is not open it holds the files until then.
   *
   * @throws FFStorageError `aborted` when the signal has fired already.
   */
  salvage(options?: CheckOptions): Promise<ReadableStream<Uint8Array>>;

  /**
   * Asks the browser not to evict what this origin has stored, and gives whether it has promised that.
   * Browsers decide by themselves, or ask the user; `false` also where they cannot be asked, as in a
   * worker or a page without HTTPS. Works whether or not the store is open.
   */
  requestPersistence(): Promise<boolean>;

  /** How safe the data is in this browser, for the app to show: see {@link FFStorageHealthDTO}. */
  getStorageHealth(): Promise<FFStorageHealthDTO>;
}
