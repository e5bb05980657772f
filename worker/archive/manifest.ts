import * as v from 'valibot';
import { FFStorageError } from '../../src/shared/errors.ts';
import { isStoredTimestamp } from '../../src/shared/timestamps.ts';
import { damaged, foreign, quoted } from './damaged.ts';
import { checkName } from './names.ts';

export const MANIFEST_NAME = 'manifest.json';

/** Bytes of `manifest.json`: about 300,000 files. It is read and written whole. */
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

const FORMAT = 'flatfile-chat-backup';
const VERSION = 1;

/** A file of the archive. */
export interface ArchivedFile {
  readonly name: string;
  /** Before compression. */
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** How much of one user the archive holds. */
export interface ManifestUser {
  readonly userId: string;
  readonly sessions: number;
  readonly messages: number;
  readonly documents: number;
}

/** How much the archive holds; the first four say it of the users that it lists. */
export interface ManifestCounts {
  readonly users: number;
  readonly sessions: number;
  readonly messages: number;
  readonly documents: number;
  readonly personas: number;
  readonly panels: number;
  readonly panelMessages: number;
}

/** What `manifest.json` says. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** ISO 8601 in UTC with milliseconds. */
  readonly createdAt: string;
  /** The one user that it holds; absent when it holds the whole store. */
  readonly userId?: string;
  readonly counts: ManifestCounts;
  readonly users: readonly ManifestUser[];
  /** Every file but the manifest itself. */
  readonly files: readonly ArchivedFile[];
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const id = v.pipe(v.string(), v.nonEmpty());

const schema = v.strictObject({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  createdAt: v.pipe(
    v.string(),
    v.check(isStoredTimestamp, 'must be a UTC timestamp with milliseconds'),
  ),
  userId: v.exactOptional(id),
  counts: v.strictObject({
    users: count,
    sessions: count,
    messages: count,
    documents: count,
    personas: count,
    panels: count,
    panelMessages: count,
  }),
  users: v.array(
    v.strictObject({ userId: id, sessions: count, messages: count, documents: count }),
  ),
  files: v.array(
    v.strictObject({
      name: v.string(),
      bytes: count,
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
    }),
  ),
});

const envelope = v.looseObject({
  format: v.literal(FORMAT),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/**
 * The manifest that the text spells.
 *
 * @throws FFStorageError with the code `version` when a newer version wrote it, with `corrupt` when
 *   it is malformed or contradicts itself
 */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(`The backup's ${MANIFEST_NAME} is not JSON.`, cause);
  }
  const head = v.safeParse(envelope, value, { abortEarly: true });
  if (!head.success) {
    const [{ path }] = head.issues;
    if (path?.[0].key === 'version') throw malformed(head.issues[0]);
    throw foreign(`its ${MANIFEST_NAME} does not name the format "${FORMAT}"`);
  }
  const { version } = head.output;
  if (version > VERSION) {
    throw new FFStorageError(
      `The backup was made by a newer version of flatfile-chat: its format has the version ${version}, ` +
        `this one reads version ${VERSION}. Update flatfile-chat, then restore it.`,
      { code: 'version' },
    );
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (!result.success) throw malformed(result.issues[0]);
  checkFiles(result.output);
  checkCounts(result.output);
  return result.output;
}

/**
 * The bytes of `manifest.json`.
 *
 * @throws FFStorageError when there are more files than a backup can list, or when the manifest could
 *   not be read back: that is to show while the data is still there
 */
export function formatManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  parseManifest(text);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new FFStorageError(
      `One backup cannot list ${manifest.files.length} files. Back up the users one by one.`,
      { code: 'io' },
    );
  }
  return bytes;
}

function malformed(issue: v.BaseIssue<unknown>): FFStorageError {
  const where = v.getDotPath(issue);
  return damaged(
    `The backup's ${MANIFEST_NAME} is malformed${where === null ? '' : ` at ${where}`}: ${issue.message}.`,
  );
}

function checkFiles({ files }: Manifest): void {
  const names = new Set<string>();
  for (const { name } of files) {
    checkName(name);
    if (name === MANIFEST_NAME) throw damaged(`The backup's ${MANIFEST_NAME} lists itself.`);
    if (names.has(name)) {
      throw damaged(`The backup's ${MANIFEST_NAME} lists ${quoted(name)} more than once.`);
    }
    names.add(name);
  }
}

/** Counts are shown and planned with before anything is read, so they must not promise nonsense. */
function checkCounts({ counts, users, userId, files }: Manifest): void {
  const ids = new Set(users.map((user) => user.userId));
  const holds =
    ids.size === users.length &&
    counts.users === users.length &&
    counts.sessions === total(users.map((user) => user.sessions)) &&
    counts.messages === total(users.map((user) => user.messages)) &&
    counts.documents === total(users.map((user) => user.documents)) &&
    (userId === undefined || (users.length === 1 && ids.has(userId)));
  if (!holds) throw damaged(`The counts in the backup's ${MANIFEST_NAME} contradict each other.`);
  // Whatever is counted has a line in some file.
  if (total(Object.values(counts)) > total(files.map((file) => file.bytes))) {
    throw damaged(`The backup's ${MANIFEST_NAME} counts more than its files can hold.`);
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
