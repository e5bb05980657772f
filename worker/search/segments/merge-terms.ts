import { ByteReader } from './bytes.ts';
import { PostingsCursor, type PostingsEncoder } from './postings.ts';
import type { SegmentReader, StoredPostings } from './segment.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** Postings of one term that are merged in one step. */
const STEP_POSTINGS = 8192;

interface TermSource {
  readonly reader: SegmentReader;
  /** For each document its new number, in the same order; -1 when it is left out. */
  readonly merged: Int32Array;
}

/** Writes the terms of all sources, in steps. */
export function* mergeTerms(
  sources: readonly TermSource[],
  writer: SegmentWriter,
): Generator<void> {
  const merging: MergingTerms[] = [];
  for (const source of sources) yield void merging.push(new MergingTerms(source));
  for (;;) {
    const term = smallest(merging.map(({ head }) => head?.term));
    if (term === undefined) return;
    const lists: MergingPostings[] = [];
    for (const terms of merging) if (terms.head?.term === term) lists.push(terms.take(terms.head));
    yield* mergePostings(lists, writer.postings);
    yield writer.endTerm(term);
  }
}

function* mergePostings(
  lists: readonly MergingPostings[],
  encoder: PostingsEncoder,
): Generator<void> {
  for (let step = 1; ; step++) {
    let lowest: MergingPostings | undefined;
    for (const list of lists) {
      if (list.hasMore && (lowest === undefined || list.document < lowest.document)) lowest = list;
    }
    if (lowest === undefined) return;
    lowest.take(encoder);
    if (step % STEP_POSTINGS === 0) yield;
  }
}

/** Goes through the terms of a source. */
class MergingTerms {
  readonly #stored: Iterator<StoredPostings>;
  readonly #merged: Int32Array;
  /** The next term; nothing after the last one. */
  head: StoredPostings | undefined;

  constructor({ reader, merged }: TermSource) {
    this.#stored = reader.storedPostings();
    this.#merged = merged;
    this.#advance();
  }

  /** The postings of the next term, which has to be the one given. */
  take(head: StoredPostings): MergingPostings {
    const postings = new MergingPostings(head, this.#merged);
    this.#advance();
    return postings;
  }

  #advance(): void {
    const { done, value } = this.#stored.next();
    this.head = done === true ? undefined : value;
  }
}

/** Goes through the postings of a term in a source, without those of documents that are left out. */
class MergingPostings {
  readonly #cursor: PostingsCursor;
  readonly #positions: Uint8Array;
  readonly #positionReader: ByteReader;
  readonly #merged: Int32Array;
  /** Where the positions in the next document start. */
  #start = 0;
  hasMore = true;
  /** The new number of the next document. */
  document = -1;

  constructor({ documents, positions }: StoredPostings, merged: Int32Array) {
    this.#cursor = new PostingsCursor(documents);
    this.#positions = positions;
    this.#positionReader = new ByteReader(positions);
    this.#merged = merged;
    this.#advance();
  }

  take(encoder: PostingsEncoder): void {
    const end = this.#positionReader.at;
    encoder.addEncoded(this.document, this.#cursor.count, this.#positions, this.#start, end);
    this.#advance();
  }

  #advance(): void {
    while (this.#cursor.next()) {
      this.#start = this.#positionReader.at;
      this.#positionReader.skipVarints(this.#cursor.count);
      this.document = this.#merged[this.#cursor.document] ?? -1;
      if (this.document >= 0) return;
    }
    this.hasMore = false;
  }
}

/** The first in the order of their UTF-16 units; `undefined` when there is none. */
export function smallest(texts: readonly (string | undefined)[]): string | undefined {
  let found: string | undefined;
  for (const text of texts) {
    if (text !== undefined && (found === undefined || text < found)) found = text;
  }
  return found;
}
