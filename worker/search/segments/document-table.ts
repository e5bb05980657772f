import { ByteReader, ByteWriter } from './bytes.ts';
import type { ReadRange } from './checked-file.ts';
import type { DocumentColumns } from './document-columns.ts';
import { codeToLength, lengthToCode } from './document-length.ts';
import type { Owner } from './readable-segment.ts';

/** Rows that are read, or written, at once. */
const CHUNK_ROWS = 4096;

/**
 * The columns of a document table, one after the other: a row of each for each document, in the order
 * of their owners and, under one owner, of their numbers.
 */
const COLUMNS = {
  number: {
    width: 4,
    write: (to: ByteWriter, rows: DocumentColumns, document: number): void =>
      to.uint32(rows.numberOf(document)),
  },
  time: {
    width: 8,
    write: (to: ByteWriter, rows: DocumentColumns, document: number): void =>
      to.float64(rows.timeOf(document)),
  },
  role: {
    width: 1,
    write: (to: ByteWriter, rows: DocumentColumns, document: number): void =>
      to.byte(rows.roleOf(document)),
  },
  length: {
    width: 1,
    write: (to: ByteWriter, rows: DocumentColumns, document: number): void =>
      to.byte(lengthToCode(rows.lengthOf(document))),
  },
};

/** The columns in pieces to write; documents must be in the order of the table. */
export function* encodeColumns(rows: DocumentColumns): Generator<Uint8Array> {
  const piece = new ByteWriter();
  for (const { write } of Object.values(COLUMNS)) {
    for (let start = 0; start < rows.count; start += CHUNK_ROWS) {
      piece.clear();
      const end = Math.min(start + CHUNK_ROWS, rows.count);
      for (let document = start; document < end; document++) write(piece, rows, document);
      yield piece.bytes;
    }
  }
}

/** The owners, which must be in ascending order of their keys, and how many documents each has. */
export function encodeOwners(owners: readonly Owner[], rows: DocumentColumns): Uint8Array {
  const counts = new Uint32Array(owners.length);
  for (let document = 0; document < rows.count; document++) {
    // Owners of rows are indices of the owners given.
    counts[rows.ownerOf(document)]! += 1;
  }
  const writer = new ByteWriter();
  let key = '';
  owners.forEach((owner, index) => {
    writer.textAfter(key, owner.key);
    writer.textAfter('', owner.mimeType);
    writer.varint(counts[index] ?? 0);
    key = owner.key;
  });
  return writer.bytes;
}

/** A document table in a file. Owners are in memory, columns where they were asked for. */
export class DocumentTable {
  readonly owners: readonly Owner[];
  /** The first document of each owner, and the number of documents. */
  readonly #starts: Uint32Array;
  /** The owner of the last document asked for: neighbours in a list of hits often share it. */
  #lastOwner = 0;
  readonly #numbers: Column;
  readonly #times: Column;
  readonly #roles: Column;
  readonly #lengths: Column;

  /** Of so many documents, whose columns start at `start`. */
  constructor(owners: Uint8Array, documentCount: number, start: number) {
    const found: Owner[] = [];
    const starts = [0];
    let end = 0;
    let key = '';
    for (const reader = new ByteReader(owners); !reader.done;) {
      key = reader.textAfter(key);
      found.push({ key, mimeType: reader.textAfter('') });
      starts.push((end += reader.varint()));
    }
    this.owners = found;
    this.#starts = Uint32Array.from(starts);
    let at = start;
    const column = (width: number): Column => {
      const next = new Column(at, width, documentCount);
      at += width * documentCount;
      return next;
    };
    this.#numbers = column(COLUMNS.number.width);
    this.#times = column(COLUMNS.time.width);
    this.#roles = column(COLUMNS.role.width);
    this.#lengths = column(COLUMNS.length.width);
  }

  /** The first document of an owner; for the index after the last one, the number of documents. */
  startOf(owner: number): number {
    return this.#starts[owner] ?? 0;
  }

  /** -1 when it is not here. */
  indexOf(ownerKey: string): number {
    const index = lowerBound(
      0,
      this.owners.length,
      (at) => (this.owners[at]?.key ?? '') < ownerKey,
    );
    return this.owners[index]?.key === ownerKey ? index : -1;
  }

  ownerOf(document: number): number {
    const last = this.#lastOwner;
    if (document >= this.startOf(last) && document < this.startOf(last + 1)) return last;
    const next = lowerBound(0, this.owners.length, (at) => this.startOf(at + 1) <= document);
    this.#lastOwner = next;
    return next;
  }

  numberOf(read: ReadRange, document: number): number {
    return this.#numbers.chunk(read, document).getUint32((document % CHUNK_ROWS) * 4, true);
  }

  timeOf(read: ReadRange, document: number): number {
    return this.#times.chunk(read, document).getFloat64((document % CHUNK_ROWS) * 8, true);
  }

  roleOf(read: ReadRange, document: number): number {
    return this.#roles.chunk(read, document).getUint8(document % CHUNK_ROWS);
  }

  lengthOf(read: ReadRange, document: number): number {
    return codeToLength(this.#lengths.chunk(read, document).getUint8(document % CHUNK_ROWS));
  }

  /** The first document of an owner whose number is not below the one given. */
  firstAtLeast(read: ReadRange, owner: number, number: number): number {
    return lowerBound(
      this.startOf(owner),
      this.startOf(owner + 1),
      (document) => this.numberOf(read, document) < number,
    );
  }
}

class Column {
  readonly #start: number;
  readonly #width: number;
  readonly #count: number;
  readonly #chunks: (DataView | undefined)[];

  constructor(start: number, width: number, count: number) {
    this.#start = start;
    this.#width = width;
    this.#count = count;
    this.#chunks = Array.from({ length: Math.ceil(count / CHUNK_ROWS) });
  }

  /** The rows around a document's. */
  chunk(read: ReadRange, document: number): DataView {
    const index = Math.floor(document / CHUNK_ROWS);
    return (this.#chunks[index] ??= this.#load(read, index));
  }

  #load(read: ReadRange, index: number): DataView {
    const first = index * CHUNK_ROWS;
    const end = Math.min(first + CHUNK_ROWS, this.#count);
    // A copy, because what was read may be a part of whole pages.
    const rows = read(this.#start + first * this.#width, this.#start + end * this.#width).slice();
    return new DataView(rows.buffer);
  }
}

/** The first index from `start` to `end` that is not below what is sought; `end` when all are. */
export function lowerBound(
  start: number,
  end: number,
  isBelow: (index: number) => boolean,
): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
