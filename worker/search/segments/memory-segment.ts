import type { BackendFile } from '../../backend/backend.ts';
import { DocumentColumns } from './document-columns.ts';
import { lowerBound } from './document-table.ts';
import { MemoryPostings } from './memory-postings.ts';
import { MemoryWriter } from './memory-writer.ts';
import type { IndexEntry, Owner, Postings, ReadableSegment } from './readable-segment.ts';
import type { WriteOptions } from './segment-writer.ts';
import { runInSlices } from './slices.ts';

/** What a segment takes of a token of the analyzer. */
export interface IndexToken {
  readonly term: string;
  readonly position: number;
}

/** What is known of an entry besides its tokens. */
export type EntryHead = Omit<IndexEntry, 'content' | 'name'>;

/** What an owner takes in a map and a list, roughly, without its documents. */
const OWNER_BYTES = 256;
/** What a document takes in the list of its owner, which grows by halves. */
const LISTED_DOCUMENT_BYTES = 12;

/**
 * A segment that documents are added to, in any order. What was added is found at once. When a
 * document comes under an owner and number that are here, both stay; the later one is found by number.
 */
export class MemorySegment implements ReadableSegment {
  readonly #rows = new DocumentColumns();
  readonly #postings = new MemoryPostings();
  readonly #owners: Owner[] = [];
  /** The documents of each owner by number and, of the same number, as they came. */
  readonly #documents: number[][] = [];
  readonly #ownersByKey = new Map<string, number>();

  /** An estimate of the memory that it takes. */
  get bytes(): number {
    const documents = this.#rows.bytes + this.#rows.count * LISTED_DOCUMENT_BYTES;
    return this.#postings.bytes + documents + this.#owners.length * OWNER_BYTES;
  }

  get documentCount(): number {
    return this.#rows.count;
  }

  get totalLength(): number {
    return this.#rows.totalLength;
  }

  get owners(): readonly Owner[] {
    return this.#owners;
  }

  /**
   * Adds a document and gives its number in this segment: the one after the last.
   *
   * @param tokens in ascending order of position; those of the name too, at a distance from the text
   */
  add(entry: EntryHead, tokens: readonly IndexToken[]): number {
    const { key, mimeType, number, time, role } = entry;
    const document = this.#rows.count;
    const owner = this.#ownersByKey.get(key) ?? this.#addOwner(key);
    if (this.#owners[owner]?.mimeType !== mimeType) this.#owners[owner] = { key, mimeType };
    this.#rows.add({ owner, number, time, role, length: tokens.length });
    for (const { term, position } of tokens) this.#postings.add(term, document, position);
    const documents = this.#documentsOf(owner);
    const last = documents.at(-1);
    if (last === undefined || this.numberOf(last) <= number) documents.push(document);
    else documents.splice(this.#firstAtLeast(documents, number + 1), 0, document);
    return document;
  }

  /**
   * Writes what is here to a file, in slices, and flushes it. Until then nothing may be added.
   *
   * @param options `isDead` says which documents to leave out; what dies meanwhile may be left out or
   *   not
   * @returns for each document its number in the file; -1 when it is not there
   */
  async write(
    file: BackendFile,
    options: WriteOptions & { readonly isDead?: (document: number) => boolean },
  ): Promise<Int32Array> {
    const writer = new MemoryWriter(this.#rows, this.#postings, file);
    const documents = this.#owners.map((owner, index) => ({
      owner,
      documents: this.#documentsOf(index),
    }));
    await runInSlices(writer.write(documents, options), options.signal);
    await file.flush();
    return writer.written;
  }

  ownerOf(document: number): number {
    return this.#rows.ownerOf(document);
  }

  numberOf(document: number): number {
    return this.#rows.numberOf(document);
  }

  roleOf(document: number): number {
    return this.#rows.roleOf(document);
  }

  timeOf(document: number): number {
    return this.#rows.timeOf(document);
  }

  lengthOf(document: number): number {
    return this.#rows.lengthOf(document);
  }

  find(ownerKey: string, number: number): number {
    const documents = this.#documentsOf(this.#ownersByKey.get(ownerKey));
    const document = documents[this.#firstAtLeast(documents, number + 1) - 1];
    return document !== undefined && this.numberOf(document) === number ? document : -1;
  }

  documentsOf(ownerKey: string): Uint32Array {
    return Uint32Array.from(this.#documentsOf(this.#ownersByKey.get(ownerKey))).sort();
  }

  previous(document: number): number {
    const documents = this.#documentsOf(this.ownerOf(document));
    return documents[this.#firstAtLeast(documents, this.numberOf(document)) - 1] ?? -1;
  }

  next(document: number): number {
    const documents = this.#documentsOf(this.ownerOf(document));
    const next = documents[this.#firstAtLeast(documents, this.numberOf(document) + 1)];
    if (next === undefined) return -1;
    // Of documents with one number the last one counts, which came last.
    return documents[this.#firstAtLeast(documents, this.numberOf(next) + 1) - 1] ?? -1;
  }

  frequencyOf(term: string): number {
    return this.#postings.frequencyOf(term);
  }

  postings(term: string): Postings | undefined {
    return this.#postings.get(term);
  }

  termsWithPrefix(prefix: string): string[] {
    return [...this.terms()].filter((term) => term.startsWith(prefix));
  }

  terms(): Iterable<string> {
    return this.#postings.terms;
  }

  #addOwner(key: string): number {
    const owner = this.#owners.length;
    this.#ownersByKey.set(key, owner);
    this.#owners.push({ key, mimeType: '' });
    this.#documents.push([]);
    return owner;
  }

  #documentsOf(owner: number | undefined): number[] {
    return (owner === undefined ? undefined : this.#documents[owner]) ?? [];
  }

  #firstAtLeast(documents: readonly number[], number: number): number {
    return lowerBound(0, documents.length, (at) => this.numberOf(documents[at] ?? 0) < number);
  }
}
