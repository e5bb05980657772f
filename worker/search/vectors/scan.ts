import { normaliseRow, quantiseQuery } from './quantise.ts';
import type { Block, Page } from './row-table.ts';
import { strideOf } from './vector-block.ts';
import type { OpenVectors, VectorFile } from './vector-file.ts';
import { DOTS_AT, LIST_AT, QUERY_AT, type VectorMemory } from './vector-memory.ts';

/**
 * Computes the cosine of the query and of each document's vector, from -1 to 1. Synchronous, and
 * exact but for the rounding of `int8`: no document is left out.
 *
 * @param into takes the scores by document; NaN for those that have no vector, or are not wanted.
 *   Documents beyond its end are left out
 * @param wanted the documents to look at; all unless told
 * @throws RangeError when the query has other dimensions than the vectors
 */
export function scoreVectors(
  { vectors, file }: OpenVectors,
  query: Float32Array,
  memory: VectorMemory,
  into: Float32Array,
  wanted?: Iterable<number>,
): void {
  into.fill(NaN);
  const factor = writeQuery(vectors, query, memory);
  const isWanted = wanted === undefined ? undefined : wantedRows(vectors, wanted);
  memory.beginScan(vectors);
  for (const [index, page] of vectors.table.pages.entries()) {
    if (isWanted !== undefined && !isAnyWanted(page, isWanted)) continue;
    const address = memory.page(vectors, index, page.length, (bytes) =>
      vectors.readPage(file, page, bytes),
    );
    for (const block of page.blocks) {
      scoreBlock(
        { vectors, block, rowsAt: address + block.rowsAt, isWanted, factor, memory },
        into,
      );
    }
  }
}

interface BlockScan {
  readonly vectors: VectorFile;
  readonly block: Block;
  /** Address of the block's rows. */
  readonly rowsAt: number;
  /** By row; absent when all are wanted. */
  readonly isWanted: Uint8Array | undefined;
  /** What the kernel's results are to be multiplied by, besides the scale of the row. */
  readonly factor: number;
  readonly memory: VectorMemory;
}

function scoreBlock(scan: BlockScan, into: Float32Array): void {
  const { vectors, block, rowsAt, isWanted, factor, memory } = scan;
  const { kernel } = memory;
  const { firstRow, rowCount } = block;
  const list = new Uint32Array(kernel.buffer, LIST_AT, rowCount);
  const count = isWanted === undefined ? rowCount : listRows(block, isWanted, list);
  if (count === 0) return;
  const isList = count < rowCount;
  const stride = strideOf(vectors.format);
  let dots: Int32Array | Float32Array;
  if (vectors.format.precision === 'int8') {
    kernel.dotInt8(rowsAt, stride, isList ? LIST_AT : 0, count, QUERY_AT, DOTS_AT);
    dots = new Int32Array(kernel.buffer, DOTS_AT, count);
  } else {
    kernel.dotFloat32(rowsAt, stride, isList ? LIST_AT : 0, count, QUERY_AT, DOTS_AT);
    dots = new Float32Array(kernel.buffer, DOTS_AT, count);
  }
  const { documentByRow, scaleByRow } = vectors.table;
  for (let index = 0; index < count; index++) {
    // All the indexes are within their arrays by construction.
    const row = firstRow + (isList ? list[index]! : index);
    const document = documentByRow[row]!;
    // Also false for rows that were replaced: their document is one beyond all others.
    if (document < into.length) into[document] = dots[index]! * scaleByRow[row]! * factor;
  }
}

/** Writes a query where the kernel expects it; gives what turns results for it into cosines. */
function writeQuery(
  { format }: VectorFile,
  query: Float32Array,
  { kernel: { buffer } }: VectorMemory,
): number {
  const { dimensions, precision } = format;
  if (query.length !== dimensions) {
    throw new RangeError(`A query of ${query.length} dimensions met vectors of ${dimensions}.`);
  }
  // The zeros that rows are padded with meet what is behind the query, which must not be NaN.
  new Uint8Array(buffer, QUERY_AT, LIST_AT - QUERY_AT).fill(0);
  if (precision === 'int8') {
    return quantiseQuery(query, new Int16Array(buffer, QUERY_AT, dimensions));
  }
  normaliseRow(query, new Float32Array(buffer, QUERY_AT, dimensions));
  return 1;
}

/** Ones for the rows of the documents. */
function wantedRows({ table }: VectorFile, documents: Iterable<number>): Uint8Array {
  const isWanted = new Uint8Array(table.rowCount);
  for (const document of documents) {
    const row = table.rowOf(document);
    if (row >= 0) isWanted[row] = 1;
  }
  return isWanted;
}

function isAnyWanted({ blocks }: Page, isWanted: Uint8Array): boolean {
  return blocks.some(({ firstRow, rowCount }) =>
    isWanted.subarray(firstRow, firstRow + rowCount).includes(1),
  );
}

/** Lists the wanted rows of a block, counted from its first; gives how many there are. */
function listRows({ firstRow, rowCount }: Block, isWanted: Uint8Array, list: Uint32Array): number {
  let count = 0;
  for (let index = 0; index < rowCount; index++) {
    if (isWanted[firstRow + index] === 1) list[count++] = index;
  }
  return count;
}
