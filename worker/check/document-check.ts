import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import { createDigest } from '../documents/digest.ts';
import { DocumentFiles } from '../store/document-files.ts';
import { documentFile, documentsFolder, documentTextFile } from '../store/layout.ts';
import type { Findings, NewFinding } from './findings.ts';
import { filesIn } from './folder.ts';
import { ownerOf, type CheckSource } from './source.ts';
import type { Doubtful, SpaceListing } from './space-listing.ts';

/** Bytes that are read before others get their turn. */
const SLICE_BYTES = 4_194_304;

/**
 * Reads the documents of a space, and looks for files that belong to none. Gives bytes read, and
 * findings with what must be the case for them to hold.
 */
export async function* checkDocuments(
  source: CheckSource,
  spaceId: string,
  listing: SpaceListing,
  findings: Findings,
): AsyncGenerator<number | Doubtful> {
  const { folder, documents, folderIds, unswept } = listing;
  const known = new Set<string>();
  for (const [documentId, { value }] of documents) {
    const { sessionId } = value;
    known.add(documentFile(folder, sessionId, documentId));
    known.add(documentTextFile(folder, sessionId, documentId));
    const isSame = (now: SpaceListing) =>
      now.documents.get(documentId)?.value.uploadedAt === value.uploadedAt;
    for await (const step of checkDocument(source, spaceId, folder, value, findings)) {
      yield typeof step === 'number' ? step : [step, isSame];
    }
  }
  for (const sessionId of folderIds) {
    if (unswept.has(sessionId)) continue;
    const inside = documentsFolder(folder, sessionId);
    const files = await source.turn(spaceId, (view) => filesIn(view, inside));
    for (const [path, bytes] of files) {
      if (known.has(path) || source.isBeingWritten(path)) continue;
      const isUnknown = (now: SpaceListing) =>
        ![...now.documents.values()].some(
          ({ id, value }) =>
            value.sessionId === sessionId &&
            (documentFile(folder, sessionId, id) === path ||
              documentTextFile(folder, sessionId, id) === path),
        );
      yield [unlisted(path, bytes, ownerOf(spaceId, sessionId), listing), isUnknown];
    }
  }
}

function unlisted(
  path: string,
  bytes: number,
  owner: Partial<NewFinding>,
  { isBlank, isDamaged }: SpaceListing,
): NewFinding {
  // Where the list is whole, this is what a crash has left, or a removal that failed.
  const isLost = (isBlank || isDamaged) && !path.endsWith('.text.jsonl');
  return {
    kind: isLost ? 'unlisted-document' : 'leftover',
    path,
    ...owner,
    message: isLost
      ? 'The list, which is damaged, does not have this document.'
      : 'A file that belongs to no document.',
    repairable: true,
    bytes,
  };
}

async function* checkDocument(
  source: CheckSource,
  spaceId: string,
  folder: string,
  { sessionId, documentId, sha256, size, text }: FFDocumentDTO,
  findings: Findings,
): AsyncGenerator<number | NewFinding> {
  const owner = { ...ownerOf(spaceId, sessionId), documentId };
  const path = documentFile(folder, sessionId, documentId);
  if (sha256 !== undefined) {
    const digest = createDigest();
    let read = 0;
    for (;;) {
      const from = read;
      const length = await source.turn(spaceId, ({ files }) =>
        files.use(path, (file) => {
          const piece = new Uint8Array(SLICE_BYTES);
          const filled = file.read(piece, from);
          digest.update(piece.subarray(0, filled));
          return filled;
        }),
      );
      if (length === null) {
        const message = `The content of the document, ${size} bytes, is gone.`;
        yield { kind: 'missing-document', path, ...owner, message, bytes: size };
        break;
      }
      read += length;
      yield length;
      if (length === SLICE_BYTES) continue;
      findings.read(read);
      if (read === size && digest.hex() === sha256) break;
      const message = `The content of the document is not what was stored: ${read} bytes where ${size} are listed, or other ones.`;
      yield { kind: 'damaged-document', path, ...owner, message, bytes: read };
      break;
    }
  }
  if (text.status !== 'ready') return;
  const textPath = documentTextFile(folder, sessionId, documentId);
  const chunks = await source.turn(spaceId, ({ files }) =>
    new DocumentFiles(files).readText(textPath),
  );
  if (chunks?.length === text.chunks) return;
  const message = 'The text that was found in the document is missing or damaged.';
  yield { kind: 'damaged-text', path: textPath, ...owner, message, repairable: true };
}
