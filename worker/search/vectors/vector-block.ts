import type { BackendFile } from '../../backend/backend.ts';
import { crc32c } from '../../crc32c.ts';

/**
 * What the vectors of a file are. A file begins with it, padded with zeros to a multiple of 16:
 *
 * ```
 * bytes  0…3   magic "FFV1"
 *        4…7   dimensions
 *        8…11  bytes per value: 1 for int8, 4 for float32
 *       12…15  bytes of the stamp
 *       16…    stamp, UTF-8
 * ```
 *
 * Blocks follow, each of them
 *
 * ```
 * bytes  0…3   magic "FFVB"
 *        4…7   CRC-32C of the bytes from 8 to the first row
 *        8…11  number of rows
 *       12…15  CRC-32C of the file's header
 *       16…19  CRC-32C of the rows
 *       20…31  zeros
 *       32…    document number of each row, u32
 *         …    scale of each row, f32; only with int8
 *         …    zeros up to a multiple of 16
 *         …    rows, each padded with zeros to a multiple of 16 bytes
 * ```
 *
 * all little-endian, as every platform with WebAssembly is. A row times its scale has length 1, or is
 * all zeros.
 */
export interface VectorFormat {
  /** What made the vectors: the model, its version, and whatever else they depend on. */
  readonly stamp: string;
  /** From 1 to {@link MAX_DIMENSIONS}. */
  readonly dimensions: number;
  /** `int8` takes a quarter of the space and of the time, `float32` is exact. */
  readonly precision: 'int8' | 'float32';
}

/** Rows as they stand in a file, together with the documents they belong to. */
export interface Rows {
  /** Document of each row. */
  readonly documents: Uint32Array;
  /** Of each row; unused with `float32`. */
  readonly scales: Float32Array;
  /** {@link strideOf} bytes for each row. */
  readonly bytes: Uint8Array;
}

/** What a block says about itself. */
export interface BlockHead {
  readonly documents: Uint32Array;
  /** Ones with `float32`. */
  readonly scales: Float32Array;
  /** Bytes of the block in front of its rows. */
  readonly headBytes: number;
  /** CRC-32C of its rows. */
  readonly rowsCrc: number;
}

export const MAX_DIMENSIONS = 4096;

/** No block is larger, so that it can be read, checked and kept in memory as one piece. */
export const MAX_BLOCK_BYTES = 0x4_0000;

const FILE_MAGIC = 0x3156_4646;
const FILE_HEADER_BYTES = 16;
const BLOCK_MAGIC = 0x4256_4646;
const BLOCK_HEADER_BYTES = 32;
const HEAD_CRC_AT = 4;
const HEAD_CRC_START = 8;
const ROWS_CRC_AT = 16;
/** Enough for the head of an ordinary block, so that it takes one read. */
const WINDOW_BYTES = 0x4000;
const encoder = new TextEncoder();

/** Bytes of a row, padding included. */
export function strideOf({ dimensions, precision }: VectorFormat): number {
  return padded(dimensions * valueBytes(precision));
}

/** How many rows the largest block of at most so many bytes has; 0 or less when there is none. */
export function rowsThatFit(format: VectorFormat, bytes: number): number {
  const padding = 16;
  const rowBytes = strideOf(format) + entryBytes(format);
  return Math.floor((bytes - BLOCK_HEADER_BYTES - padding) / rowBytes);
}

