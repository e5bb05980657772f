import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { encodeSegment } from '../store/layout.ts';
import { damaged, quoted } from './damaged.ts';

/**
 * Names inside the archive, for people who unpack it:
 *
 * ```
 * users/<user>/profile.json
 * users/<user>/sessions.jsonl
 * users/<user>/documents.jsonl
 * users/<user>/contexts.jsonl
 * users/<user>/sessions/<session>/messages.jsonl
 * users/<user>/sessions/<session>/documents/<document>-<original name>
 * shared/personas.jsonl
 * shared/panels.jsonl
 * shared/panels/<panel>/messages.jsonl
 * manifest.json
 * ```
 *
 * Different ids give different names, also where upper and lower case are one. No name is longer
 * than 200 characters, so that a backup also unpacks where a path ends at 260. Ids are not read
 * back from names: they stand in the files.
 */
export const PERSONAS_FILE = 'shared/personas.jsonl';

export const PANELS_FILE = 'shared/panels.jsonl';

export function panelMessagesFile(panelId: string): string {
  return `shared/panels/${segment(panelId)}/messages.jsonl`;
}

export function profileFile(userId: string): string {
  return `${userFolder(userId)}/profile.json`;
}

export function sessionsFile(userId: string): string {
  return `${userFolder(userId)}/sessions.jsonl`;
}

export function documentsFile(userId: string): string {
  return `${userFolder(userId)}/documents.jsonl`;
}

export function contextsFile(userId: string): string {
  return `${userFolder(userId)}/contexts.jsonl`;
}

export function messagesFile(userId: string, sessionId: string): string {
  return `${sessionFolder(userId, sessionId)}/messages.jsonl`;
}

/** @param originalName the name that the document came with, of any shape */
export function documentContentFile(
  userId: string,
  sessionId: string,
  documentId: string,
  originalName: string,
): string {
  const name = fileName(originalName);
  const id = segment(documentId);
  return `${sessionFolder(userId, sessionId)}/documents/${name === '' ? id : `${id}-${name}`}`;
}

function userFolder(userId: string): string {
  return `users/${segment(userId)}`;
}

function sessionFolder(userId: string, sessionId: string): string {
  return `${userFolder(userId)}/sessions/${segment(sessionId)}`;
}

/** Holds a UUID whole. */
const MAX_SEGMENT = 40;
const DIGEST_DIGITS = 20;

/** Ends what is not the plain encoding of an id; no encoded id contains it. */
const MARK = '~';

/** Names that Windows keeps for devices. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** An id as one name: the encoding of the store, and where that is too long its start and a digest. */
function segment(id: string): string {
  const encoded = encodeSegment(id);
  if (encoded.length <= MAX_SEGMENT) return DEVICE.test(encoded) ? `${encoded}${MARK}` : encoded;
  const start = encoded
    .slice(0, MAX_SEGMENT - DIGEST_DIGITS - MARK.length)
    // An escape is not cut in two.
    .replace(/=[0-9a-f]?$/, '');
  return `${start}${MARK}${bytesToHex(sha256(utf8ToBytes(encoded))).slice(0, DIGEST_DIGITS)}`;
}

const MAX_FILE_NAME = 40;
const MAX_EXTENSION = 10;

/**
 * A file's own name with what some system refuses replaced, shortened before its extension. The
 * document's id in front of it makes it unique.
 */
function fileName(originalName: string): string {
  const name = trimmed(originalName.normalize('NFC').replace(/[^\p{L}\p{N}._ ()-]+/gu, '_'));
  const characters = [...name];
  if (characters.length <= MAX_FILE_NAME && name.length <= MAX_FILE_NAME) return name;
  const extension = /\.[a-z0-9]+$/i.exec(name)?.[0] ?? '';
  const kept = extension.length <= MAX_EXTENSION ? extension : '';
  let start = '';
  for (const character of characters) {
    if (start.length + character.length + kept.length > MAX_FILE_NAME) break;
    start += character;
  }
  return trimmed(start) + kept;
}

/** Windows drops dots and spaces at the end of a name; at the start a dot hides the file. */
function trimmed(name: string): string {
  return name.replace(/^[. ]+|[. ]+$/g, '');
}

/**
 * Refuses a name that could lead anywhere but into the folder that an archive is unpacked to.
 *
 * @throws FFStorageError with the code `corrupt`
 */
export function checkName(name: string): void {
  const fault = nameFault(name);
  if (fault !== undefined) {
    throw damaged(`The archive names a file ${quoted(name)}, which is unsafe: it ${fault}.`);
  }
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (hasControlCharacter(name)) return 'holds a control character';
  if (name.includes('\\')) return 'holds a backslash';
  if (name.startsWith('/')) return 'is absolute';
  if (/^[a-z]:/i.test(name)) return 'starts with a drive letter';
  const segments = name.split('/');
  if (segments.includes('')) return 'has an empty part';
  if (segments.includes('.') || segments.includes('..')) return 'has a part that is "." or ".."';
  return undefined;
}

function hasControlCharacter(name: string): boolean {
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index);
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return true;
  }
  return false;
}
