import { FFStorageError } from '../../src/shared/errors.ts';
import { pump } from './pump.ts';
import { release } from './release.ts';

/** Raw deflate data and back, with the platform's own streams. */
const FORMAT = 'deflate-raw';

/** What the compressor is given at once, however large the pieces are that come. */
const MAX_PIECE_BYTES = 64 * 1024;

/** Compresses; a piece has been used up when the next one is asked for. */
export function deflate(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  return pump(
    open(() => new CompressionStream(FORMAT)),
    inParts(input),
  );
}

/** Decompresses; no more is held than one piece makes, at most 1,032 times its size. */
export function inflate(
  input: Iterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void> {
  return pump(
    open(() => new DecompressionStream(FORMAT)),
    releasing(input),
  );
}

function open<T>(create: () => T): T {
  try {
    return create();
  } catch (cause) {
    throw new FFStorageError(
      'This browser cannot make or read backups: its compression lacks "deflate-raw".',
      { code: 'unavailable', cause },
    );
  }
}

async function* inParts(
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for await (const piece of input) {
    for (let at = 0; at < piece.length; at += MAX_PIECE_BYTES) {
      // The store's bytes never lie in shared memory.
      yield piece.subarray(at, at + MAX_PIECE_BYTES) as Uint8Array<ArrayBuffer>;
    }
  }
}

function* releasing(
  input: Iterable<Uint8Array<ArrayBuffer>>,
): Generator<Uint8Array<ArrayBuffer>, void> {
  for (const piece of input) {
    yield piece;
    release(piece);
  }
}
