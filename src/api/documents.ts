import type { FFDocumentDTO, FFDocumentInput } from '../shared/model/document.ts';
import type { FFSearchResultDTO } from '../shared/model/search.ts';

/**
 * The bytes of a document. A string is stored as UTF-8. What can change, such as an `ArrayBuffer`,
 * is copied when the method is called.
 */
export type FFDocumentContent = Blob | ArrayBuffer | ArrayBufferView | string;

/** Which documents {@link DocumentMethods.listDocuments} gives. */
export interface ListDocumentsOptions {
  /** Only this session's. */
  readonly sessionId?: string | undefined;
  /** A MIME type without parameters, or all of a kind: `image/*`. */
  readonly documentType?: string | undefined;
  /** At most this many; all when absent, none when 0. */
  readonly limit?: number | undefined;
}

/** What {@link DocumentMethods.searchDocuments} looks at and gives. */
export interface SearchDocumentsOptions {
  /** Only these sessions; all of the user's when absent, none when empty. */
  readonly sessionIds?: readonly string[] | undefined;
  /** Only these MIME types, each as in {@link ListDocumentsOptions.documentType}; none when empty. */
  readonly documentTypes?: readonly string[] | undefined;
  /** At most this many. Default 50. */
  readonly limit?: number | undefined;
}

/**
 * Documents of a session. They belong to it, not to a message: deleting a message that has one among
 * its `attachments` never deletes the document, deleting the session does.
 */
export interface DocumentMethods {
  /**
   * Stores a document and gives its id, once its bytes are durable and their SHA-256 is recorded.
   * Until then nothing of it can be read, and after a failure or a crash nothing of it remains.
   *
   * Its text is extracted in the background, and indexed: `getDocument().text` tells how far that
   * is, {@link searchDocuments} and `whenIdle()` wait for it. Without `content` only what is known
   * about the document is kept, and its content is `null`.
   *
   * @throws FFUserNotFoundError, FFSessionNotFoundError
   * @throws FFValidationError for bad input, before anything is written: field `content` for more
   *   than `storage.maxDocumentBytes`, field `mimeType` for a type that is not among
   *   `document.allowedMimeTypes`.
   * @throws FFQuotaExceededError when the disk is full; nothing of the document remains.
   */
  storeDocument(
    userId: string,
    sessionId: string,
    document: FFDocumentInput,
    content?: FFDocumentContent,
  ): Promise<string>;

  /** What is known about a document, or `null` when there is none. */
  getDocument(userId: string, sessionId: string, documentId: string): Promise<FFDocumentDTO | null>;

  /**
   * The bytes that were stored, with the document's MIME type as their `type`; `null` when there is
   * no such document, or when it was stored without content.
   *
   * @throws FFStorageError `corrupt` when the bytes are not those that were stored.
   */
  getDocumentContent(userId: string, sessionId: string, documentId: string): Promise<Blob | null>;

  /** A user's documents, the newest first. */
  listDocuments(userId: string, options?: ListDocumentsOptions): Promise<FFDocumentDTO[]>;

  /**
   * The passages of the user's documents that hold a word of the query, best first. Each hit is one
   * chunk of a document's text, `document.chunkSize` UTF-16 units at most. Waits until the text of
   * every document stored so far has been extracted.
   *
   * @throws FFValidationError for an empty query.
   */
  searchDocuments(
    userId: string,
    query: string,
    options?: SearchDocumentsOptions,
  ): Promise<FFSearchResultDTO[]>;

  /** Deletes a document with its bytes and its index entries; `false` when there is none. */
  deleteDocument(userId: string, sessionId: string, documentId: string): Promise<boolean>;
}
