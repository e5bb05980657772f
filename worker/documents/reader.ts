import type { DocumentKind } from './kind.ts';

/** What a reader is given. */
export interface DocumentSource {
  readonly kind: DocumentKind;
  /** The reader's own; it may transfer or change them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the document goes on behind the bytes. */
  readonly isCut: boolean;
  /** What the MIME type says, empty when it says nothing. */
  readonly charset: string;
}

/**
 * Takes the text from a document. Rejects with `NoTextError` where it knows what is wrong with the
 * document, with anything else where it does not.
 */
export type DocumentReader = (source: DocumentSource) => string | Promise<string>;
