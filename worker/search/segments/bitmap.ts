import { ByteReader, ByteWriter } from './bytes.ts';

/** How {@link Bitmap.toBytes} says what follows. */
const RUNS = 0;
const BITS = 1;

/** A set of numbers from 0 upwards that takes a bit for each number up to the highest. */
export class Bitmap {
  #words = new Uint32Array(0);
  #count = 0;

  /** How many numbers are in it. */
  get count(): number {
    return this.#count;
  }

  has(index: number): boolean {
    return (((this.#words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
  }

  /** Whether it was not there yet. */
  add(index: number): boolean {
    if (this.has(index)) return false;
    const word = index >>> 5;
    if (word >= this.#words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
      grown.set(this.#words);
      this.#words = grown;
    }
    // The word exists since the lines above.
    this.#words[word]! |= 1 << (index & 31);
    this.#count += 1;
    return true;
  }

  /** The numbers in ascending order. */
  *values(): Generator<number> {
    for (const [word, bits] of this.#words.entries()) {
      for (let rest = bits; rest !== 0; rest &= rest - 1) {
        yield word * 32 + 31 - Math.clz32(rest & -rest);
      }
    }
  }

  /** As few bytes as its content allows: some for each run of numbers, or a bit for each number. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const bits = new ByteWriter();
    bits.byte(BITS);
    let used = this.#words.length;
    while (used > 0 && this.#words[used - 1] === 0) used -= 1;
    for (let word = 0; word < used; word++) bits.uint32(this.#words[word] ?? 0);
    const runs = this.#toRuns(bits.size);
    return (runs ?? bits).bytes.slice();
  }

  /** Nothing when that takes more than so many bytes. */
  #toRuns(limit: number): ByteWriter | undefined {
    const runs = new ByteWriter();
    runs.byte(RUNS);
    let end = 0;
    let start = -1;
    let next = -1;
    const write = (): void => {
      if (start < 0) return;
      runs.varint(start - end);
      runs.varint(next - start);
      end = next;
    };
    for (const value of this.values()) {
      if (value !== next) {
        write();
        if (runs.size > limit) return undefined;
        start = value;
      }
      next = value + 1;
    }
    write();
    return runs.size > limit ? undefined : runs;
  }

  /** The set that {@link toBytes} was called on. */
  static fromBytes(bytes: Uint8Array): Bitmap {
    const bitmap = new Bitmap();
    const reader = new ByteReader(bytes);
    if (reader.byte() === BITS) {
      for (let base = 0; !reader.done; base += 32) {
        for (let rest = reader.uint32(); rest !== 0; rest &= rest - 1) {
          bitmap.add(base + 31 - Math.clz32(rest & -rest));
        }
      }
      return bitmap;
    }
    let at = 0;
    while (!reader.done) {
      at += reader.varint();
      for (const end = at + reader.varint(); at < end; at++) bitmap.add(at);
    }
    return bitmap;
  }
}
