/**
 * Bytes that grow at their end. Numbers are little-endian. Varints are numbers below 2³² in groups of
 * seven bits, the lowest first.
 */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** What was written, valid until the next write. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size);
  }

  clear(): void {
    this.#size = 0;
  }

  byte(value: number): void {
    if (this.#size === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#size++] = value;
  }

  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.byte((rest & 127) | 128);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#size, value, true);
    this.#size += 4;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#size, value, true);
    this.#size += 8;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /**
   * A text by what it has in common with the one before. A varint for each UTF-16 unit keeps lone
   * surrogates, which UTF-8 has no place for, and is no longer.
   */
  textAfter(previous: string, text: string): void {
    const limit = Math.min(previous.length, text.length);
    let shared = 0;
    while (shared < limit && previous.charCodeAt(shared) === text.charCodeAt(shared)) shared += 1;
    this.varint(shared);
    this.varint(text.length - shared);
    for (let index = shared; index < text.length; index++) this.varint(text.charCodeAt(index));
  }

  #reserve(count: number): void {
    const needed = this.#size + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Reads what a {@link ByteWriter} wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  /** Where it reads next. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.at++] ?? 0;
  }

  varint(): number {
    let byte = this.byte();
    let value = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = this.byte();
      value |= (byte & 127) << shift;
    }
    return value >>> 0;
  }

  uint32(): number {
    const value = this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24);
    return value >>> 0;
  }

  skipVarints(count: number): void {
    for (let rest = count; rest > 0;) if (this.byte() < 128) rest -= 1;
  }

  textAfter(previous: string): string {
    let text = previous.slice(0, this.varint());
    for (let rest = this.varint(); rest > 0; rest--) text += String.fromCharCode(this.varint());
    return text;
  }
}
