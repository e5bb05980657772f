/** Collects bytes that come in any sizes into pieces of one size, each a buffer of its own. */
export class Pieces {
  readonly #pieceBytes: number;
  #piece: Uint8Array<ArrayBuffer>;
  #filled = 0;

  constructor(pieceBytes: number) {
    this.#pieceBytes = pieceBytes;
    this.#piece = new Uint8Array(pieceBytes);
  }

  /** Takes bytes in, and gives the pieces that they fill. */
  *add(bytes: Uint8Array): Generator<Uint8Array<ArrayBuffer>, void> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + this.#pieceBytes - this.#filled);
      this.#piece.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < this.#pieceBytes) return;
      const full = this.#piece;
      this.#piece = new Uint8Array(this.#pieceBytes);
      this.#filled = 0;
      yield full;
    }
  }

  /** The last piece, which is not full; `undefined` when nothing is left. */
  rest(): Uint8Array<ArrayBuffer> | undefined {
    return this.#filled === 0 ? undefined : this.#piece.slice(0, this.#filled);
  }
}
