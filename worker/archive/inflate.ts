import { FFStorageError } from '../../src/shared/errors.ts';

const FED = Symbol('the decompressor has taken a piece');

/**
 * Decompresses raw deflate data.
 *
 * The next piece of input is taken only while no output is waiting: some platforms' streams would
 * otherwise decompress ahead without limit. So no more is held than one piece makes, at most 1,032
 * times its size. Stopping the generator early releases the decompressor.
 */
export async function* inflate(
  input: Iterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void> {
  const { readable, writable } = openDecompressor();
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // Both report a failure also here, where nobody waits for it.
  reader.closed.catch(ignore);
  writer.closed.catch(ignore);
  const pieces = input[Symbol.iterator]();

  function feed(): Promise<typeof FED> {
    const next = pieces.next();
    if (next.done !== true) return writer.write(next.value).then(() => FED);
    // Nothing is fed after the end: what is left is to be read.
    return writer.close().then(() => new Promise(ignore));
  }

  try {
    let reading = reader.read();
    let feeding = feed();
    for (;;) {
      feeding.catch(ignore);
      reading.catch(ignore);
      const outcome = await Promise.race([reading, feeding]);
      if (outcome === FED) {
        feeding = feed();
      } else if (outcome.done) {
        return;
      } else {
        yield outcome.value;
        reading = reader.read();
      }
    }
  } finally {
    await Promise.allSettled([reader.cancel(), writer.abort()]);
  }
}

function openDecompressor(): DecompressionStream {
  try {
    return new DecompressionStream('deflate-raw');
  } catch (cause) {
    throw new FFStorageError(
      'This browser cannot decompress backups: it has no DecompressionStream for "deflate-raw".',
      { code: 'unavailable', cause },
    );
  }
}

function ignore(): void {}
