import type { BlockHead } from './vector-block.ts';

/** A block of a file, as the table knows it. */
export interface Block {
  /** Where its rows begin, in bytes from the start of its page. */
  readonly rowsAt: number;
  readonly rowsCrc: number;
  /** The row it begins with, counted through the file. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** Whether its rows were compared with the checksum, as they are when they are first read. */
  isChecked: boolean;
}

/** Whole blocks, one behind the other, that are read and kept together. */
export interface Page {
  /** Where it lies in the file. */
  readonly offset: number;
  /** Grows while it is the last page and has room. */
  length: number;
  readonly blocks: Block[];
}

const NO_ROW = -1;
/** The document of a row that counts no more; no segment has so many. */
const NO_DOCUMENT = 0xffff_ffff;
const INITIAL_CAPACITY = 64;

/**
 * Which rows there are, and what belongs to each: all there is to know of a vector file but the
 * vectors. Twelve bytes a row.
 */
export class RowTable {
  readonly pages: Page[] = [];
  readonly #pageBytes: number;
  #rowCount = 0;
  #liveCount = 0;
  #documentByRow = new Uint32Array(INITIAL_CAPACITY);
  #scaleByRow = new Float32Array(INITIAL_CAPACITY);
  #rowByDocument = new Int32Array(INITIAL_CAPACITY).fill(NO_ROW);

  /** @param pageBytes how large a page may get */
  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes;
  }

  /** Rows ever added. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Documents that have a row. */
  get documentCount(): number {
    return this.#liveCount;
  }

  /**
   * Document of each row; a number that no document has for rows that were replaced or damaged. The
   * array is longer than there are rows, and the next addition may leave it behind.
   */
  get documentByRow(): Uint32Array {
    return this.#documentByRow;
  }

  /** As {@link documentByRow}. */
  get scaleByRow(): Float32Array {
    return this.#scaleByRow;
  }

  /** The row of a document; -1 when it has none. */
  rowOf(document: number): number {
    return this.#rowByDocument[document] ?? NO_ROW;
  }

  /** Bytes that the last page has left. */
  get roomInLastPage(): number {
    const last = this.pages.at(-1);
    return last === undefined ? 0 : this.#pageBytes - last.length;
  }

  /** Adds a block that lies at `offset` and takes `length` bytes; its rows replace earlier ones. */
  add(head: BlockHead, offset: number, length: number): void {
    const { documents, scales, headBytes, rowsCrc } = head;
    const page = this.#pageFor(offset, length);
    const firstRow = this.#rowCount;
    this.#reserveRows(firstRow + documents.length);
    this.#scaleByRow.set(scales, firstRow);
    for (const [index, document] of documents.entries()) {
      this.#reserveDocument(document);
      this.#drop(this.rowOf(document));
      this.#documentByRow[firstRow + index] = document;
      this.#rowByDocument[document] = firstRow + index;
      this.#liveCount++;
    }
    this.#rowCount += documents.length;
    page.blocks.push({
      rowsAt: offset - page.offset + headBytes,
      rowsCrc,
      firstRow,
      rowCount: documents.length,
      isChecked: false,
    });
    page.length += length;
  }

  /** Forgets the rows of a block that turned out to be damaged. */
  dropBlock({ firstRow, rowCount }: Block): void {
    for (let row = firstRow; row < firstRow + rowCount; row++) this.#drop(row);
  }

  #drop(row: number): void {
    const document = this.#documentByRow[row] ?? NO_DOCUMENT;
    if (row === NO_ROW || document === NO_DOCUMENT) return;
    this.#documentByRow[row] = NO_DOCUMENT;
    this.#rowByDocument[document] = NO_ROW;
    this.#liveCount--;
  }

  #pageFor(offset: number, length: number): Page {
    const last = this.pages.at(-1);
    if (last !== undefined && last.length + length <= this.#pageBytes) return last;
    const page: Page = { offset, length: 0, blocks: [] };
    this.pages.push(page);
    return page;
  }

  #reserveRows(count: number): void {
    if (count <= this.#documentByRow.length) return;
    const capacity = Math.max(count, this.#documentByRow.length * 2);
    const [documents, scales] = [this.#documentByRow, this.#scaleByRow];
    this.#documentByRow = new Uint32Array(capacity);
    this.#documentByRow.set(documents);
    this.#scaleByRow = new Float32Array(capacity);
    this.#scaleByRow.set(scales);
  }

  #reserveDocument(document: number): void {
    if (document < this.#rowByDocument.length) return;
    const capacity = Math.max(document + 1, this.#rowByDocument.length * 2);
    const rows = this.#rowByDocument;
    this.#rowByDocument = new Int32Array(capacity).fill(NO_ROW);
    this.#rowByDocument.set(rows);
  }
}
