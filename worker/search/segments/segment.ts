import type { BackendFile } from '../../backend/backend.ts';
import { CheckedFile, DamagedIndexError, readAhead, type ReadRange } from './checked-file.ts';
import { DocumentTable } from './document-table.ts';
import { EncodedPostings } from './postings.ts';
import type { Owner, Postings, ReadableSegment } from './readable-segment.ts';
import { SEGMENT_FORMAT, type SegmentMetadata } from './segment-writer.ts';
import { TermBlocks, type StoredTerm } from './term-blocks.ts';

/** A term with its postings as they are in the file. */
export interface StoredPostings {
  readonly term: string;
  readonly documents: Uint8Array;
  readonly positions: Uint8Array;
}

const decoder = new TextDecoder();

/**
 * What is kept in memory of a segment's file: where things lie, the first term of each block of its
 * dictionary, and what queries have used. The file itself may be closed between queries.
 */
export class Segment {
  /** Bytes of the file. */
  readonly size: number;
  /** As given to whoever wrote it. */
  readonly analyzer: string;
  readonly documentCount: number;
  readonly #metadata: SegmentMetadata;
  readonly #file: CheckedFile;
  readonly #terms: TermBlocks;
  readonly #documents: DocumentTable;

  private constructor(
    size: number,
    file: CheckedFile,
    metadata: SegmentMetadata,
    terms: TermBlocks,
    documents: DocumentTable,
  ) {
    this.size = size;
    this.analyzer = metadata.analyzer;
    this.documentCount = metadata.documentCount;
    this.#metadata = metadata;
    this.#file = file;
    this.#terms = terms;
    this.#documents = documents;
  }

  /** @throws DamagedIndexError when it is no whole segment of this format */
  static open(file: BackendFile): Segment {
    const checked = CheckedFile.open(file);
    // What the checksum covers was written by SegmentWriter; only the format has to be compared.
    const metadata = JSON.parse(decoder.decode(checked.metadata)) as SegmentMetadata;
    if (metadata.format !== SEGMENT_FORMAT) {
      throw new DamagedIndexError(`Format ${metadata.format} is not ${SEGMENT_FORMAT}.`);
    }
    const { dictionary, index, owners, columns, documentCount } = metadata;
    const bytes = checked.read(file, index, columns);
    const terms = new TermBlocks(bytes.subarray(0, owners - index), dictionary);
    const documents = new DocumentTable(bytes.subarray(owners - index), documentCount, columns);
    return new Segment(file.size(), checked, metadata, terms, documents);
  }

  /** To be used while the file, which has to be this segment's, is open; so for one query. */
  reader(file: BackendFile): SegmentReader {
    const read: ReadRange = (start, end) => this.#file.read(file, start, end);
    return new SegmentReader(this.#metadata, this.#terms, this.#documents, read);
  }
}

/** A segment over its open file. Every method may throw a {@link DamagedIndexError}. */
export class SegmentReader implements ReadableSegment {
  readonly documentCount: number;
  readonly totalLength: number;
  readonly owners: readonly Owner[];
  readonly #metadata: SegmentMetadata;
  readonly #terms: TermBlocks;
  readonly #documents: DocumentTable;
  readonly #read: ReadRange;

  constructor(
    metadata: SegmentMetadata,
    terms: TermBlocks,
    documents: DocumentTable,
    read: ReadRange,
  ) {
    this.documentCount = metadata.documentCount;
    this.totalLength = metadata.totalLength;
    this.owners = documents.owners;
    this.#metadata = metadata;
    this.#terms = terms;
    this.#documents = documents;
    this.#read = read;
  }

  ownerOf(document: number): number {
    return this.#documents.ownerOf(document);
  }

  numberOf(document: number): number {
    return this.#documents.numberOf(this.#read, document);
  }

  roleOf(document: number): number {
    return this.#documents.roleOf(this.#read, document);
  }

  timeOf(document: number): number {
    return this.#documents.timeOf(this.#read, document);
  }

  lengthOf(document: number): number {
    return this.#documents.lengthOf(this.#read, document);
  }

  find(ownerKey: string, number: number): number {
    const owner = this.#documents.indexOf(ownerKey);
    if (owner < 0) return -1;
    const document = this.#documents.firstAtLeast(this.#read, owner, number + 1) - 1;
    return document >= this.startOf(owner) && this.numberOf(document) === number ? document : -1;
  }

  documentsOf(ownerKey: string): Uint32Array {
    const owner = this.#documents.indexOf(ownerKey);
    if (owner < 0) return new Uint32Array(0);
    const start = this.startOf(owner);
    return new Uint32Array(this.startOf(owner + 1) - start).map((_, index) => start + index);
  }

  previous(document: number): number {
    return this.#documents.previousOf(this.#read, document);
  }

  next(document: number): number {
    return this.#documents.nextOf(this.#read, document);
  }

  frequencyOf(term: string): number {
    return this.#terms.find(this.#read, term)?.frequency ?? 0;
  }

  postings(term: string): Postings | undefined {
    const stored = this.#terms.find(this.#read, term);
    if (stored === undefined) return undefined;
    const positionsStart = stored.start + stored.documentBytes;
    return new EncodedPostings(stored.frequency, this.#read(stored.start, positionsStart), () =>
      this.#read(positionsStart, positionsStart + stored.positionBytes),
    );
  }

  termsWithPrefix(prefix: string): string[] {
    return Array.from(this.#terms.withPrefix(this.#read, prefix), ({ term }) => term);
  }

  *terms(): Generator<string> {
    for (const { term } of this.#terms.all(this.#read)) yield term;
  }

  /** The first document of an owner; for the index after the last one, the number of documents. */
  startOf(owner: number): number {
    return this.#documents.startOf(owner);
  }

  /** All terms in ascending order; reads the file from front to back. */
  *storedPostings(): Generator<StoredPostings> {
    const read = readAhead(this.#read, this.#metadata.dictionary);
    for (const stored of this.#terms.all(this.#read)) yield readPostings(read, stored);
  }
}

function readPostings(read: ReadRange, stored: StoredTerm): StoredPostings {
  const { term, start, documentBytes, positionBytes } = stored;
  const bytes = read(start, start + documentBytes + positionBytes);
  return {
    term,
    documents: bytes.subarray(0, documentBytes),
    positions: bytes.subarray(documentBytes),
  };
}
