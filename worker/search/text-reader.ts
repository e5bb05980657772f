import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import { essenceOf } from '../../src/shared/mime-types.ts';
import type { Logger } from '../logger.ts';
import type { TextChunk } from '../store/document-files.ts';
import { documentTextFile } from '../store/layout.ts';
import type { Store } from '../store/store.ts';

/** What an index takes of a document. */
export interface ReadableText {
  readonly sessionId: string;
  /** Without parameters. */
  readonly mimeType: string;
  readonly time: number;
  readonly chunks: readonly TextChunk[];
  /** See {@link textStamp}. */
  readonly stamp: string;
}

/** Reads the extracted texts of documents for an index. */
export class TextReader {
  readonly #store: Store;
  readonly #logger: Logger;

  constructor(store: Store, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** `null` when there is no such document, or no text of it. */
  read(userId: string, documentId: string): Promise<ReadableText | null> {
    return this.#store.background(userId, async () => {
      const catalog = await this.#store.user(userId);
      const entity = catalog?.entities.document.get(documentId);
      if (entity?.value.text.status !== 'ready') return null;
      const { sessionId, mimeType, uploadedAt } = entity.value;
      const path = documentTextFile(this.#store.folderOf(userId), sessionId, documentId);
      const chunks = await this.#store.documents.readText(path);
      if (chunks === null) {
        this.#logger.warn(
          `${path} is missing or damaged, so that no search can find that document`,
        );
        return null;
      }
      return {
        sessionId,
        mimeType: essenceOf(mimeType),
        time: Date.parse(uploadedAt),
        chunks,
        stamp: textStamp(entity.value, entity.bytes ?? 0),
      };
    });
  }
}

/**
 * Tells what is indexed of a document from what an earlier one of that id was. Lengths alone do not:
 * another text may have the same.
 */
export function textStamp(document: FFDocumentDTO, bytes: number): string {
  const { text, mimeType, uploadedAt, sha256 = '' } = document;
  if (text.status !== 'ready') return '';
  return [sha256, uploadedAt, text.chunks, text.characters, bytes, mimeType].join(':');
}
