import { internals } from '@orama/orama';

/** New terms are put in their place once there are this many, not one by one. */
const MAX_UNSORTED = 512;

/** How a term may differ from the one that is asked for. */
export interface TermMatching {
  /** Whether the beginning of a term finds it. */
  readonly prefix: boolean;
}

/**
 * The terms of a field and the documents that hold each of them. It stands in for Orama's radix tree,
 * which takes time quadratic in the number of documents to collect those of a frequent term.
 */
export class TermDictionary {
  readonly #matching: TermMatching;
  readonly #documentsByTerm = new Map<string, number[]>();
  /** Terms in ascending order, some of which may have no documents any more. */
  #sorted: string[] = [];
  /** Terms that came since. */
  #unsorted: string[] = [];

  constructor(matching: TermMatching) {
    this.#matching = matching;
  }

  /** A document must be added to a term once only. */
  insert(term: string, documentId: number): void {
    const documents = this.#documentsByTerm.get(term);
    if (documents !== undefined) {
      documents.push(documentId);
    } else {
      this.#documentsByTerm.set(term, [documentId]);
      this.#unsorted.push(term);
    }
  }

  removeDocumentByWord(term: string, documentId: number): boolean {
    const documents = this.#documentsByTerm.get(term);
    const index = documents?.indexOf(documentId) ?? -1;
    if (documents === undefined || index === -1) return false;
    // The order of a term's documents means nothing, so the last one takes the free place.
    const last = documents.pop();
    if (last !== undefined && index < documents.length) documents[index] = last;
    if (documents.length === 0) this.#documentsByTerm.delete(term);
    return true;
  }

  /** The documents of every term that matches, keyed by the term. */
  find({ term, tolerance = 0 }: { term: string; tolerance?: number }): Record<string, number[]> {
    // Without a prototype, so that a term such as `constructor` finds nothing that is not there.
    const found = Object.create(null) as Record<string, number[]>;
    const add = (match: string): void => {
      const documents = this.#documentsByTerm.get(match);
      if (documents !== undefined) found[match] = documents;
    };
    add(term);
    if (this.#matching.prefix) this.#forEachWithPrefix(term, add);
    if (tolerance > 0) this.#forEachWithin(term, tolerance, add);
    return found;
  }

  #forEachWithPrefix(prefix: string, visit: (term: string) => void): void {
    this.#sort();
    for (let index = this.#firstAtLeast(prefix); index < this.#sorted.length; index++) {
      const term = this.#sorted[index];
      if (term?.startsWith(prefix) !== true) return;
      visit(term);
    }
  }

  #forEachWithin(term: string, tolerance: number, visit: (term: string) => void): void {
    for (const candidate of this.#documentsByTerm.keys()) {
      if (isWithin(term, candidate, tolerance)) visit(candidate);
    }
  }

  #sort(): void {
    if (this.#unsorted.length === 0) return;
    this.#unsorted.sort(compare);
    if (this.#unsorted.length <= MAX_UNSORTED && this.#sorted.length > MAX_UNSORTED) {
      // Few into many: a binary search and a block move for each beat sorting all anew.
      for (const term of this.#unsorted) {
        const index = this.#firstAtLeast(term);
        if (this.#sorted[index] !== term) this.#sorted.splice(index, 0, term);
      }
    } else {
      this.#sorted = [...this.#documentsByTerm.keys()].sort(compare);
    }
    this.#unsorted = [];
  }

  #firstAtLeast(term: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? '') < term) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether one term becomes the other by at most `tolerance` insertions, deletions and changes. */
export function isWithin(term: string, other: string, tolerance: number): boolean {
  return (
    Math.abs(term.length - other.length) <= tolerance &&
    internals.boundedLevenshtein(term, other, tolerance).isBounded
  );
}

/** By UTF-16 units, like `<`; locales have no say in it. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
