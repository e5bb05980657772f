import type { BackendFile } from '../../backend/backend.ts';
import { DocumentColumns } from './document-columns.ts';
import { mergeTerms, smallest } from './merge-terms.ts';
import type { Owner } from './readable-segment.ts';
import type { SegmentReader } from './segment.ts';
import { SegmentWriter, type WriteOptions } from './segment-writer.ts';
import { runInSlices } from './slices.ts';

/** Documents that are merged in one step. */
const STEP_DOCUMENTS = 4096;

export interface MergeSource {
  /** Its file has to stay open until the merge is over. */
  readonly reader: SegmentReader;
  /** Which documents to leave out. What dies during the merge may be left out or not. */
  readonly isDead: (document: number) => boolean;
}

/**
 * Writes all documents of several segments to one file, in slices, and flushes it. Its memory grows
 * with the number of documents and terms, not with their postings.
 *
 * @param sources from the oldest to the newest: that decides between documents of the same number
 * @returns for each source the new number of each of its documents; -1 when it was left out
 */
export async function mergeSegments(
  sources: readonly MergeSource[],
  file: BackendFile,
  options: WriteOptions,
): Promise<Int32Array[]> {
  const merging = sources.map((source) => new MergingDocuments(source));
  await runInSlices(merge(merging, new SegmentWriter(file), options), options.signal);
  await file.flush();
  return merging.map(({ merged }) => merged);
}

function* merge(
  sources: readonly MergingDocuments[],
  writer: SegmentWriter,
  options: WriteOptions,
): Generator<void> {
  const owners: Owner[] = [];
  const rows = new DocumentColumns();
  yield* mergeDocuments(sources, owners, rows);
  yield* mergeTerms(sources, writer);
  yield* writer.finish(owners, rows, options);
}

/** Fills `owners` and `rows`. */
function* mergeDocuments(
  sources: readonly MergingDocuments[],
  owners: Owner[],
  rows: DocumentColumns,
): Generator<void> {
  for (;;) {
    const key = smallest(sources.map(({ owner }) => owner?.key));
    if (key === undefined) return;
    const concerned = sources.filter(({ owner }) => owner?.key === key);
    // The newest one in use knows best what kind of file it is.
    const owner = concerned.findLast(({ hasMore }) => hasMore)?.owner;
    for (let next = lowest(concerned); next !== undefined; next = lowest(concerned)) {
      next.take(owners.length, rows);
      if (rows.count % STEP_DOCUMENTS === 0) yield;
    }
    if (owner !== undefined) owners.push(owner);
    for (const source of concerned) yield source.nextOwner();
  }
}

/** The source whose next document has the lowest number; of several the first. */
function lowest(sources: readonly MergingDocuments[]): MergingDocuments | undefined {
  let found: MergingDocuments | undefined;
  for (const source of sources) {
    if (source.hasMore && (found === undefined || source.number < found.number)) found = source;
  }
  return found;
}

/** Goes through the documents of a source that are not dead, owner by owner. */
class MergingDocuments {
  readonly reader: SegmentReader;
  readonly #isDead: (document: number) => boolean;
  /** For each document its new number; -1 when it is left out. */
  readonly merged: Int32Array;
  #owner = -1;
  /** Where the documents of the owner end. */
  #end = 0;
  #document = 0;
  /** The number of the next document of the owner. */
  number = 0;

  constructor({ reader, isDead }: MergeSource) {
    this.reader = reader;
    this.#isDead = isDead;
    this.merged = new Int32Array(reader.documentCount).fill(-1);
    this.nextOwner();
  }

  /** Nothing after the last one. */
  get owner(): Owner | undefined {
    return this.reader.owners[this.#owner];
  }

  /** Whether the owner has another document. */
  get hasMore(): boolean {
    return this.#document < this.#end;
  }

  nextOwner(): void {
    this.#owner += 1;
    if (this.owner === undefined) return;
    this.#document = this.reader.startOf(this.#owner);
    this.#end = this.reader.startOf(this.#owner + 1);
    this.#skipDead();
  }

  /** Adds the next document to `rows`. */
  take(owner: number, rows: DocumentColumns): void {
    const document = this.#document;
    this.merged[document] = rows.count;
    rows.add({
      owner,
      number: this.number,
      time: this.reader.timeOf(document),
      role: this.reader.roleOf(document),
      length: this.reader.lengthOf(document),
    });
    this.#document += 1;
    this.#skipDead();
  }

  #skipDead(): void {
    while (this.hasMore && this.#isDead(this.#document)) this.#document += 1;
    if (this.hasMore) this.number = this.reader.numberOf(this.#document);
  }
}
