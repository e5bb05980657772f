import { ByteReader, ByteWriter } from './bytes.ts';
import { readAhead, type ReadRange } from './checked-file.ts';

/** So many terms share a block: all of them are decoded to find one. */
const TERMS_PER_BLOCK = 64;
/** For blocks that queries asked for, which are those that the next ones ask for. */
const CACHE_BYTES = 256 * 1024;

/** Where a term's postings lie. */
export interface StoredTerm {
  readonly term: string;
  /** How many documents hold it. */
  readonly frequency: number;
  /** The place of its documents in the file; its positions follow. */
  readonly start: number;
  readonly documentBytes: number;
  readonly positionBytes: number;
}

/**
 * Encodes a dictionary: terms in ascending order, in blocks, and an index with the first term, the
 * length and the length of the postings of each block. Postings lie in the order of their terms.
 */
export class TermBlockWriter {
  readonly blocks = new ByteWriter();
  readonly index = new ByteWriter();
  #inBlock = 0;
  #blockStart = 0;
  #blockTerm = '';
  #indexTerm = '';
  #previous = '';
  #postingBytes = 0;

  add(term: string, frequency: number, documentBytes: number, positionBytes: number): void {
    if (this.#inBlock === 0) this.#blockTerm = this.#previous = term;
    this.blocks.textAfter(this.#previous, term);
    this.blocks.varint(frequency);
    this.blocks.varint(documentBytes);
    this.blocks.varint(positionBytes);
    this.#previous = term;
    this.#postingBytes += documentBytes + positionBytes;
    this.#inBlock += 1;
    if (this.#inBlock === TERMS_PER_BLOCK) this.finish();
  }

  /** To be called after the last term. */
  finish(): void {
    if (this.#inBlock === 0) return;
    this.index.textAfter(this.#indexTerm, this.#blockTerm);
    this.index.varint(this.blocks.size - this.#blockStart);
    this.index.varint(this.#postingBytes);
    this.#indexTerm = this.#blockTerm;
    this.#blockStart = this.blocks.size;
    this.#postingBytes = 0;
    this.#inBlock = 0;
  }
}

/** A dictionary in a file, of which only the index is in memory. */
export class TermBlocks {
  /** The first term of each block. */
  readonly #terms: string[] = [];
  /** Where each block starts, and where the last one ends. */
  readonly #starts: number[];
  /** Where the postings of each block start. */
  readonly #postingStarts: number[] = [0];
  readonly #cache = new Map<number, Uint8Array>();
  #cachedBytes = 0;

  /** Of the dictionary that starts at `start`; postings start at 0. */
  constructor(index: Uint8Array, start: number) {
    this.#starts = [start];
    const reader = new ByteReader(index);
    let term = '';
    let blockEnd = start;
    let postingsEnd = 0;
    while (!reader.done) {
      term = reader.textAfter(term);
      this.#terms.push(term);
      this.#starts.push((blockEnd += reader.varint()));
      this.#postingStarts.push((postingsEnd += reader.varint()));
    }
  }

  find(read: ReadRange, term: string): StoredTerm | undefined {
    const block = this.#blockOf(term);
    if (block < 0) return undefined;
    for (const stored of this.#decode(block, this.#cached(read, block))) {
      if (stored.term >= term) return stored.term === term ? stored : undefined;
    }
    return undefined;
  }

  /** The terms that begin with a prefix, in ascending order. */
  *withPrefix(read: ReadRange, prefix: string): Generator<StoredTerm> {
    for (let block = Math.max(0, this.#blockOf(prefix)); block < this.#terms.length; block++) {
      for (const stored of this.#decode(block, this.#cached(read, block))) {
        if (stored.term.startsWith(prefix)) yield stored;
        else if (stored.term > prefix) return;
      }
    }
  }

  /** All terms in ascending order. */
  *all(read: ReadRange): Generator<StoredTerm> {
    // Not through the cache: it would lose the blocks that queries ask for.
    const readOn = readAhead(read, this.#starts.at(-1) ?? 0);
    for (let block = 0; block < this.#terms.length; block++) {
      yield* this.#decode(block, this.#read(readOn, block));
    }
  }

  /** The last block that starts with the term or before it; -1 when all start after it. */
  #blockOf(term: string): number {
    let low = 0;
    let high = this.#terms.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#terms[middle] ?? '') <= term) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  *#decode(block: number, bytes: Uint8Array): Generator<StoredTerm> {
    const reader = new ByteReader(bytes);
    let term = this.#terms[block] ?? '';
    let start = this.#postingStarts[block] ?? 0;
    while (!reader.done) {
      term = reader.textAfter(term);
      const frequency = reader.varint();
      const documentBytes = reader.varint();
      const positionBytes = reader.varint();
      yield { term, frequency, start, documentBytes, positionBytes };
      start += documentBytes + positionBytes;
    }
  }

  #read(read: ReadRange, block: number): Uint8Array {
    return read(this.#starts[block] ?? 0, this.#starts[block + 1] ?? 0);
  }

  #cached(read: ReadRange, block: number): Uint8Array {
    let bytes = this.#cache.get(block);
    if (bytes === undefined) {
      // A copy, because what was read may be a small part of whole pages.
      bytes = this.#read(read, block).slice();
      this.#cachedBytes += bytes.length;
    } else {
      this.#cache.delete(block);
    }
    // The order of a map is that of insertion, so the one used longest ago comes first.
    this.#cache.set(block, bytes);
    for (const [oldest, { length }] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES || oldest === block) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= length;
    }
    return bytes;
  }
}
