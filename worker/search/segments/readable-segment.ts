/** What some documents of a segment have in common: the log, or the file, that they come from. */
export interface Owner {
  /** Of messages the session's or panel's key, of chunks that of their document; see `keys.ts`. */
  readonly key: string;
  /** Of documents, without parameters; empty for messages. */
  readonly mimeType: string;
}

/** A text to index. In a segment it is called a document, whatever the store takes it for. */
export interface IndexEntry extends Owner {
  /** Its place under its owner: a message's ordinal in its log, a chunk's index in its file. */
  readonly number: number;
  readonly content: string;
  /** Whose words they are; empty when that is not to be found. */
  readonly name: string;
  /** Index in `ROLES`; 0 for documents. */
  readonly role: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** The documents that hold a term. */
export interface Postings {
  /** In ascending order. */
  readonly documents: Uint32Array;
  /** How often the term stands in each of them. */
  readonly counts: Uint32Array;
  /** The positions of the term in `documents[index]`, in ascending order. */
  positionsAt(index: number): Uint32Array;
}

/**
 * A part of an index that can be asked, be it in memory or in a file. Documents are numbered from 0;
 * one that was deleted since is still there: the index around it knows of that.
 */
export interface ReadableSegment {
  readonly documentCount: number;
  /** The sum of the lengths of all documents, in tokens. */
  readonly totalLength: number;
  readonly owners: readonly Owner[];

  /** Index in {@link owners}. */
  ownerOf(document: number): number;
  /** {@link IndexEntry.number}. */
  numberOf(document: number): number;
  roleOf(document: number): number;
  timeOf(document: number): number;
  /** In tokens; long ones may be rounded. */
  lengthOf(document: number): number;
  /** The document with this owner and number; -1 when it is not here. */
  find(ownerKey: string, number: number): number;
  /** All documents of an owner. */
  documentsOf(ownerKey: string): Uint32Array;
  /** The nearest document of the same owner with a lower number; -1 when there is none here. */
  previous(document: number): number;
  /** The nearest document of the same owner with a higher number; -1 when there is none here. */
  next(document: number): number;

  /** How many documents hold the term. */
  frequencyOf(term: string): number;
  postings(term: string): Postings | undefined;
  /** The terms that begin with a prefix, itself included if it is one. */
  termsWithPrefix(prefix: string): string[];
  /** Every term, in no particular order. */
  terms(): Iterable<string>;
}
