import { ByteReader, ByteWriter } from './bytes.ts';
import type { Postings } from './readable-segment.ts';

/**
 * Encodes the postings of a term:
 *
 * ```
 * documents  for each document twice the number of those left out since the last one, plus 1 when the
 *            term stands in it once; otherwise how often follows
 * positions  for each document the first position, then the distance of each to the one before
 * ```
 *
 * all varints, in two runs of bytes, because ranking reads only the first.
 */
export class PostingsEncoder {
  readonly #documents = new ByteWriter();
  readonly #positions = new ByteWriter();
  #nextDocument = 0;
  #frequency = 0;

  /** How many documents there are. */
  get frequency(): number {
    return this.#frequency;
  }

  get documents(): Uint8Array {
    return this.#documents.bytes;
  }

  get positions(): Uint8Array {
    return this.#positions.bytes;
  }

  clear(): void {
    this.#documents.clear();
    this.#positions.clear();
    this.#nextDocument = 0;
    this.#frequency = 0;
  }

  /** Documents in ascending order; the positions are those from `start` to `end`. */
  add(document: number, positions: Uint32Array, start: number, end: number): void {
    this.#addDocument(document, end - start);
    let last = 0;
    for (let index = start; index < end; index++) {
      const position = positions[index] ?? 0;
      this.#positions.varint(position - last);
      last = position;
    }
  }

  /** The same with positions that were encoded before, as the bytes from `start` to `end`. */
  addEncoded(
    document: number,
    count: number,
    positions: Uint8Array,
    start: number,
    end: number,
  ): void {
    this.#addDocument(document, count);
    for (let index = start; index < end; index++) this.#positions.byte(positions[index] ?? 0);
  }

  #addDocument(document: number, count: number): void {
    const gap = document - this.#nextDocument;
    if (count === 1) {
      this.#documents.varint(gap * 2 + 1);
    } else {
      this.#documents.varint(gap * 2);
      this.#documents.varint(count);
    }
    this.#nextDocument = document + 1;
    this.#frequency += 1;
  }
}

/** Goes through encoded documents one by one. */
export class PostingsCursor {
  readonly #reader: ByteReader;
  /** The document that it stands at; -1 before the first. */
  document = -1;
  /** How often the term stands in it. */
  count = 0;

  constructor(documents: Uint8Array) {
    this.#reader = new ByteReader(documents);
  }

  /** Whether there was one more. */
  next(): boolean {
    if (this.#reader.done) return false;
    const gap = this.#reader.varint();
    this.document += (gap >>> 1) + 1;
    this.count = gap & 1 ? 1 : this.#reader.varint();
    return true;
  }
}

/** The postings of `frequency` documents; positions are read when they are first asked for. */
export class EncodedPostings implements Postings {
  readonly documents: Uint32Array;
  readonly counts: Uint32Array;
  readonly #readPositions: () => Uint8Array;
  #positions: Uint8Array | undefined;
  /** Where the positions of each document start. */
  #starts = new Uint32Array(0);

  constructor(frequency: number, documents: Uint8Array, readPositions: () => Uint8Array) {
    this.documents = new Uint32Array(frequency);
    this.counts = new Uint32Array(frequency);
    this.#readPositions = readPositions;
    const cursor = new PostingsCursor(documents);
    for (let index = 0; cursor.next(); index++) {
      this.documents[index] = cursor.document;
      this.counts[index] = cursor.count;
    }
  }

  positionsAt(index: number): Uint32Array {
    const positions = (this.#positions ??= this.#loadPositions());
    const reader = new ByteReader(positions);
    reader.at = this.#starts[index] ?? positions.length;
    let last = 0;
    return new Uint32Array(this.counts[index] ?? 0).map(() => (last += reader.varint()));
  }

  #loadPositions(): Uint8Array {
    const bytes = this.#readPositions();
    const reader = new ByteReader(bytes);
    this.#starts = new Uint32Array(this.counts.length);
    for (let index = 0; index < this.counts.length; index++) {
      this.#starts[index] = reader.at;
      reader.skipVarints(this.counts[index] ?? 0);
    }
    return bytes;
  }
}
