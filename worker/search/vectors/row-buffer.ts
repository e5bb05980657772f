import type { Rows } from './vector-block.ts';

/** Rows that are being gathered for a block. */
export class RowBuffer {
  readonly #documents: Uint32Array;
  readonly #scales: Float32Array;
  readonly #bytes: Uint8Array;
  readonly #stride: number;
  #count = 0;

  /** @param stride bytes of a row */
  constructor(capacity: number, stride: number) {
    this.#documents = new Uint32Array(capacity);
    this.#scales = new Float32Array(capacity);
    this.#bytes = new Uint8Array(capacity * stride);
    this.#stride = stride;
  }

  get count(): number {
    return this.#count;
  }

  push(document: number, scale: number, row: Uint8Array): void {
    this.#documents[this.#count] = document;
    this.#scales[this.#count] = scale;
    this.#bytes.set(row, this.#count * this.#stride);
    this.#count++;
  }

  /** The rows gathered, as views that the next push overwrites; none are left. */
  take(): Rows {
    const count = this.#count;
    this.#count = 0;
    return {
      documents: this.#documents.subarray(0, count),
      scales: this.#scales.subarray(0, count),
      bytes: this.#bytes.subarray(0, count * this.#stride),
    };
  }
}
