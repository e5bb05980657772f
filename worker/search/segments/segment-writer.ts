import type { BackendFile } from '../../backend/backend.ts';
import { CheckedFileWriter } from './checked-file.ts';
import type { DocumentColumns } from './document-columns.ts';
import { encodeColumns, encodeOwners } from './document-table.ts';
import { PostingsEncoder } from './postings.ts';
import type { Owner } from './readable-segment.ts';
import { TermBlockWriter } from './term-blocks.ts';

export interface WriteOptions {
  /** Names the analyzer that made the terms, and its version. */
  readonly analyzer: string;
  /** Stops the writing, which then rejects with the signal's reason; the file is to be removed. */
  readonly signal?: AbortSignal;
}

/** To be raised with every change of what segment files hold: older ones are made anew. */
export const SEGMENT_FORMAT = 1;

/** The metadata of a segment's file, as JSON. Places are offsets in its data. */
export interface SegmentMetadata {
  readonly format: number;
  readonly analyzer: string;
  readonly documentCount: number;
  readonly totalLength: number;
  /** Where the postings end and the blocks of the dictionary start. */
  readonly dictionary: number;
  /** The index of the dictionary. */
  readonly index: number;
  readonly owners: number;
  readonly columns: number;
}

const PIECE_BYTES = 256 * 1024;
const encoder = new TextEncoder();

/**
 * Writes the file of a segment: postings term by term, dictionary, its index, owners, columns. Postings
 * go straight to the file; what is kept until the end is the dictionary, about ten bytes a term.
 */
export class SegmentWriter {
  readonly #file: CheckedFileWriter;
  readonly #dictionary = new TermBlockWriter();
  /** Takes the postings of the term that {@link endTerm} is called with next. */
  readonly postings: PostingsEncoder = new PostingsEncoder();

  /** Empties the file. */
  constructor(file: BackendFile) {
    this.#file = new CheckedFileWriter(file);
  }

  /** Terms in ascending order. A term without postings is left out. */
  endTerm(term: string): void {
    const { frequency, documents, positions } = this.postings;
    if (frequency > 0) {
      this.#dictionary.add(term, frequency, documents.length, positions.length);
      this.#file.append(documents);
      this.#file.append(positions);
    }
    this.postings.clear();
  }

  /**
   * Writes the rest, in steps. The file is not flushed.
   *
   * @param owners in ascending order of their keys
   * @param rows in the order of their owners and, under one owner, of their numbers
   */
  *finish(
    owners: readonly Owner[],
    rows: DocumentColumns,
    { analyzer }: WriteOptions,
  ): Generator<void> {
    this.#dictionary.finish();
    const dictionary = this.#file.size;
    yield* this.#append(this.#dictionary.blocks.bytes);
    const index = this.#file.size;
    yield* this.#append(this.#dictionary.index.bytes);
    const ownersStart = this.#file.size;
    yield* this.#append(encodeOwners(owners, rows));
    const columns = this.#file.size;
    for (const piece of encodeColumns(rows)) yield this.#file.append(piece);
    const metadata: SegmentMetadata = {
      format: SEGMENT_FORMAT,
      analyzer,
      documentCount: rows.count,
      totalLength: rows.totalLength,
      dictionary,
      index,
      owners: ownersStart,
      columns,
    };
    this.#file.finish(encoder.encode(JSON.stringify(metadata)));
  }

  *#append(bytes: Uint8Array): Generator<void> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield this.#file.append(bytes.subarray(at, at + PIECE_BYTES));
    }
  }
}
