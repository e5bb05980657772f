import type { FFStorageError } from '../../src/shared/errors.ts';
import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import { damaged, quoted } from '../archive/damaged.ts';
import {
  contextsFile,
  documentContentFile,
  documentsFile,
  messagesFile,
  profileFile,
  sessionsFile,
} from '../archive/names.ts';
import { release } from '../archive/release.ts';
import { createDigest } from '../documents/digest.ts';
import type { MessageLogWriter } from '../store/message-log-writer.ts';
import type { MessageRecord } from '../store/message-record.ts';
import { StagedSpace } from '../store/staged-space.ts';
import { countedRecord, type CatalogRecord } from '../store/user-catalog.ts';
import {
  MAX_LINE_BYTES,
  parseContext,
  parseDocument,
  parseMessage,
  parseProfile,
  parseSession,
  type ArchivedDocument,
} from './lines.ts';
import type { Restoring } from './restore.ts';
import { toSession } from './session-lines.ts';

/** Bytes of lines that are written at once. */
const SLICE_BYTES = 262_144;

/** Makes a user as the archive has them, beside the store; gives the bytes it has read now and then. */
export async function* stageUser(restoring: Restoring, userId: string): AsyncGenerator<number> {
  const { store, archive, at, staged, records, report } = restoring;
  await store.background(userId, async () => {
    staged.push(await StagedSpace.begin(store, userId));
  });
  const space = staged.at(-1);
  if (space === undefined) return;
  const catalog: CatalogRecord[] = [];

  const profile = await readProfile(restoring, userId);
  catalog.push({ type: 'user', profile });

  const sessionIds = new Set<string>();
  const file = sessionsFile(userId);
  for await (const line of archive.lines(file, MAX_LINE_BYTES)) {
    const session = toSession(parseSession(line, file));
    const { sessionId } = session;
    if (sessionIds.has(sessionId)) throw twice(file, sessionId);
    sessionIds.add(sessionId);
    catalog.push({ type: 'session', session });
    const writer = yield* stageMessages(
      restoring,
      space,
      sessionId,
      messagesFile(userId, sessionId),
    );
    if (writer !== null) {
      const count = writer.count(sessionId);
      catalog.push(countedRecord(count));
      report.messages += count.messageCount;
    }
  }

  const documentIds = new Set<string>();
  for await (const line of archive.lines(documentsFile(userId), MAX_LINE_BYTES)) {
    const document = parseDocument(line, documentsFile(userId));
    const { documentId, sessionId } = document;
    if (documentIds.has(documentId)) throw twice(documentsFile(userId), documentId);
    if (!sessionIds.has(sessionId)) throw nowhere(documentsFile(userId), sessionId);
    documentIds.add(documentId);
    yield* stageContent(restoring, space, userId, document);
    catalog.push(documentRecord(document));
  }

  const contextIds = new Set<string>();
  for await (const line of archive.lines(contextsFile(userId), MAX_LINE_BYTES)) {
    const context = parseContext(line, contextsFile(userId));
    const { contextId, sessionId } = context;
    if (contextIds.has(contextId)) throw twice(contextsFile(userId), contextId);
    contextIds.add(contextId);
    if (!sessionIds.has(sessionId)) throw nowhere(contextsFile(userId), sessionId);
    const value = { ...context, userId };
    catalog.push({ type: 'put', kind: 'context', id: contextId, sessionId, value });
  }

  records.push(...(await space.finish(catalog, at)));
  report.users += 1;
  report.sessions += sessionIds.size;
  report.documents += documentIds.size;
  if (documentIds.size > 0) restoring.withDocuments.push(userId);
}

async function readProfile({ archive }: Restoring, userId: string) {
  const name = profileFile(userId);
  for await (const line of archive.lines(name, MAX_LINE_BYTES)) {
    const profile = parseProfile(line, name);
    if (profile.userId === userId) return profile;
    throw damaged(`The file ${quoted(name)} is the profile of another user.`);
  }
  throw damaged(`The file ${quoted(name)} is empty.`);
}

/** Gives the writer of what has been written; `null` where there is nothing. */
export async function* stageMessages(
  { archive }: Restoring,
  space: StagedSpace,
  sessionId: string,
  file: string,
): AsyncGenerator<number, MessageLogWriter | null> {
  const messageIds = new Set<string>();
  let writer: MessageLogWriter | null = null;
  let records: MessageRecord[] = [];
  let bytes = 0;
  for await (const line of archive.lines(file, MAX_LINE_BYTES)) {
    const record = parseMessage(line, file);
    const messageId = record.type === 'delete' ? record.messageId : record.message.messageId;
    if (messageIds.has(messageId)) throw twice(file, messageId);
    messageIds.add(messageId);
    records.push(record);
    bytes += line.length;
    if (bytes < SLICE_BYTES) continue;
    writer ??= await space.messages(sessionId);
    await writer.add(records);
    yield bytes;
    records = [];
    bytes = 0;
  }
  if (records.length > 0) {
    writer ??= await space.messages(sessionId);
    await writer.add(records);
    yield bytes;
  }
  await writer?.commit();
  return writer;
}

async function* stageContent(
  { store, archive }: Restoring,
  space: StagedSpace,
  userId: string,
  { sessionId, documentId, originalName, size, sha256 }: ArchivedDocument,
): AsyncGenerator<number> {
  if (sha256 === undefined) return;
  const name = documentContentFile(userId, sessionId, documentId, originalName);
  const digest = createDigest();
  let read = 0;
  async function* content(): AsyncGenerator<Uint8Array> {
    for await (const piece of archive.content(name)) {
      digest.update(piece);
      read += piece.length;
      yield piece;
      release(piece);
    }
  }
  await store.documents.write(space.documentFile(sessionId, documentId), content());
  if (read !== size || digest.hex() !== sha256) {
    throw damaged(`The file ${quoted(name)} is not the document that is listed.`);
  }
  yield read;
}

function documentRecord(archived: ArchivedDocument): CatalogRecord {
  const { documentId, sessionId, size, sha256 } = archived;
  const value: FFDocumentDTO = {
    ...archived,
    text:
      sha256 === undefined
        ? { status: 'none', reason: 'no-content', message: 'It was stored without content.' }
        : { status: 'pending' },
  };
  const bytes = sha256 === undefined ? 0 : size;
  return { type: 'put', kind: 'document', id: documentId, sessionId, bytes, value };
}

/** An id that must be the only one of its kind. */
export function twice(file: string, id: string): FFStorageError {
  return damaged(`The file ${quoted(file)} has ${quoted(id)} twice.`);
}

function nowhere(file: string, sessionId: string): FFStorageError {
  return damaged(
    `The file ${quoted(file)} speaks of a session ${quoted(sessionId)} that is not there.`,
  );
}
