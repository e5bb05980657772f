import { MemorySegment } from '../segments/memory-segment.ts';
import type { Owner, Postings, ReadableSegment } from '../segments/readable-segment.ts';
import type { TokenizedEntry } from '../index/entry-set.ts';

/**
 * The entries that a scan has found, and the number of those that it has passed over: ranked among
 * themselves alone, what a query finds would all hold its terms, and none of them would be rare.
 */
export class ScannedSegment implements ReadableSegment {
  readonly #found = new MemorySegment();
  #skipped = 0;
  #share = 1;

  /** @returns the number of the document */
  add(entry: TokenizedEntry): number {
    return this.#found.add(entry, entry.tokens);
  }

  /**
   * Takes note of what was passed over.
   *
   * @param share how many times as much there is of everything as of what was found
   */
  passOver(count: number, share: number): void {
    this.#skipped = count;
    this.#share = share;
  }

  /** With the entries that were passed over, behind the others: nobody finds those. */
  get documentCount(): number {
    return this.#found.documentCount + this.#skipped;
  }

  /** An estimate. */
  get totalLength(): number {
    return Math.round(this.#found.totalLength * this.#share);
  }

  get owners(): readonly Owner[] {
    return this.#found.owners;
  }

  ownerOf(document: number): number {
    return this.#found.ownerOf(document);
  }

  numberOf(document: number): number {
    return this.#found.numberOf(document);
  }

  roleOf(document: number): number {
    return this.#found.roleOf(document);
  }

  timeOf(document: number): number {
    return this.#found.timeOf(document);
  }

  lengthOf(document: number): number {
    return this.#found.lengthOf(document);
  }

  find(ownerKey: string, number: number): number {
    return this.#found.find(ownerKey, number);
  }

  documentsOf(ownerKey: string): Uint32Array {
    return this.#found.documentsOf(ownerKey);
  }

  previous(document: number): number {
    return this.#found.previous(document);
  }

  next(document: number): number {
    return this.#found.next(document);
  }

  frequencyOf(term: string): number {
    return this.#found.frequencyOf(term);
  }

  postings(term: string): Postings | undefined {
    return this.#found.postings(term);
  }

  termsWithPrefix(prefix: string): string[] {
    return this.#found.termsWithPrefix(prefix);
  }

  terms(): Iterable<string> {
    return this.#found.terms();
  }
}
