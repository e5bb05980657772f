import type { FFDocumentDTO, FFDocumentTextDTO } from '../../src/shared/model/document.ts';
import { documentFile, documentTextFile } from '../store/layout.ts';
import { unchanged } from '../store/change.ts';
import type { ServiceContext } from './context.ts';

/** What has to be done to the documents of a user; one without an id stands for all that are pending. */
interface Job {
  readonly userId: string;
  readonly documentId?: string;
}

/** Nothing that a later attempt could change. */
const CONTENT_LOST: FFDocumentTextDTO & { status: 'none' } = {
  status: 'none',
  reason: 'damaged',
  message: 'Its content is missing or has another length than what was stored.',
};

/**
 * Extracts the texts of documents, one after another, behind the writes that brought them: a document
 * is durable first, and searched as soon as it can be. What was not done before the store was closed
 * is done after it is opened.
 */
export class DocumentTexts {
  readonly #context: ServiceContext;
  /** Everything that was asked for, one thing after another; it never rejects. */
  #work: Promise<void> = Promise.resolve();
  /** Between its turns in the lane nothing else knows of a document that is being stored. */
  readonly #storing = new Set<Promise<unknown>>();
  #pending = 0;
  #closed = false;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Documents whose text is still to be extracted. */
  get pendingCount(): number {
    return this.#pending;
  }

  /** Looks for what an earlier opening has left undone. */
  userOpened(userId: string): void {
    this.#enqueue({ userId });
  }

  /** Has {@link whenIdle} and {@link close} wait for a document that is being stored. */
  async storing<T>(stored: Promise<T>): Promise<T> {
    this.#storing.add(stored);
    try {
      return await stored;
    } finally {
      this.#storing.delete(stored);
    }
  }

  documentStored(userId: string, documentId: string): void {
    this.#enqueue({ userId, documentId });
  }

  /** Resolves when everything asked for by now is done. */
  async whenIdle(): Promise<void> {
    await Promise.allSettled(this.#storing);
    await this.#work;
  }

  /**
   * Waits for the documents that are being stored and for the one that is being looked at; the texts
   * of all others are left for the next opening.
   */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#storing);
    await this.#work;
  }

  #enqueue(job: Job): void {
    this.#pending++;
    this.#work = this.#work.then(async () => {
      try {
        if (!this.#closed) await this.#run(job);
      } catch (error) {
        this.#context.logger.warn(
          `Which documents of ${job.userId} have no text yet could not be found out`,
          error,
        );
      } finally {
        this.#pending--;
      }
    });
  }

  async #run({ userId, documentId }: Job): Promise<void> {
    const { store } = this.#context;
    const documents = await store.background(userId, async () => {
      const table = (await store.user(userId))?.entities.document;
      const entities = documentId === undefined ? table?.values() : [table?.get(documentId)];
      return (entities ?? []).flatMap((entity) =>
        entity?.value.text.status === 'pending' ? [entity.value] : [],
      );
    });
    for (const document of documents) {
      if (this.#closed) return;
      try {
        await this.#extract(userId, document);
      } catch (error) {
        this.#context.logger.warn(
          `The text of document ${document.documentId} of ${userId} could not be extracted; it is tried again after the next opening`,
          error,
        );
      }
    }
  }

  async #extract(userId: string, document: FFDocumentDTO): Promise<void> {
    const { store, indexer, config } = this.#context;
    const { sessionId, documentId, mimeType, originalName: filename, size } = document;
    const space = store.folderOf(userId);
    const content = await store.documents.readBlob(documentFile(space, sessionId, documentId), {
      type: mimeType,
      size,
    });
    // Loaded when first needed, as are the libraries behind it.
    const { extractText } = await import('../documents/extract.ts');
    const { chunkText } = await import('../documents/chunk.ts');
    const extraction =
      content === null ? CONTENT_LOST : await extractText(content, { mimeType, filename });
    const textFile = documentTextFile(space, sessionId, documentId);
    let text: FFDocumentTextDTO;
    let textBytes = 0;
    if (extraction.status === 'ready') {
      const chunks = chunkText(extraction.text, config.document);
      const write = chunks.map((chunk) => ({
        ...chunk,
        text: extraction.text.slice(chunk.start, chunk.end),
      }));
      textBytes = await store.documents.writeText(textFile, write);
      text = { status: 'ready', characters: extraction.text.length, chunks: chunks.length };
    } else {
      text = extraction;
    }
    const isKept = await store.write(userId, async () => {
      const catalog = await store.user(userId);
      const entity = catalog?.entities.document.get(documentId);
      if (catalog === null || entity === undefined || store.folderOf(userId) !== space) {
        return unchanged(false);
      }
      const value = { ...entity.value, text };
      const durable = catalog.putEntity('document', {
        ...entity,
        value,
        bytes: size + textBytes,
      });
      return { value: true, durable };
    });
    // It was deleted in the meantime.
    if (!isKept) await store.files.remove(textFile);
    else if (text.status === 'ready') indexer.documentReady(userId, documentId);
  }
}
