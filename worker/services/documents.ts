import type { NewDocument } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { matchesType } from '../../src/shared/mime-types.ts';
import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import { createDigest, type Digest } from '../documents/digest.ts';
import { documentFile, documentTextFile, encodeSegment } from '../store/layout.ts';
import { unchanged } from '../store/change.ts';
import type { EntityChange, UserCatalog } from '../store/user-catalog.ts';
import type { CallContext, ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import type { DocumentTexts } from './document-texts.ts';
import { sessionNotFound, userNotFound } from './not-found.ts';
import { markOf, wasDone } from './recall.ts';

export type DocumentService = Pick<
  ServiceApi,
  'storeDocument' | 'getDocument' | 'getDocumentContent' | 'listDocuments' | 'deleteDocument'
>;

const PENDING: FFDocumentDTO['text'] = { status: 'pending' };

/** Stands for the folder of a document that was deleted when the call was made for the first time. */
const DELETED = '';

/** What is read of a document's content at once. */
const PIECE_BYTES = 1_048_576;

export function createDocumentService(
  { store, indexer, now }: ServiceContext,
  texts: DocumentTexts,
): DocumentService {
  /** The catalog of a user who has the session. Only in their lane. */
  async function requireSession(userId: string, sessionId: string): Promise<UserCatalog> {
    const catalog = await store.user(userId);
    if (catalog === null) throw userNotFound(userId);
    if (catalog.session(sessionId) === undefined) throw sessionNotFound(userId, sessionId);
    return catalog;
  }

  /** Makes a document known; its content, if any, is on the disk. */
  function publish(
    call: CallContext,
    userId: string,
    document: FFDocumentDTO,
    space: string,
  ): Promise<string> {
    const { sessionId, documentId, size, sha256 } = document;
    return store.write(userId, async () => {
      const catalog = await requireSession(userId, sessionId);
      if (store.folderOf(userId) !== space) {
        throw new FFStorageError(
          `${userId} was restored from a backup while the document was being stored: store it again.`,
          { code: 'aborted' },
        );
      }
      const bytes = sha256 === undefined ? 0 : size;
      const durable = catalog.putEntity(
        'document',
        { id: documentId, sessionId, bytes, value: document },
        { ...touch(catalog, sessionId), mark: markOf(call, now) },
      );
      return { value: documentId, durable };
    });
  }

  /** A document that comes or goes is activity of its session. */
  function touch(catalog: UserCatalog, sessionId: string): Pick<EntityChange, 'session'> {
    const session = catalog.session(sessionId);
    if (session === undefined) return {};
    return { session: { ...session, updatedAt: Math.max(now(), session.updatedAt) } };
  }

  /** A document of a session, as its catalog knows it. */
  async function find(userId: string, sessionId: string, documentId: string) {
    const entity = (await store.user(userId))?.entities.document.get(documentId);
    return entity?.sessionId === sessionId ? entity.value : null;
  }

  async function readContent(
    userId: string,
    sessionId: string,
    documentId: string,
  ): Promise<Blob | null> {
    const look = () =>
      store.read(userId, async () => {
        const document = await find(userId, sessionId, documentId);
        return document === null ? null : { document, space: store.folderOf(userId) };
      });
    const found = await look();
    if (found === null || found.document.sha256 === undefined) return null;
    const { mimeType: type, size, sha256, originalName } = found.document;
    const digest = createDigest();
    const path = documentFile(found.space, sessionId, documentId);
    const content = await store.documents.readBlob(path, { type, size }, (piece) =>
      digest.update(piece),
    );
    if (content !== null && digest.hex() === sha256) return content;
    // It may have been deleted or restored from a backup in the meantime, which is no damage.
    const isThere = await look();
    if (isThere === null) return null;
    if (isThere.space !== found.space) return readContent(userId, sessionId, documentId);
    throw new FFStorageError(
      `The content of document "${documentId}" (${originalName}) is damaged: its SHA-256 is not the one that was recorded. Restore it from a backup, or delete it.`,
      { code: 'corrupt' },
    );
  }

  async function storeContent(
    call: CallContext,
    userId: string,
    described: FFDocumentDTO,
    content: Blob,
    space: string,
  ): Promise<string> {
    const { sessionId, documentId } = described;
    const digest = createDigest();
    const path = documentFile(space, sessionId, documentId);
    try {
      await store.documents.publish(path, piecesOf(content, digest), () => {
        const { size } = content;
        const document = { ...described, size, sha256: digest.hex(), text: PENDING };
        return publish(call, userId, document, space);
      });
    } catch (error) {
      // Where the session was deleted meanwhile, its folder took the file along.
      await store.read(userId, () => requireSession(userId, sessionId));
      throw error;
    }
    texts.documentStored(userId, documentId);
    return documentId;
  }

  async function storeDocument(
    call: CallContext,
    userId: string,
    sessionId: string,
    document: NewDocument,
    content?: Blob,
  ): Promise<string> {
    const { documentId } = document;
    const { isStored, space } = await store.read(userId, async () => {
      const before = await store.user(userId);
      if (before !== null && wasDone(call, before)) return { isStored: true, space: '' };
      const catalog = await requireSession(userId, sessionId);
      const known = catalog.entities.document.get(documentId);
      return { isStored: known !== undefined, space: store.folderOf(userId) };
    });
    // The same id comes again only when the same call is repeated.
    if (isStored) return documentId;
    const described = describe(userId, sessionId, document, new Date(now()).toISOString());
    return content === undefined
      ? publish(call, userId, described, space)
      : storeContent(call, userId, described, content, space);
  }

  return {
    storeDocument: (...args) => texts.storing(storeDocument(...args)),

    getDocument: (userId, sessionId, documentId) =>
      store.read(userId, () => find(userId, sessionId, documentId)),

    getDocumentContent: readContent,

    listDocuments: (userId, { sessionId, documentType, limit }) =>
      store.read(userId, async () => {
        const table = (await store.user(userId))?.entities.document;
        const entities = sessionId === undefined ? table?.values() : table?.ofSession(sessionId);
        return (entities ?? [])
          .map(({ value }) => value)
          .filter(
            ({ mimeType }) => documentType === undefined || matchesType(mimeType, documentType),
          )
          .reverse()
          .slice(0, limit);
      }),

    deleteDocument: async (call, userId, sessionId, documentId) => {
      const space = await store.write(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog === null) return unchanged(null);
        if (wasDone(call, catalog)) return { value: DELETED, durable: catalog.durable() };
        if ((await find(userId, sessionId, documentId)) === null) return unchanged(null);
        const durable = catalog.dropEntities('document', [documentId], {
          ...touch(catalog, sessionId),
          mark: markOf(call, now),
        });
        return { value: store.folderOf(userId), durable };
      });
      if (space === null) return false;
      if (space === DELETED) return true;
      indexer.documentRemoved(userId, documentId);
      // It is deleted; files that stay are orphans, which optimizeStorage removes.
      await Promise.allSettled([
        store.files.remove(documentFile(space, sessionId, documentId)),
        store.files.remove(documentTextFile(space, sessionId, documentId)),
      ]);
      return true;
    },
  };
}

/** A document without content. */
function describe(
  userId: string,
  sessionId: string,
  document: NewDocument,
  at: string,
): FFDocumentDTO {
  const { documentId, filename, originalName, mimeType, metadata } = document;
  return {
    documentId,
    sessionId,
    filename,
    originalName,
    path: document.path ?? `sessions/${encodeSegment(sessionId)}/documents/${documentId}`,
    mimeType,
    size: document.size ?? 0,
    uploadedBy: document.uploadedBy ?? userId,
    uploadedAt: document.uploadedAt ?? at,
    text: {
      status: 'none',
      reason: 'no-content',
      message: 'It was stored without content.',
    },
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Slices, because not every browser can iterate over a stream. */
async function* piecesOf(content: Blob, digest: Digest): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.size; at += PIECE_BYTES) {
    const piece = new Uint8Array(await content.slice(at, at + PIECE_BYTES).arrayBuffer());
    digest.update(piece);
    yield piece;
  }
}