export function encodeFileHeader({ stamp, dimensions, precision }: VectorFormat): Uint8Array {
  const stampBytes = encoder.encode(stamp);
  const bytes = new Uint8Array(padded(FILE_HEADER_BYTES + stampBytes.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FILE_MAGIC, true);
  view.setUint32(4, dimensions, true);
  view.setUint32(8, valueBytes(precision), true);
  view.setUint32(12, stampBytes.length, true);
  bytes.set(stampBytes, FILE_HEADER_BYTES);
  return bytes;
}

/**
 * A block to append, and what reading its head will give.
 *
 * @param fileCrc of the file's header: a block that an earlier file left behind must not count
 */
export function encodeBlock(
  format: VectorFormat,
  fileCrc: number,
  rows: Rows,
): { readonly block: Uint8Array; readonly head: BlockHead } {
  const { documents, scales, bytes: rowBytes } = rows;
  const headBytes = headBytesOf(format, documents.length);
  const bytes = new Uint8Array(headBytes + rowBytes.length);
  bytes.set(rowBytes, headBytes);
  new Uint32Array(bytes.buffer, BLOCK_HEADER_BYTES, documents.length).set(documents);
  if (format.precision === 'int8') {
    new Float32Array(bytes.buffer, scalesAt(documents.length), documents.length).set(scales);
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, BLOCK_MAGIC, true);
  view.setUint32(8, documents.length, true);
  view.setUint32(12, fileCrc, true);
  const rowsCrc = crc32c(rowBytes);
  view.setUint32(ROWS_CRC_AT, rowsCrc, true);
  view.setUint32(HEAD_CRC_AT, crc32c(bytes, HEAD_CRC_START, headBytes), true);
  return { block: bytes, head: { documents, scales, headBytes, rowsCrc } };
}

/**
 * Reads everything but the rows of each block, up to the first that is damaged or cut short.
 *
 * @param start where the first block begins
 */
export function* readBlockHeads(
  file: BackendFile,
  start: number,
  format: VectorFormat,
  fileCrc: number,
): Generator<{ readonly head: BlockHead; readonly length: number }, void, undefined> {
  const fileSize = file.size();
  const maxRows = rowsThatFit(format, MAX_BLOCK_BYTES);
  const read = createWindow(file);
  for (let at = start; at + BLOCK_HEADER_BYTES <= fileSize;) {
    const header = viewOf(read(at, BLOCK_HEADER_BYTES));
    const rowCount = header.getUint32(8, true);
    if (header.getUint32(0, true) !== BLOCK_MAGIC || header.getUint32(12, true) !== fileCrc) return;
    if (rowCount === 0 || rowCount > maxRows) return;
    const length = headBytesOf(format, rowCount) + rowCount * strideOf(format);
    if (at + length > fileSize) return;
    const bytes = read(at, headBytesOf(format, rowCount));
    if (viewOf(bytes).getUint32(HEAD_CRC_AT, true) !== crc32c(bytes, HEAD_CRC_START)) return;
    yield { head: decodeHead(bytes, format, rowCount), length };
    at += length;
  }
}

function decodeHead(bytes: Uint8Array, format: VectorFormat, rowCount: number): BlockHead {
  const { buffer, byteOffset } = bytes;
  const scales =
    format.precision === 'int8'
      ? new Float32Array(buffer, byteOffset + scalesAt(rowCount), rowCount).slice()
      : new Float32Array(rowCount).fill(1);
  return {
    documents: new Uint32Array(buffer, byteOffset + BLOCK_HEADER_BYTES, rowCount).slice(),
    scales,
    headBytes: bytes.length,
    rowsCrc: viewOf(bytes).getUint32(ROWS_CRC_AT, true),
  };
}

/** Reads a little further than it is asked to: the next block may be a small one. */
function createWindow(file: BackendFile): (at: number, length: number) => Uint8Array {
  let bytes = new Uint8Array(0);
  let start = 0;
  return (at, length) => {
    if (at < start || at + length > start + bytes.length) {
      bytes = new Uint8Array(Math.max(length, WINDOW_BYTES));
      start = at;
      bytes = bytes.subarray(0, file.read(bytes, at));
    }
    return bytes.subarray(at - start, at - start + length);
  };
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function headBytesOf(format: VectorFormat, rowCount: number): number {
  return padded(BLOCK_HEADER_BYTES + rowCount * entryBytes(format));
}

/** What a row takes in the head of its block. */
function entryBytes({ precision }: VectorFormat): number {
  return precision === 'int8' ? 8 : 4;
}

function scalesAt(rowCount: number): number {
  return BLOCK_HEADER_BYTES + rowCount * 4;
}

function valueBytes(precision: VectorFormat['precision']): number {
  return precision === 'int8' ? 1 : 4;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
