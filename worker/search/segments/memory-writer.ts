import type { BackendFile } from '../../backend/backend.ts';
import { DocumentColumns } from './document-columns.ts';
import type { MemoryPostings, MemoryTermPostings } from './memory-postings.ts';
import type { Owner } from './readable-segment.ts';
import { SegmentWriter, type WriteOptions } from './segment-writer.ts';
import { sortInSteps } from './slices.ts';

/** Documents that are put in order in one step. */
const STEP_DOCUMENTS = 4096;

/** The documents of an owner, in the order in which a file has them. */
interface OwnedDocuments {
  readonly owner: Owner;
  readonly documents: readonly number[];
}

/** Brings the documents of a segment in memory into the order of a file, and writes them. */
export class MemoryWriter {
  readonly #rows: DocumentColumns;
  readonly #postings: MemoryPostings;
  readonly #writer: SegmentWriter;
  /** For each document its number in the file; -1 when it is not there. */
  readonly written: Int32Array;

  constructor(rows: DocumentColumns, postings: MemoryPostings, file: BackendFile) {
    this.#rows = rows;
    this.#postings = postings;
    this.#writer = new SegmentWriter(file);
    this.written = new Int32Array(rows.count).fill(-1);
  }

  *write(
    owned: readonly OwnedDocuments[],
    options: WriteOptions & { readonly isDead?: (document: number) => boolean },
  ): Generator<void> {
    const owners: Owner[] = [];
    const rows = new DocumentColumns();
    yield* this.#order(owned, options.isDead ?? (() => false), owners, rows);
    const terms = yield* sortInSteps([...this.#postings.terms]);
    for (const term of terms) {
      const postings = this.#postings.get(term);
      if (postings !== undefined) this.#add(postings);
      yield this.#writer.endTerm(term);
    }
    yield* this.#writer.finish(owners, rows, options);
  }

  /** Fills `owners` and `rows` in the order of the file. */
  *#order(
    owned: readonly OwnedDocuments[],
    isDead: (document: number) => boolean,
    owners: Owner[],
    rows: DocumentColumns,
  ): Generator<void> {
    const ownedByKey = new Map(owned.map((each) => [each.owner.key, each]));
    for (const key of yield* sortInSteps([...ownedByKey.keys()])) {
      const { owner, documents = [] } = ownedByKey.get(key) ?? {};
      const alive = documents.filter((document) => !isDead(document));
      if (owner === undefined || alive.length === 0) continue;
      for (const document of alive) {
        this.written[document] = rows.count;
        rows.add({
          owner: owners.length,
          number: this.#rows.numberOf(document),
          time: this.#rows.timeOf(document),
          role: this.#rows.roleOf(document),
          length: this.#rows.lengthOf(document),
        });
        if (rows.count % STEP_DOCUMENTS === 0) yield;
      }
      owners.push(owner);
    }
  }

  #add({ documents, positions, starts }: MemoryTermPostings): void {
    const count = documents.length;
    // The number in the file above, the place in the list below: in one number, which sorts fast.
    const order = new Float64Array(count);
    let used = 0;
    let isSorted = true;
    for (let index = 0; index < count; index++) {
      const document = this.written[documents[index] ?? 0] ?? -1;
      if (document < 0) continue;
      const place = document * count + index;
      if (used > 0 && place < (order[used - 1] ?? 0)) isSorted = false;
      order[used++] = place;
    }
    const places = order.subarray(0, used);
    if (!isSorted) places.sort();
    for (const place of places) {
      const index = place % count;
      const document = Math.floor(place / count);
      this.#writer.postings.add(document, positions, starts[index] ?? 0, starts[index + 1] ?? 0);
    }
  }
}
