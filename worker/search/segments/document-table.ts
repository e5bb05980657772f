import { ByteReader, ByteWriter } from './bytes.ts';
import type { ReadRange } from './checked-file.ts';
import type { DocumentColumns } from './document-columns.ts';
import { codeToLength, lengthToCode } from './document-length.ts';
import type { Owner } from './readable-segment.ts';

/** Rows that are written at once. */
const CHUNK_ROWS = 4096;

/** Bytes of a column that are read at once. */
const COLUMN_READ_BYTES = 1_048_576;

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

/**
 * A document table in a file. Owners are in memory, and so is each column once it was asked for: a
 * ranking looks at all of it, and a read for each document would cost far more than it takes.
 */
export class DocumentTable {
  readonly owners: readonly Owner[];
  /** The first document of each owner, and the number of documents. */
  readonly #starts: Uint32Array;
  /** The owner of the last document asked for: neighbours in a list of hits often share it. */
  #lastOwner = 0;
  readonly #columns: Record<keyof typeof COLUMNS, Column>;
  #numbers: Uint32Array | undefined;
  #times: Float64Array | undefined;
  #roles: Uint8Array | undefined;
  #lengths: Uint8Array | undefined;
  #next: Int32Array | undefined;
  #previous: Int32Array | undefined;

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
      const from = at;
      at += width * documentCount;
      return { start: from, end: at };
    };
    this.#columns = {
      number: column(COLUMNS.number.width),
      time: column(COLUMNS.time.width),
      role: column(COLUMNS.role.width),
      length: column(COLUMNS.length.width),
    };
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
    this.#numbers ??= new Uint32Array(load(read, this.#columns.number));
    return this.#numbers[document] ?? 0;
  }

  timeOf(read: ReadRange, document: number): number {
    this.#times ??= new Float64Array(load(read, this.#columns.time));
    return this.#times[document] ?? 0;
  }

  roleOf(read: ReadRange, document: number): number {
    this.#roles ??= new Uint8Array(load(read, this.#columns.role));
    return this.#roles[document] ?? 0;
  }

  lengthOf(read: ReadRange, document: number): number {
    this.#lengths ??= new Uint8Array(load(read, this.#columns.length));
    return codeToLength(this.#lengths[document] ?? 0);
  }

  nextOf(read: ReadRange, document: number): number {
    this.#next ??= this.#linkForward(read);
    return this.#next[document] ?? -1;
  }

  previousOf(read: ReadRange, document: number): number {
    this.#previous ??= this.#linkBack(read);
    return this.#previous[document] ?? -1;
  }

  /** The first document of an owner whose number is not below the one given. */
  firstAtLeast(read: ReadRange, owner: number, number: number): number {
    return lowerBound(
      this.startOf(owner),
      this.startOf(owner + 1),
      (document) => this.numberOf(read, document) < number,
    );
  }

  /** Of documents with one number the last one counts, which came last. */
  #linkForward(read: ReadRange): Int32Array {
    const next = new Int32Array(this.#starts.at(-1) ?? 0);
    for (let owner = 0; owner < this.owners.length; owner += 1) {
      const last = this.startOf(owner + 1) - 1;
      let [newest, following] = [last, -1];
      for (let document = last; document >= this.startOf(owner); document -= 1) {
        if (this.numberOf(read, document) !== this.numberOf(read, newest)) {
          following = newest;
          newest = document;
        }
        next[document] = following;
      }
    }
    return next;
  }

  #linkBack(read: ReadRange): Int32Array {
    const previous = new Int32Array(this.#starts.at(-1) ?? 0).fill(-1);
    for (let owner = 0; owner < this.owners.length; owner += 1) {
      const end = this.startOf(owner + 1);
      for (let document = this.startOf(owner) + 1; document < end; document += 1) {
        const before = document - 1;
        const isSame = this.numberOf(read, before) === this.numberOf(read, document);
        previous[document] = isSame ? (previous[before] ?? -1) : before;
      }
    }
    return previous;
  }
}

/** Where a column lies in the file. */
interface Column {
  readonly start: number;
  readonly end: number;
}

/** A copy, because what was read may be a part of whole pages, and is not aligned. */
function load(read: ReadRange, { start, end }: Column): ArrayBuffer {
  const bytes = new Uint8Array(end - start);
  for (let at = start; at < end; at += COLUMN_READ_BYTES) {
    bytes.set(read(at, Math.min(at + COLUMN_READ_BYTES, end)), at - start);
  }
  return bytes.buffer;
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
