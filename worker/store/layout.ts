/**
 * The one place that spells paths:
 *
 * ```
 * store.json                                  format version (slot file)
 * catalog.jsonl                               which users there are (record log)
 * users/<user>/catalog.jsonl                  profile and session list (record log)
 * users/<user>/sessions/<session>/messages.jsonl   the messages (record log)
 * users/<user>/sessions/<session>/messages.idx     where each of them lies (offset table)
 * quarantine/<path>-<offset>                  damaged bytes, set aside
 * ```
 */
export const STORE_FILE = 'store.json';

export const ROOT_CATALOG_FILE = 'catalog.jsonl';

export const USERS_FOLDER = 'users';

export function userFolder(userId: string): string {
  return `${USERS_FOLDER}/${encodeSegment(userId)}`;
}

export function userCatalogFile(userId: string): string {
  return `${userFolder(userId)}/catalog.jsonl`;
}

export function sessionsFolder(userId: string): string {
  return `${userFolder(userId)}/sessions`;
}

export function sessionFolder(userId: string, sessionId: string): string {
  return `${sessionsFolder(userId)}/${encodeSegment(sessionId)}`;
}

export function messagesFile(userId: string, sessionId: string): string {
  return `${sessionFolder(userId, sessionId)}/messages.jsonl`;
}

export function offsetsFile(userId: string, sessionId: string): string {
  return `${sessionFolder(userId, sessionId)}/messages.idx`;
}

export function quarantineFile(path: string, offset: number): string {
  return `quarantine/${encodeSegment(path)}-${offset}`;
}

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

/** The id that a path made by {@link encodeSegment} stands for. */
export function decodeSegment(path: string): string {
  return decodeURIComponent(path.replaceAll(`${CONTINUED}/`, '').replaceAll('=', '%'));
}

/** Whether a folder holds no id's files but the rest of the names of ids that are too long for one. */
export function isContinued(name: string): boolean {
  return name.endsWith(CONTINUED);
}
