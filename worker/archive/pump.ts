const FED = Symbol('the stream has taken a piece');

/** A stream of the platform that makes bytes of other bytes. */
interface ByteTransform {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<BufferSource>;
}

type Pieces = AsyncIterable<Uint8Array<ArrayBuffer>> | Iterable<Uint8Array<ArrayBuffer>>;

/**
 * What a stream makes of the input.
 *
 * The next piece of input is taken only while output is being waited for and none is there: some
 * platforms' streams would otherwise work ahead without limit. So no more is held than what one piece
 * makes. The stream is done with a piece when the next one is asked for. Stopping the generator early
 * ends the input and the stream.
 */
export async function* pump(
  { readable, writable }: ByteTransform,
  input: Pieces,
): AsyncGenerator<Uint8Array, void> {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // Both report a failure also here, where nobody waits for it.
  reader.closed.catch(ignore);
  writer.closed.catch(ignore);
  const pieces = iteratorOf(input);

  async function feed(): Promise<typeof FED> {
    const next = await pieces.next();
    if (next.done !== true) {
      await writer.write(next.value);
      return FED;
    }
    await writer.close();
    // Nothing is fed after the end: what is left is to be read.
    return new Promise(ignore);
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
    await pieces.return?.();
  }
}

function iteratorOf(
  input: Pieces,
): Iterator<Uint8Array<ArrayBuffer>> | AsyncIterator<Uint8Array<ArrayBuffer>> {
  return Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
}

function ignore(): void {}
