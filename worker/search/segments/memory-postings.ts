import { ByteReader } from './bytes.ts';
import type { Postings } from './readable-segment.ts';

/** Numbers that are kept of each term, side by side in one array. */
const RECORD = 8;
/** Where its first slice starts. */
const START = 0;
/** Where its next byte goes. */
const END = 1;
/** Where its last slice ends. */
const LIMIT = 2;
/** How many slices it has had before the last one. */
const LEVEL = 3;
/** The last document plus 1. */
const LAST_DOCUMENT = 4;
const LAST_POSITION = 5;
const FREQUENCY = 6;
const OCCURRENCES = 7;

/** The place of the next slice follows each slice. */
const LINK_BYTES = 4;
/** What a map takes for a key of ordinary length, roughly. */
const MAP_ENTRY_BYTES = 96;

/** Most terms are rare, so they start small. */
function sliceBytes(level: number): number {
  return 8 << Math.min(level, 7);
}

/**
 * The postings of a segment in memory. All lie in one array of bytes, because hundreds of thousands of
 * small ones would cost more than they hold: a term's bytes lie in slices of growing length, each of
 * which is followed by the place of the next. They are varints, for each occurrence
 *
 * - in a document of its own: twice the distance to the term's last document plus 1, the position
 * - in the same document: twice the distance to the position before
 */
export class MemoryPostings {
  readonly #recordsByTerm = new Map<string, number>();
  #records = new Uint32Array(RECORD * 1024);
  #bytes = new Uint8Array(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;

  /** An estimate of the memory that they take. */
  get bytes(): number {
    const records = this.#recordsByTerm.size * MAP_ENTRY_BYTES;
    return this.#bytes.length + this.#records.byteLength + records;
  }

  get terms(): Iterable<string> {
    return this.#recordsByTerm.keys();
  }

  frequencyOf(term: string): number {
    const record = this.#recordsByTerm.get(term);
    return record === undefined ? 0 : (this.#records[record + FREQUENCY] ?? 0);
  }

  /** Documents in ascending order and, in one document, positions in ascending order for each term. */
  add(term: string, document: number, position: number): void {
    const record = this.#recordsByTerm.get(term) ?? this.#insert(term);
    const records = this.#records;
    // A record is whole, so that all of its numbers are within the array.
    const lastDocument = records[record + LAST_DOCUMENT]!;
    if (lastDocument === document + 1) {
      this.#writeVarint(record, (position - records[record + LAST_POSITION]!) * 2);
    } else {
      this.#writeVarint(record, (document + 1 - lastDocument) * 2 + 1);
      this.#writeVarint(record, position);
      records[record + LAST_DOCUMENT] = document + 1;
      records[record + FREQUENCY]! += 1;
    }
    records[record + LAST_POSITION] = position;
    records[record + OCCURRENCES]! += 1;
  }

  /** What there is of the term by now. */
  get(term: string): MemoryTermPostings | undefined {
    const record = this.#recordsByTerm.get(term);
    if (record === undefined) return undefined;
    const frequency = this.#records[record + FREQUENCY] ?? 0;
    const occurrences = this.#records[record + OCCURRENCES] ?? 0;
    return new MemoryTermPostings(this.#gather(record), frequency, occurrences);
  }

  #insert(term: string): number {
    const record = this.#recordsByTerm.size * RECORD;
    if (record === this.#records.length) {
      const grown = new Uint32Array(record * 2);
      grown.set(this.#records);
      this.#records = grown;
    }
    this.#recordsByTerm.set(copyText(term), record);
    const start = this.#allocate(0);
    this.#records[record + START] = start;
    this.#records[record + END] = start;
    this.#records[record + LIMIT] = start + sliceBytes(0);
    return record;
  }

  #allocate(level: number): number {
    const start = this.#used;
    this.#used += sliceBytes(level) + LINK_BYTES;
    if (this.#used > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return start;
  }

  #writeVarint(record: number, value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#writeByte(record, (rest & 127) | 128);
      rest >>>= 7;
    }
    this.#writeByte(record, rest);
  }

  #writeByte(record: number, byte: number): void {
    let end = this.#records[record + END]!;
    if (end === this.#records[record + LIMIT]!) {
      const level = this.#records[record + LEVEL]! + 1;
      const start = this.#allocate(level);
      this.#view.setUint32(end, start, true);
      this.#records[record + LEVEL] = level;
      this.#records[record + LIMIT] = start + sliceBytes(level);
      end = start;
    }
    this.#bytes[end] = byte;
    this.#records[record + END] = end + 1;
  }

  /** The bytes of all slices of a term. */
  #gather(record: number): Uint8Array {
    const lastEnd = this.#records[record + END] ?? 0;
    const limit = this.#records[record + LIMIT] ?? 0;
    const lastLevel = this.#records[record + LEVEL] ?? 0;
    let total = lastEnd - (limit - sliceBytes(lastLevel));
    for (let level = 0; level < lastLevel; level++) total += sliceBytes(level);
    const gathered = new Uint8Array(total);
    let at = 0;
    let start = this.#records[record + START] ?? 0;
    for (let level = 0; level < lastLevel; level++) {
      const end = start + sliceBytes(level);
      gathered.set(this.#bytes.subarray(start, end), at);
      at += end - start;
      start = this.#view.getUint32(end, true);
    }
    gathered.set(this.#bytes.subarray(start, lastEnd), at);
    return gathered;
  }
}

/** The postings of one term as they were when it was asked for. */
export class MemoryTermPostings implements Postings {
  readonly documents: Uint32Array;
  readonly counts: Uint32Array;
  /** Those in all documents, one document after the other. */
  readonly positions: Uint32Array;
  /** Where the positions in each document start, and where the last ones end. */
  readonly starts: Uint32Array;

  constructor(bytes: Uint8Array, frequency: number, occurrences: number) {
    this.documents = new Uint32Array(frequency);
    this.counts = new Uint32Array(frequency);
    this.positions = new Uint32Array(occurrences);
    this.starts = new Uint32Array(frequency + 1).fill(occurrences);
    const reader = new ByteReader(bytes);
    let index = -1;
    let document = -1;
    let position = 0;
    for (let occurrence = 0; occurrence < occurrences; occurrence++) {
      const step = reader.varint();
      if (step & 1) {
        index += 1;
        document += step >>> 1;
        position = reader.varint();
        this.documents[index] = document;
        this.starts[index] = occurrence;
      } else {
        position += step >>> 1;
      }
      // There is a document of its own before the first occurrence in the same one.
      this.counts[index]! += 1;
      this.positions[occurrence] = position;
    }
  }

  positionsAt(index: number): Uint32Array {
    return this.positions.subarray(this.starts[index], this.starts[index + 1]);
  }
}

/**
 * The same text in memory of its own: what engines cut from a text keeps all of it alive, and a term
 * outlives the message that it was found in.
 */
function copyText(text: string): string {
  let copy = '';
  for (let index = 0; index < text.length; index++) {
    copy += String.fromCharCode(text.charCodeAt(index));
  }
  return copy;
}
