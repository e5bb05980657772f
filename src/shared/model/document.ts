import type { FFJsonObject } from './json.ts';

/** What an app says about a document; `originalName` or `filename`, at least one. */
export interface FFDocumentInput {
  /** The name that people know it by. Default: `filename`. */
  readonly originalName?: string | undefined;
  /** The name it is kept under, for the app's own use. Default: `originalName`. */
  readonly filename?: string | undefined;
  /**
   * Kept in lower case. Default: the type of the `Blob`, else what the ending of a name says, else
   * `text/plain` for a string and `application/octet-stream` for bytes.
   */
  readonly mimeType?: string | undefined;
  /** Where the document came from, for the app's own use. Default: where its bytes lie in the store. */
  readonly path?: string | undefined;
  /** Bytes; the content's own size counts where there is content. Default 0. */
  readonly size?: number | undefined;
  /** Default: the user. */
  readonly uploadedBy?: string | undefined;
  /** ISO 8601 with `Z` or an offset; the time of the write when not given. */
  readonly uploadedAt?: string | undefined;
  readonly metadata?: Readonly<FFJsonObject> | undefined;
}

/**
 * How far the text of a document has come. `pending`: it is being extracted; `whenIdle()` waits for
 * it. `ready`: it can be searched. `none`: it cannot, and `reason` says why.
 */
export type FFDocumentTextDTO =
  | { status: 'pending' }
  | { status: 'ready'; characters: number; chunks: number }
  | { status: 'none'; reason: FFNoTextReason; message: string };

/**
 * Why a document cannot be searched: it was stored without content, its type is none that text can
 * be taken from, it holds no text, it is damaged, or it is encrypted.
 */
export type FFNoTextReason = 'no-content' | 'unsupported' | 'empty' | 'damaged' | 'encrypted';

/** A document as it is stored. */
export interface FFDocumentDTO {
  documentId: string;
  sessionId: string;
  filename: string;
  originalName: string;
  path: string;
  mimeType: string;
  /** Bytes. */
  size: number;
  uploadedBy: string;
  /** ISO 8601 in UTC with milliseconds. */
  uploadedAt: string;
  /** SHA-256 of the content in hexadecimal digits; absent when there is no content. */
  sha256?: string;
  /** Whether the document can be searched, and why not. */
  text: FFDocumentTextDTO;
  metadata?: FFJsonObject;
}
