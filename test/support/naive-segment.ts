import type {
  Owner,
  Postings,
  ReadableSegment,
} from '../../worker/search/segments/readable-segment.ts';

/** A document as a segment knows it: terms by position instead of a text. */
export interface NaiveDocument {
  readonly ownerKey: string;
  readonly number: number;
  /** By position; `null` where there is none. */
  readonly terms: readonly (string | null)[];
  readonly mimeType?: string;
  readonly role?: number;
  readonly time?: number;
}

/** A segment over plain arrays that looks everything up anew: slow, and simple enough to be right. */
export class NaiveSegment implements ReadableSegment {
  readonly documents: readonly NaiveDocument[];

  constructor(documents: readonly NaiveDocument[]) {
    this.documents = documents;
  }

  get documentCount(): number {
    return this.documents.length;
  }

  get totalLength(): number {
    return this.documents.reduce((sum, _, document) => sum + this.lengthOf(document), 0);
  }

  get owners(): readonly Owner[] {
    const keys = [...new Set(this.documents.map(({ ownerKey }) => ownerKey))];
    return keys.map((key) => ({
      key,
      mimeType: this.documents.find(({ ownerKey }) => ownerKey === key)?.mimeType ?? '',
    }));
  }

  ownerOf(document: number): number {
    const { ownerKey } = this.#at(document);
    return this.owners.findIndex(({ key }) => key === ownerKey);
  }

  numberOf(document: number): number {
    return this.#at(document).number;
  }

  roleOf(document: number): number {
    return this.#at(document).role ?? 0;
  }

  timeOf(document: number): number {
    return this.#at(document).time ?? 0;
  }

  lengthOf(document: number): number {
    return this.#at(document).terms.filter((term) => term !== null).length;
  }

  find(ownerKey: string, number: number): number {
    return this.documents.findIndex(
      (document) => document.ownerKey === ownerKey && document.number === number,
    );
  }

  documentsOf(ownerKey: string): Uint32Array {
    return Uint32Array.from(this.#where((document) => document.ownerKey === ownerKey));
  }

  previous(document: number): number {
    return this.#nearest(document, -1);
  }

  next(document: number): number {
    return this.#nearest(document, 1);
  }

  frequencyOf(term: string): number {
    return this.#where(({ terms }) => terms.includes(term)).length;
  }

  postings(term: string): Postings | undefined {
    const documents = this.#where(({ terms }) => terms.includes(term));
    if (documents.length === 0) return undefined;
    const positions = documents.map((document) =>
      Uint32Array.from(
        [...this.#at(document).terms.entries()].flatMap(([at, found]) =>
          found === term ? at : [],
        ),
      ),
    );
    return {
      documents: Uint32Array.from(documents),
      counts: Uint32Array.from(positions, ({ length }) => length),
      positionsAt: (index) => positions[index] ?? new Uint32Array(),
    };
  }

  termsWithPrefix(prefix: string): string[] {
    return [...this.terms()].filter((term) => term.startsWith(prefix));
  }

  terms(): Set<string> {
    return new Set(this.documents.flatMap(({ terms }) => terms.filter((term) => term !== null)));
  }

  #at(document: number): NaiveDocument {
    const found = this.documents[document];
    if (found === undefined) throw new RangeError(`there is no document ${document}`);
    return found;
  }

  #where(matches: (document: NaiveDocument) => boolean): number[] {
    return [...this.documents.keys()].filter((document) => matches(this.#at(document)));
  }

  #nearest(document: number, direction: 1 | -1): number {
    const { ownerKey, number } = this.#at(document);
    const distanceTo = (other: number): number => direction * (this.numberOf(other) - number);
    return (
      this.#where((other) => other.ownerKey === ownerKey)
        .filter((other) => distanceTo(other) > 0)
        .toSorted((a, b) => distanceTo(a) - distanceTo(b))[0] ?? -1
    );
  }
}
