import type { BackendFile } from '../../backend/backend.ts';
import { crc32c } from '../../crc32c.ts';
import { normaliseRow, quantiseRow } from './quantise.ts';
import { RowBuffer } from './row-buffer.ts';
import { RowTable, type Page } from './row-table.ts';
import {
  encodeBlock,
  encodeFileHeader,
  MAX_BLOCK_BYTES,
  MAX_DIMENSIONS,
  readBlockHeads,
  rowsThatFit,
  strideOf,
  type Rows,
  type VectorFormat,
} from './vector-block.ts';

/** A block smaller than this is not worth filling a page up with. */
const MIN_SPLIT_ROWS = 16;

/** A vector file and its open handle. */
export interface OpenVectors {
  readonly vectors: VectorFile;
  readonly file: BackendFile;
}

/**
 * The vectors of a segment's documents, made by one model, in a file that is only appended to. What
 * is damaged or cut short is forgotten: its documents are missing again, and are embedded anew.
 *
 * It holds which documents have a vector, never the vectors, and no handle: every method that reads
 * or writes is given the open file, and works synchronously. Nothing is flushed here; unflushed
 * blocks that a crash takes are found missing.
 */
export class VectorFile {
  readonly format: VectorFormat;
  /** For the scan: which rows there are, and where. */
  readonly table = new RowTable(MAX_BLOCK_BYTES);
  readonly #fileCrc: number;
  /** Bytes of the file that are valid. */
  #size: number;

  private constructor(format: VectorFormat, fileCrc: number, size: number) {
    this.format = format;
    this.#fileCrc = fileCrc;
    this.#size = size;
  }

