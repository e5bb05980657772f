import type { BackendFile } from '../../backend/backend.ts';
import { crc32c } from '../../crc32c.ts';
import { ByteWriter } from './bytes.ts';

const PAGE_BYTES = 4096;
/** What is written at once, and read ahead: few calls, and none that takes long. */
const PIECE_BYTES = 16 * PAGE_BYTES;
const MAGIC = 0x3143_4646;
const TRAILER_BYTES = 20;

/** A file of an index is not what was written: the index has to be made anew from the logs. */
export class DamagedIndexError extends Error {
  override readonly name = 'DamagedIndexError';
}

/** Gives the bytes from `start` to `end` of some file. */
export type ReadRange = (start: number, end: number) => Uint8Array;

/**
 * Writes a file whose damage is found when it is read:
 *
 * ```
 * data      in pages of 4 KiB, the last one as long as it happens to be
 * sums      CRC-32C of each page
 * metadata  of the length given below
 * trailer   f64 bytes of data, u32 bytes of metadata, magic "FFC1",
 *           CRC-32C of everything from the sums up to here
 * ```
 *
 * all little-endian. As the trailer comes last, a file that was not finished cannot be opened.
 */
export class CheckedFileWriter {
  readonly #file: BackendFile;
  readonly #buffer = new Uint8Array(PIECE_BYTES);
  #buffered = 0;
  #written = 0;
  readonly #tail = new ByteWriter();

  /** Empties the file. */
  constructor(file: BackendFile) {
    this.#file = file;
    file.truncate(0);
  }

  /** Bytes of data so far. */
  get size(): number {
    return this.#written + this.#buffered;
  }

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + PIECE_BYTES - this.#buffered);
      this.#buffer.set(part, this.#buffered);
      this.#buffered += part.length;
      at += part.length;
      if (this.#buffered === PIECE_BYTES) this.#writeBuffer();
    }
  }

  /** Nothing can be appended after this. The file is not flushed. */
  finish(metadata: Uint8Array): void {
    const size = this.size;
    this.#writeBuffer();
    this.#tail.append(metadata);
    this.#tail.float64(size);
    this.#tail.uint32(metadata.length);
    this.#tail.uint32(MAGIC);
    this.#tail.uint32(crc32c(this.#tail.bytes));
    this.#file.write(this.#tail.bytes, size);
  }

  #writeBuffer(): void {
    const bytes = this.#buffer.subarray(0, this.#buffered);
    for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
      this.#tail.uint32(crc32c(bytes, at, Math.min(at + PAGE_BYTES, bytes.length)));
    }
    this.#file.write(bytes, this.#written);
    this.#written += bytes.length;
    this.#buffered = 0;
  }
}

/** What is known of a file that a {@link CheckedFileWriter} wrote; the file is given to each read. */
export class CheckedFile {
  /** Bytes of data. */
  readonly size: number;
  readonly metadata: Uint8Array;
  readonly #sums: DataView;
  /** 1 for pages that were read and found good: they are not summed again. */
  readonly #isChecked: Uint8Array;

  private constructor(size: number, tail: Uint8Array, sumBytes: number) {
    this.size = size;
    this.metadata = tail.subarray(sumBytes, tail.length - TRAILER_BYTES);
    this.#sums = new DataView(tail.buffer, tail.byteOffset, sumBytes);
    this.#isChecked = new Uint8Array(sumBytes / 4);
  }

  /** @throws {@link DamagedIndexError} when the file was not finished, or its tail is damaged */
  static open(file: BackendFile): CheckedFile {
    const fileSize = file.size();
    if (fileSize < TRAILER_BYTES) throw new DamagedIndexError('The file is too short.');
    const trailer = viewOf(readExactly(file, fileSize - TRAILER_BYTES, fileSize));
    const size = trailer.getFloat64(0, true);
    const sumBytes = Math.ceil(size / PAGE_BYTES) * 4;
    const metadataBytes = trailer.getUint32(8, true);
    // Sizes that do not add up must not decide how much is read; no comparison holds for NaN.
    const isWhole = size >= 0 && size + sumBytes + metadataBytes + TRAILER_BYTES === fileSize;
    if (!isWhole || trailer.getUint32(12, true) !== MAGIC) {
      throw new DamagedIndexError('The file has no valid end.');
    }
    const tail = readExactly(file, size, fileSize);
    if (crc32c(tail, 0, tail.length - 4) !== trailer.getUint32(16, true)) {
      throw new DamagedIndexError('The end of the file is damaged.');
    }
    return new CheckedFile(size, tail, sumBytes);
  }

  /**
   * The bytes from `start` to `end`, in one read of the file.
   *
   * @throws {@link DamagedIndexError} when a page that they lie in is damaged
   */
  read(file: BackendFile, start: number, end: number): Uint8Array {
    if (start >= end) return new Uint8Array(0);
    const firstPage = Math.floor(start / PAGE_BYTES);
    const endPage = Math.ceil(end / PAGE_BYTES);
    if (!this.#isChecked.subarray(firstPage, endPage).includes(0)) {
      return readExactly(file, start, end);
    }
    const from = firstPage * PAGE_BYTES;
    const bytes = readExactly(file, from, Math.min(endPage * PAGE_BYTES, this.size));
    for (let page = firstPage; page < endPage; page++) {
      if (this.#isChecked[page] === 1) continue;
      const at = page * PAGE_BYTES - from;
      const sum = crc32c(bytes, at, Math.min(at + PAGE_BYTES, bytes.length));
      if (sum !== this.#sums.getUint32(page * 4, true)) {
        throw new DamagedIndexError(`Page ${page} is damaged.`);
      }
      this.#isChecked[page] = 1;
    }
    return bytes.subarray(start - from, end - from);
  }
}

/** For reading from front to back: has large pieces read and gives parts of them. */
export function readAhead(read: ReadRange, limit: number): ReadRange {
  let piece: Uint8Array = new Uint8Array(0);
  let pieceStart = 0;
  return (start, end) => {
    if (start < pieceStart || end > pieceStart + piece.length) {
      piece = read(start, Math.max(end, Math.min(start + PIECE_BYTES, limit)));
      pieceStart = start;
    }
    return piece.subarray(start - pieceStart, end - pieceStart);
  };
}

function readExactly(file: BackendFile, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  if (file.read(bytes, start) !== bytes.length) throw new DamagedIndexError('The file was cut.');
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
