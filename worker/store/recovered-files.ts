import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../logger.ts';
import { nextTask } from '../next-task.ts';
import {
  backupFile,
  BACKUPS_FOLDER,
  decodeSegment,
  documentsFolder,
  SHARED_SPACE,
} from './layout.ts';
import { scanLog } from './log-scan.ts';
import type { LogContext } from './record-log.ts';
import type { RootCatalog } from './root-catalog.ts';
import type { CatalogRecord, UserCatalog } from './user-catalog.ts';

/** Bytes that are read before others may use the thread. */
const PIECE_BYTES = 1_048_576;

const TEXT_ENDING = '.text.jsonl';

/** The time of what was recovered, when nothing tells it. */
export const UNKNOWN_TIME: string = new Date(0).toISOString();

/**
 * Takes into a user's list, which was lost or damaged, the documents whose files are there although it
 * does not have them. Their names are gone; their bytes are not. What the list says was deleted stays
 * so, whether or not its file could be removed.
 */
export async function recoverDocuments(
  backend: Backend,
  context: LogContext,
  logger: Logger,
  userId: string,
  folder: string,
  catalog: UserCatalog,
): Promise<void> {
  if (userId === SHARED_SPACE) return;
  const dropped = await droppedDocuments(context, catalog);
  for (const { sessionId, createdAt } of catalog.sessions()) {
    const inside = documentsFolder(folder, sessionId);
    for (const name of await namesIn(backend, inside)) {
      const documentId = decodeSegment(name);
      const isKnown = catalog.entities.document.get(documentId) !== undefined;
      if (name.endsWith(TEXT_ENDING) || isKnown || dropped.has(documentId)) continue;
      const content = await measure(context, `${inside}/${name}`);
      if (content === null) continue;
      logger.warn(`The documents of ${userId} lost ${documentId}, which is taken from the files`);
      const value: FFDocumentDTO = {
        documentId,
        sessionId,
        filename: documentId,
        originalName: documentId,
        path: `sessions/${sessionId}/documents/${documentId}`,
        mimeType: 'application/octet-stream',
        uploadedBy: userId,
        uploadedAt: new Date(createdAt).toISOString(),
        ...content,
        text: { status: 'pending' },
      };
      const bytes = content.size;
      await catalog.putEntity('document', { id: documentId, sessionId, bytes, value });
    }
  }
}

/** Takes into the root catalog the backups that it does not know. What they hold is for others to find out. */
export async function recoverBackups(
  root: RootCatalog,
  backend: Backend,
  { files }: LogContext,
  logger: Logger,
): Promise<void> {
  for (const name of await namesIn(backend, BACKUPS_FOLDER)) {
    const [, segment, digits] = /^(.+)\.(\d+)\.zip$/.exec(name) ?? [];
    if (segment === undefined) continue;
    const path = decodeSegment(segment);
    const number = Number(digits);
    const known = root.backups.get(path)?.value;
    // Of two of one name the later counts.
    if (known !== undefined && known.number >= number) continue;
    const sizeBytes = (await files.use(backupFile(path, number), (file) => file.size())) ?? 0;
    logger.warn(`The list of backups lost ${path}, which is taken from the files`);
    const held = { users: 0, sessions: 0, messages: 0, documents: 0 };
    const value = { path, createdAt: UNKNOWN_TIME, sizeBytes, ...held, number };
    await root.append([{ type: 'put', kind: 'backup', id: path, bytes: sizeBytes, value }]);
  }
}

async function droppedDocuments(
  { files }: LogContext,
  { file }: UserCatalog,
): Promise<ReadonlySet<string>> {
  const dropped = new Set<string>();
  await files.use(file.path, (log) =>
    scanLog(log, 0, (located) => {
      const record = located.record as unknown as CatalogRecord;
      if (record.type === 'drop' && record.kind === 'document') dropped.add(record.id);
    }),
  );
  return dropped;
}

async function measure(
  { files }: LogContext,
  path: string,
): Promise<{ readonly size: number; readonly sha256: string } | null> {
  const digest = sha256.create();
  const piece = new Uint8Array(PIECE_BYTES);
  for (let size = 0; ;) {
    const from = size;
    const length = await files.use(path, (file) => file.read(piece, from));
    if (length === null) return null;
    if (length === 0) return { size, sha256: bytesToHex(digest.digest()) };
    digest.update(piece.subarray(0, length));
    size += length;
    await nextTask();
  }
}

/** The files in a folder; those of ids that are too long for a name lie in folders of it. */
async function namesIn(backend: Backend, folder: string, begun = ''): Promise<string[]> {
  const names: string[] = [];
  for (const { name, kind } of await backend.list(`${folder}${begun === '' ? '' : `/${begun}`}`)) {
    const path = begun === '' ? name : `${begun}/${name}`;
    if (kind === 'directory') names.push(...(await namesIn(backend, folder, path)));
    else names.push(path);
  }
  return names;
}