  /**
   * Reads which documents have a vector, not the vectors. The file is emptied first when it is not of
   * this format, and cut behind its last whole block.
   *
   * @throws RangeError when the dimensions are not a whole number from 1 to 4096
   */
  static open(file: BackendFile, format: VectorFormat): VectorFile {
    const { dimensions } = format;
    if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw new RangeError(`Vectors have 1 to ${MAX_DIMENSIONS} dimensions, not ${dimensions}.`);
    }
    const header = encodeFileHeader(format);
    const found = new Uint8Array(header.length);
    file.read(found, 0);
    if (!header.every((byte, index) => byte === found[index])) {
      file.truncate(0);
      file.write(header, 0);
    }
    const vectors = new VectorFile(format, crc32c(header), header.length);
    for (const { head, length } of readBlockHeads(file, header.length, format, vectors.#fileCrc)) {
      vectors.table.add(head, vectors.#size, length);
      vectors.#size += length;
    }
    if (file.size() > vectors.#size) file.truncate(vectors.#size);
    return vectors;
  }

  /** Documents that have a vector. */
  get count(): number {
    return this.table.documentCount;
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#size;
  }

  has(document: number): boolean {
    return this.table.rowOf(document) >= 0;
  }

  /** The documents below `documentCount` that have no vector, in ascending order. */
  *missing(documentCount: number): Generator<number, void, undefined> {
    for (let document = 0; document < documentCount; document++) {
      if (!this.has(document)) yield document;
    }
  }

  /**
   * Adds vectors, replacing those that the documents have. Only their direction is kept; one that has
   * none, being all zeros or not finite, counts as there and is similar to nothing.
   *
   * When a write fails, the vectors before it have been added.
   *
   * @param vectors one behind the other, in the order of `documents`
   * @throws RangeError when `vectors` does not hold a vector for each document
   */
  append(file: BackendFile, documents: ArrayLike<number>, vectors: Float32Array): void {
    const { dimensions } = this.format;
    if (vectors.length !== documents.length * dimensions) {
      throw new RangeError(
        `${documents.length} vectors of ${dimensions} dimensions were announced, ` +
          `and ${vectors.length} values came.`,
      );
    }
    for (let start = 0; start < documents.length;) {
      const end = Math.min(documents.length, start + this.#nextBlockRows());
      const rows = this.#encodeRows(vectors.subarray(start * dimensions, end * dimensions));
      const numbers = Uint32Array.from(
        { length: end - start },
        (_, i) => documents[start + i] ?? 0,
      );
      this.#appendBlock(file, { ...rows, documents: numbers });
      start = end;
    }
  }

  /**
   * Copies the vectors of another file, for a merge of segments, one piece of the work with each
   * step: the caller decides when to go on. Damaged rows are left out, and what is added to the
   * other file meanwhile may be: here it is missing then.
   *
   * @param from of the same format
   * @param newDocuments the number here of each document there; -1 for those to leave out
   * @throws RangeError when the formats differ
   */
  *copyRows(
    file: BackendFile,
    from: OpenVectors,
    newDocuments: ArrayLike<number>,
  ): Generator<void, void, undefined> {
    const { table, format } = from.vectors;
    if (!sameFormat(format, this.format)) {
      throw new RangeError(`Vectors of ${format.stamp} are none of ${this.format.stamp}.`);
    }
    const stride = strideOf(format);
    const buffer = new Uint8Array(MAX_BLOCK_BYTES);
    const copied = new RowBuffer(rowsThatFit(format, MAX_BLOCK_BYTES), stride);
    const write = (): void => {
      if (copied.count > 0) this.#appendBlock(file, copied.take());
    };
    for (const page of table.pages) {
      from.vectors.readPage(from.file, page, buffer);
      for (const { rowsAt, firstRow, rowCount } of page.blocks) {
        for (let index = 0; index < rowCount; index++) {
          const row = firstRow + index;
          // A row that does not count has a document number beyond all others.
          const document = newDocuments[table.documentByRow[row] ?? -1] ?? -1;
          if (document < 0) continue;
          if (copied.count === this.#nextBlockRows()) write();
          const at = rowsAt + index * stride;
          copied.push(document, table.scaleByRow[row] ?? 0, buffer.subarray(at, at + stride));
        }
      }
      yield;
    }
    write();
  }

  /**
   * Reads a page of the file as it is. Its rows are checked the first time; those of a damaged block
   * count no more from then on.
   */
  readPage(file: BackendFile, page: Page, into: Uint8Array): void {
    const bytes = into.subarray(0, page.length);
    const read = file.read(bytes, page.offset);
    bytes.fill(0, read);
    const stride = strideOf(this.format);
    for (const block of page.blocks) {
      if (block.isChecked) continue;
      block.isChecked = true;
      const { rowsAt, rowCount, rowsCrc } = block;
      const isSound = crc32c(bytes, rowsAt, rowsAt + rowCount * stride) === rowsCrc;
      if (!isSound) this.table.dropBlock(block);
    }
  }

  /** How many rows the next block should have at most: what fills the last page, or a page. */
  #nextBlockRows(): number {
    const fitting = rowsThatFit(this.format, this.table.roomInLastPage);
    return fitting >= MIN_SPLIT_ROWS ? fitting : rowsThatFit(this.format, MAX_BLOCK_BYTES);
  }

  #encodeRows(vectors: Float32Array): Omit<Rows, 'documents'> {
    const { dimensions, precision } = this.format;
    const stride = strideOf(this.format);
    const count = vectors.length / dimensions;
    const bytes = new Uint8Array(count * stride);
    const scales = new Float32Array(count).fill(1);
    for (let row = 0; row < count; row++) {
      const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
      if (precision === 'int8') {
        scales[row] = quantiseRow(vector, new Int8Array(bytes.buffer, row * stride, dimensions));
      } else {
        normaliseRow(vector, new Float32Array(bytes.buffer, row * stride, dimensions));
      }
    }
    return { scales, bytes };
  }

  #appendBlock(file: BackendFile, rows: Rows): void {
    const { block, head } = encodeBlock(this.format, this.#fileCrc, rows);
    file.write(block, this.#size);
    this.table.add(head, this.#size, block.length);
    this.#size += block.length;
  }
}

function sameFormat(a: VectorFormat, b: VectorFormat): boolean {
  return a.stamp === b.stamp && a.dimensions === b.dimensions && a.precision === b.precision;
}
