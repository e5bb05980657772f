/**
 * The one place that spells paths:
 *
 * ```
 * store.json                              format version (slot file)
 * catalog.jsonl                           users, backups, saved settings (record log)
 * users/<user>/                           the space of a user
 * shared/                                 the space of what belongs to no user alone: personas, panels
 *   catalog.jsonl                         profile, sessions, documents, contexts (record log)
 *   search/                               the index of what is in it, which can be made anew
 *     manifest-<number>.jsonl               what counts, and what it covers (records)
 *     <number>.segment                      the terms of some messages, or of chunks of documents
 *     <number>.vectors                      their vectors
 *   sessions/<session>/messages.jsonl     the messages (record log)
 *   sessions/<session>/messages.idx       where each of them lies (offset table)
 *   sessions/<session>/documents/<document>         a document's bytes, as they are
 *   sessions/<session>/documents/<document>.text.jsonl   the text in it, in chunks (record log)
 * backups/<name>.<number>.zip             backups
 * incoming/<id>.zip                       archives that are being imported
 * quarantine/<path>-<offset>              damaged bytes, set aside
 * reserve                                 room for deletions on a full disk
 * ```
 *
 * A space that a restore has replaced lies in a folder with a number behind its name, and a log that
 * was compacted may lie in its alternate file, see `log-file.ts`.
 */
export const STORE_FILE = 'store.json';

export const ROOT_CATALOG_FILE = 'catalog.jsonl';

export const USERS_FOLDER = 'users';

export const BACKUPS_FOLDER = 'backups';

export const INCOMING_FOLDER = 'incoming';

export const QUARANTINE_FOLDER = 'quarantine';

export const RESERVE_FILE = 'reserve';

/** Stands where a user's id does for what belongs to no user alone. No id contains a slash. */
export const SHARED_SPACE = '/shared';

/** The folder of a user, or of {@link SHARED_SPACE}; number 0 is the one that it has at first. */
export function spaceFolder(spaceId: string, number = 0): string {
  const name = spaceId === SHARED_SPACE ? 'shared' : `${USERS_FOLDER}/${encodeSegment(spaceId)}`;
  return number === 0 ? name : `${name}.${number}`;
}

export function catalogFile(space: string): string {
  return `${space}/catalog.jsonl`;
}

export function searchFolder(space: string): string {
  return `${space}/search`;
}

export function sessionsFolder(space: string): string {
  return `${space}/sessions`;
}

export function sessionFolder(space: string, sessionId: string): string {
  return `${sessionsFolder(space)}/${encodeSegment(sessionId)}`;
}

export function messagesFile(space: string, sessionId: string): string {
  return `${sessionFolder(space, sessionId)}/messages.jsonl`;
}

/** Where the records of a message log lie: beside it, also when that is an alternate file. */
export function offsetsFile(messages: string): string {
  return messages.replace(/jsonl$/, 'idx');
}

export function documentsFolder(space: string, sessionId: string): string {
  return `${sessionFolder(space, sessionId)}/documents`;
}

export function documentFile(space: string, sessionId: string, documentId: string): string {
  return `${documentsFolder(space, sessionId)}/${encodeSegment(documentId)}`;
}

export function documentTextFile(space: string, sessionId: string, documentId: string): string {
  return `${documentFile(space, sessionId, documentId)}.text.jsonl`;
}

export function backupFile(path: string, number: number): string {
  return `${BACKUPS_FOLDER}/${encodeSegment(path)}.${number}.zip`;
}

export function incomingFile(importId: string): string {
  return `${INCOMING_FOLDER}/${encodeSegment(importId)}.zip`;
}

export function quarantineFile(path: string, offset: number): string {
  return `${QUARANTINE_FOLDER}/${encodeSegment(path)}-${offset}`;
}

/** Where is written down what was lost of a file. */
export function lossNoteFile(path: string): string {
  return `${QUARANTINE_FOLDER}/${encodeSegment(path)}-${LOSS_NOTE}`;
}

/** In the place of an offset. */
export const LOSS_NOTE = 'lost.json';

/** Longest name that is made; every file system of today allows 255 bytes. */
const MAX_NAME = 200;

/** Ends a name that goes on in the folder of that name; no encoded id contains it. */
const CONTINUED = '+';

const encoder = new TextEncoder();

/**
 * An id as a path that is the same on every platform, and from which {@link decodeSegment} gets the
 * id back. Lower-case letters, digits, `-` and `_` stand for themselves, every other byte of the
 * UTF-8 becomes `=xx`: upper-case letters too, since Safari keeps these files on a file system to
 * which `Alice` and `alice` are one name. What is too long for a name goes on in a folder below.
 */
export function encodeSegment(id: string): string {
  let name = '';
  for (const byte of encoder.encode(id)) {
    const character = String.fromCharCode(byte);
    name += /[a-z0-9_-]/.test(character) ? character : `=${byte.toString(16).padStart(2, '0')}`;
  }
  const names: string[] = [];
  for (let start = 0; start < name.length; start += MAX_NAME) {
    names.push(name.slice(start, start + MAX_NAME));
  }
  return names.join(`${CONTINUED}/`);
}

/** The number behind the name of a space's folder, and the name without it. */
export function splitFolderNumber(name: string): {
  readonly name: string;
  readonly number: number;
} {
  const dot = name.lastIndexOf('.');
  if (dot === -1) return { name, number: 0 };
  return { name: name.slice(0, dot), number: Number(name.slice(dot + 1)) };
}

/** The id that a path made by {@link encodeSegment} stands for. */
export function decodeSegment(path: string): string {
  return decodeURIComponent(path.replaceAll(`${CONTINUED}/`, '').replaceAll('=', '%'));
}

/** Whether a folder holds no id's files but the rest of the names of ids that are too long for one. */
export function isContinued(name: string): boolean {
  return name.endsWith(CONTINUED);
}
