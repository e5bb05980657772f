/** What one log record did to the table. */
export interface OffsetEntry {
  readonly kind: 'add' | 'edit' | 'delete';
  /** {@link hashId} of the message's id. */
  readonly hash: number;
  /**
   * Which message, counted from the first ever added; for `add` the next one, as for the tombstone of
   * a message of which nothing else is left.
   */
  readonly ordinal: number;
  /** Where the record lies in the log: for an edit its newest version, for a deletion the tombstone. */
  readonly offset: number;
  readonly length: number;
}

/** A run of bytes in the log. */
export interface Location {
  readonly offset: number;
  readonly length: number;
}

const NO_ORDINAL = 0xffffffff;
const INITIAL_CAPACITY = 64;

/**
 * Where each message of a session lies in its log, by its position among the messages that are not
 * deleted and by the hash of its id. It is kept in typed arrays, about 30 bytes a message, so that
 * even a session of a million messages needs no object for any of them.
 *
 * Positions are found in O(log d), d being the number of deleted messages; the i-th message is the
 * i-th record of the log until something is deleted.
 */
export class OffsetTable {
  #offsets = new Float64Array(INITIAL_CAPACITY);
  #lengths = new Uint32Array(INITIAL_CAPACITY);
  #hashes = new Uint32Array(INITIAL_CAPACITY);
  /** Ordinals ever added; the arrays are filled up to here. */
  #size = 0;
  /** The place that lies furthest back in the log. */
  #lastOffset = 0;
  #lastLength = 0;
  #usedBytes = 0;
  /** Ordinals that are deleted, ascending. */
  readonly #deleted: number[] = [];
  /** Open addressing with linear probing; at most half full. Holds ordinals, deleted ones too. */
  #buckets = new Uint32Array(INITIAL_CAPACITY * 2).fill(NO_ORDINAL);

  /** Messages that are not deleted. */
  get liveCount(): number {
    return this.#size - this.#deleted.length;
  }

  /** Messages ever added: the ordinal of the next one. */
  get nextOrdinal(): number {
    return this.#size;
  }

  /** Bytes of the log that a reader could still be sent to; the rest is superseded. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  apply({ kind, hash, ordinal, offset, length }: OffsetEntry): void {
    if (ordinal === this.#size) this.#add(hash);
    if (kind === 'delete') this.#delete(ordinal);
    this.#usedBytes += length - (this.#lengths[ordinal] ?? 0);
    this.#offsets[ordinal] = offset;
    this.#lengths[ordinal] = length;
    if (offset >= this.#lastOffset) {
      this.#lastOffset = offset;
      this.#lastLength = length;
    }
  }

  /** Where the newest record of the log lies; `undefined` while there is none. */
  lastPlace(): Location | undefined {
    if (this.#size === 0) return undefined;
    return { offset: this.#lastOffset, length: this.#lastLength };
  }

  #add(hash: number): void {
    if (this.#size === this.#offsets.length) this.#grow();
    const ordinal = this.#size++;
    this.#hashes[ordinal] = hash;
    this.#link(ordinal);
  }

  #delete(ordinal: number): void {
    const index = this.#rank(ordinal);
    if (this.#deleted[index] !== ordinal) this.#deleted.splice(index, 0, ordinal);
  }

  /** The ordinals of the live messages from `position` on, at most `count`. */
  liveOrdinals(position: number, count: number): number[] {
    const ordinals: number[] = [];
    let ordinal = this.#select(position);
    let skip = this.#rank(ordinal);
    for (; ordinal < this.#size && ordinals.length < count; ordinal++) {
      if (this.#deleted[skip] === ordinal) skip++;
      else ordinals.push(ordinal);
    }
    return ordinals;
  }

  /** Where the newest record about a message lies: the message, or its tombstone. */
  locate(ordinal: number): Location {
    return { offset: this.#offsets[ordinal] ?? 0, length: this.#lengths[ordinal] ?? 0 };
  }

  isDeleted(ordinal: number): boolean {
    return this.#deleted[this.#rank(ordinal)] === ordinal;
  }

  /** Every message whose id has this hash, deleted ones too. Different ids may share a hash. */
  withHash(hash: number): number[] {
    const ordinals: number[] = [];
    const mask = this.#buckets.length - 1;
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      const ordinal = this.#buckets[bucket] ?? NO_ORDINAL;
      if (ordinal === NO_ORDINAL) return ordinals;
      if (this.#hashes[ordinal] === hash) ordinals.push(ordinal);
    }
  }

  /** How many deleted ordinals are less than this one. */
  #rank(ordinal: number): number {
    return lowerBound(this.#deleted.length, (index) => (this.#deleted[index] ?? 0) < ordinal);
  }

  /** The ordinal of the live message at a position. */
  #select(position: number): number {
    // deleted[i] - i live messages come before the i-th deleted one.
    const skipped = lowerBound(
      this.#deleted.length,
      (index) => (this.#deleted[index] ?? 0) - index <= position,
    );
    return position + skipped;
  }

  #link(ordinal: number): void {
    const mask = this.#buckets.length - 1;
    let bucket = (this.#hashes[ordinal] ?? 0) & mask;
    while (this.#buckets[bucket] !== NO_ORDINAL) bucket = (bucket + 1) & mask;
    this.#buckets[bucket] = ordinal;
  }

  #grow(): void {
    const capacity = this.#offsets.length * 2;
    const [offsets, lengths, hashes] = [this.#offsets, this.#lengths, this.#hashes];
    this.#offsets = new Float64Array(capacity);
    this.#offsets.set(offsets);
    this.#lengths = new Uint32Array(capacity);
    this.#lengths.set(lengths);
    this.#hashes = new Uint32Array(capacity);
    this.#hashes.set(hashes);
    this.#buckets = new Uint32Array(capacity * 2).fill(NO_ORDINAL);
    for (let ordinal = 0; ordinal < this.#size; ordinal++) this.#link(ordinal);
  }
}

/** The first index for which `isBefore` no longer holds. */
function lowerBound(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
