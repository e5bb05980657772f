import { damaged, quoted } from './damaged.ts';
import { release } from './release.ts';

const NEWLINE = 0x0a;

/**
 * The lines of a text in UTF-8, without their ends. Only "\n" ends a line; the last may lack it.
 *
 * @param name the file's, for messages
 * @throws FFStorageError with the code `corrupt` for a line of more than `maxLineBytes` bytes, as soon
 *   as that shows, and for one that is not UTF-8
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  { name, maxLineBytes }: { readonly name: string; readonly maxLineBytes: number },
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let number = 1;
  /** The line so far, in the chunks that it came in. */
  let parts: Uint8Array[] = [];
  let length = 0;

  function add(part: Uint8Array): void {
    parts.push(part);
    length += part.length;
    if (length > maxLineBytes) throw fault(`is longer than ${maxLineBytes} bytes`);
  }

  function take(): string {
    const [first] = parts;
    const bytes = parts.length === 1 && first !== undefined ? first : joined(parts, length);
    let line: string;
    try {
      line = decoder.decode(bytes);
    } catch (cause) {
      throw fault('is not UTF-8', cause);
    }
    parts = [];
    length = 0;
    number++;
    return line;
  }

  function fault(what: string, cause?: unknown) {
    return damaged(`Line ${number} of the file ${quoted(name)} in the archive ${what}.`, cause);
  }

  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    // A copy, so that the chunk can go.
    if (start < chunk.length) add(chunk.slice(start));
    release(chunk);
  }
  if (length > 0) yield take();
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
