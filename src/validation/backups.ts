import * as v from 'valibot';
import type { BackupScope } from '../shared/contract.ts';
import type { FFProgress } from '../shared/model/backup.ts';
import type { Fields } from './fields.ts';
import { abortSignal, dropUndefined, options, parse, preview, text } from './parse.ts';
import { isBlob, isReadableStream } from './platform.ts';

/** Slash-separated names that are safe in every file system. */
const SEGMENT = '(?!\\.(?:/|$))(?![^/]*\\.\\.)[A-Za-z0-9 _.-]{1,64}';
const BACKUP_PATH = new RegExp(`^${SEGMENT}(?:/${SEGMENT}){0,7}$`);

const backupPath = v.pipe(
  text,
  v.regex(
    BACKUP_PATH,
    (issue) =>
      `must be one to eight names of letters, digits, spaces, "-", "_" and ".", separated by "/"; got ${preview(issue.input)}`,
  ),
);

const archive = v.custom<Blob | ReadableStream<unknown>>(
  (value) => isBlob(value) || (isReadableStream(value) && !value.locked),
  ({ input }) => {
    const got = isReadableStream(input) ? 'a stream that is being read already' : preview(input);
    return `must be a Blob or a ReadableStream; got ${got}`;
  },
);

/** How the caller follows a transfer, and how it ends one. */
export interface TransferControl {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FFProgress) => void;
}

/** What moves in or out, and how it is followed. */
export interface TransferOptions {
  readonly scope: BackupScope;
  readonly control: TransferControl;
}

/** Checks backups, exports and imports. */
export function createBackupValidator({ id }: Fields) {
  const userId = v.optional(id);
  const scope = options({ userId });
  const control = {
    signal: v.optional(abortSignal),
    onProgress: v.optional(
      v.custom<(progress: FFProgress) => void>(
        (value) => typeof value === 'function',
        (issue) => `must be a function; got ${preview(issue.input)}`,
      ),
    ),
  };
  const transfer = options({ userId, ...control });
  const check = options(control);

  return {
    backupPath: (value: unknown): string => parse(backupPath, value, 'backupPath'),
    backupScope: (value: unknown): BackupScope => dropUndefined(parse(scope, value, '', 'options')),
    transfer: (value: unknown): TransferOptions => {
      const { userId: user, ...rest } = parse(transfer, value, '', 'options');
      return { scope: dropUndefined({ userId: user }), control: dropUndefined(rest) };
    },
    checkControl: (value: unknown): TransferControl =>
      dropUndefined(parse(check, value, '', 'options')),
    archive: (value: unknown): Blob | ReadableStream<unknown> => parse(archive, value, 'archive'),
  };
}
