import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Demand } from './demand.ts';

/** What the compressor is given at once, however large the pieces are that come. */
const MAX_PIECE_BYTES = 64 * 1024;

/** An entry's content on its way into the archive, measured as it passes. */
export class MeasuredContent {
  readonly readable: ReadableStream<Uint8Array>;
  /** What the content itself failed with. */
  failure: { readonly error: unknown } | undefined;
  bytes = 0;
  readonly #digest = sha256.create();
  readonly #iterator: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;

  constructor(content: AsyncIterable<Uint8Array>, demand: Demand) {
    this.#iterator = content[Symbol.asyncIterator]();
    this.readable = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          await demand.present();
          const piece = await this.#next();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Lower-case hexadecimal; call it once, after the last byte. */
  sha256(): string {
    return bytesToHex(this.#digest.digest());
  }

  /** Lets go of content that was not read to its end. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#iterator.return?.();
  }

  async #next(): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#advance();
      if (next.done === true) return undefined;
      this.#rest = next.value;
      this.bytes += next.value.length;
      this.#digest.update(next.value);
    }
    const piece = this.#rest.subarray(0, MAX_PIECE_BYTES);
    this.#rest = this.#rest.subarray(MAX_PIECE_BYTES);
    return piece;
  }

  async #advance(): Promise<IteratorResult<Uint8Array, unknown>> {
    if (this.#ended) return { done: true, value: undefined };
    try {
      const next = await this.#iterator.next();
      if (next.done === true) this.#ended = true;
      return next;
    } catch (error) {
      this.#ended = true;
      this.failure = { error };
      // zip.js adds properties to the errors that it meets, so it does not get the real one.
      throw new Error('The content of an entry failed.');
    }
  }
}
