/** UTF-8 bytes; what is longer hardly comes twice. */
export const MAX_KNOWN_LENGTH = 48;

const INITIAL_SLOTS = 4_096;
const MAX_SLOTS = 262_144;
/** Where a unit begins, how long it is, its hash, and the answer. */
const START = 0;
const LENGTH = 1;
const HASH = 2;
const ANSWER = 3;
const SLOT = 4;

/**
 * Remembers a yes or no for each of many short runs of bytes. A map by texts would have to make a text
 * of every word it is asked for, which costs more than all the rest of looking through a log.
 */
export class KnownUnits {
  #slots = new Int32Array(INITIAL_SLOTS * SLOT);
  #count = 0;
  #bytes = new Uint8Array(INITIAL_SLOTS * 8);
  #used = 0;

  /** `undefined` when it was not remembered. */
  get(bytes: Uint8Array, start: number, end: number, hash: number): boolean | undefined {
    const slot = this.#find(bytes, start, end, hash);
    return this.#slots[slot + LENGTH] === 0 ? undefined : this.#slots[slot + ANSWER] === 1;
  }

  /** @param start of a unit of no more than {@link MAX_KNOWN_LENGTH} bytes, and of at least one */
  set(bytes: Uint8Array, start: number, end: number, hash: number, answer: boolean): void {
    if (this.#count * 2 >= this.#slots.length / SLOT) this.#grow();
    const length = end - start;
    if (this.#used + length > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used);
    const slot = this.#find(bytes, start, end, hash);
    this.#slots[slot + START] = this.#used;
    this.#slots[slot + LENGTH] = length;
    this.#slots[slot + HASH] = hash;
    this.#slots[slot + ANSWER] = answer ? 1 : 0;
    this.#used += length;
    this.#count++;
  }

  /** The slot of a unit, or the free one where it belongs. */
  #find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    // A power of two, less one. The high bits of the hash are the better ones.
    const mask = slots.length / SLOT - 1;
    for (let at = (hash ^ (hash >>> 15)) & mask; ; at = (at + 1) & mask) {
      const slot = at * SLOT;
      const length = slots[slot + LENGTH];
      if (length === 0) return slot;
      if (slots[slot + HASH] !== hash || length !== end - start) continue;
      if (isSame(this.#bytes, slots[slot + START]!, bytes, start, length)) return slot;
    }
  }

  #grow(): void {
    const before = this.#slots;
    const isFull = before.length / SLOT >= MAX_SLOTS;
    this.#slots = new Int32Array(isFull ? before.length : before.length * 2);
    this.#count = 0;
    if (isFull) {
      // To forget all is cheaper than to choose.
      this.#used = 0;
      return;
    }
    for (let slot = 0; slot < before.length; slot += SLOT) {
      const length = before[slot + LENGTH] ?? 0;
      if (length === 0) continue;
      const start = before[slot + START] ?? 0;
      const to = this.#find(this.#bytes, start, start + length, before[slot + HASH] ?? 0);
      this.#slots.set(before.subarray(slot, slot + SLOT), to);
      this.#count++;
    }
  }
}

function isSame(
  known: Uint8Array,
  knownStart: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  for (let at = 0; at < length; at++) {
    if (known[knownStart + at] !== bytes[start + at]) return false;
  }
  return true;
}
