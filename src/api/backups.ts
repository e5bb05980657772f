import type { FFBackupInfoDTO, FFImportReportDTO, FFProgress } from '../shared/model/backup.ts';

/** Whose data a backup or a restore is about. */
export interface BackupOptions {
  /** One user with what they own; the whole store when absent. */
  readonly userId?: string | undefined;
}

/** How an export or an import is followed and ended. */
export interface TransferArchiveOptions extends BackupOptions {
  /** Ends it with an `FFStorageError`, code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** Called as it goes on; what it throws ends the transfer. */
  readonly onProgress?: ((progress: FFProgress) => void) | undefined;
}

/**
 * Backups, inside of the store and out of the browser. There is one archive format, a ZIP, so that
 * what {@link exportBackup} gives anyone can unpack. It holds users with all that is theirs, and
 * personas and panels; not the configuration, and not the backups.
 *
 * A restore replaces, whole, the users that the archive names (or the one asked for), with the personas
 * and panels that they own; personas and panels without an owner replace those of the same id.
 * Everything else stays, and what the archive has of an id that belongs to somebody else is left out
 * with a warning. The archive is verified before the store is touched, and a restore completes or
 * changes nothing, also across a crash. What is written to a user while they are being restored is
 * replaced with them.
 *
 * What moves data has no deadline; only the loss of the worker ends it early.
 */
export interface BackupMethods {
  /**
   * Writes a backup into the store's own area and gives `true` once it is whole and durable. One of
   * the same name is replaced then, and not before.
   *
   * @param backupPath one to eight names of letters, digits, spaces, `-`, `_` and `.`, at most 64
   *   characters each, separated by `/`, such as `nightly/monday`.
   * @throws FFUserNotFoundError when there is no such user.
   * @throws FFQuotaExceededError when the disk is full; an earlier backup of that name is intact.
   */
  backupData(backupPath: string, options?: BackupOptions): Promise<boolean>;

  /**
   * Restores a backup of {@link backupData} and gives `true`.
   *
   * @throws FFStorageError `not-found` when there is no backup of that name, or it does not hold the
   *   user; `corrupt` when it is damaged; `version` when it was written by a later version.
   */
  restoreData(backupPath: string, options?: BackupOptions): Promise<boolean>;

  /**
   * An archive, made as it is read, while the store goes on: each session is whole as of some moment
   * of the export, and one that is deleted meanwhile is left out. The stream must be read to its end,
   * cancelled or aborted. Cancelling it, or aborting `signal`, ends the export.
   *
   * `onProgress` is called after each piece, with the bytes of the archive so far; how many there
   * will be is not known beforehand.
   *
   * @throws FFUserNotFoundError when there is no such user.
   * @throws FFStorageError `aborted` when the signal has fired already.
   */
  exportBackup(options?: TransferArchiveOptions): Promise<ReadableStream<Uint8Array>>;

  /**
   * Restores an archive of {@link exportBackup} and tells what came of it. A stream that is given is
   * read to its end, or cancelled where the import fails.
   *
   * `onProgress` counts bytes of the archive: the first half of them is for reading it, the second
   * for verifying and restoring. `totalBytes` is its size, absent while a stream is still being
   * read; the last call has `doneBytes` equal to it. An abort changes nothing; one that comes when
   * the store is being changed already is too late, and the import completes.
   *
   * @throws FFStorageError `aborted`; `corrupt` for what is no archive or is damaged; `version` for
   *   one of a later version; `not-found` when it does not hold the user.
   */
  importBackup(
    archive: Blob | ReadableStream<Uint8Array>,
    options?: TransferArchiveOptions,
  ): Promise<FFImportReportDTO>;

  /** The backups in the store's own area, the newest first. */
  listBackups(): Promise<FFBackupInfoDTO[]>;

  /** Deletes a backup from the store's own area; `false` when there is none of that name. */
  deleteBackup(backupPath: string): Promise<boolean>;
}
