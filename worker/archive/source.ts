import { damaged } from './damaged.ts';

/** The bytes of an archive, read at any offset, as an open file of a backend offers them. */
export interface ArchiveSource {
  readonly size: number;
  /** Fills `into` from the offset `at` and gives the number of bytes read. */
  read(into: Uint8Array, at: number): number;
}

/**
 * Exactly `length` bytes from the offset `at`.
 *
 * @throws FFStorageError with the code `corrupt` when the archive ends before them
 */
export function readExactly(
  source: ArchiveSource,
  at: number,
  length: number,
): Uint8Array<ArrayBuffer> {
  if (at < 0 || at + length > source.size) throw cutOff();
  const bytes = new Uint8Array(length);
  if (source.read(bytes, at) !== length) throw cutOff();
  return bytes;
}

function cutOff() {
  return damaged('The backup is cut off: it refers to bytes behind its end.');
}
