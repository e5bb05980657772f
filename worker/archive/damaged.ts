import { FFStorageError } from '../../src/shared/errors.ts';

/**
 * The error for a backup that cannot be restored.
 *
 * @param what a sentence that says what is wrong, and with which file
 */
export function damaged(what: string, cause?: unknown): FFStorageError {
  return new FFStorageError(`${what} Use another copy of the backup, or export it again.`, {
    code: 'corrupt',
    cause,
  });
}

/** The error for a file that something else made. */
export function foreign(why: string, cause?: unknown): FFStorageError {
  return new FFStorageError(
    `This is no flatfile-chat backup: ${why}. Choose a file that exportBackup or backupData made.`,
    { code: 'corrupt', cause },
  );
}

/** A name as it stands in a message: visible, and short whatever an archive claims. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
