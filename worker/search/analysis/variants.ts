import type { QueryTerm } from './query.ts';

/** Which terms beside the very term of a query count; a search configuration is one. */
export interface VariantOptions {
  readonly prefix: boolean;
  /** How many letters a term may differ. */
  readonly typoTolerance: number;
}

/** Whether a term of a text counts as that of a query: as it is, as its beginning, or with typos. */
export function isVariant(term: string, query: QueryTerm, options: VariantOptions): boolean {
  if (term === query.term) return true;
  if (options.prefix && query.prefix && term.startsWith(query.term)) return true;
  const tolerance = toleranceFor(query, options);
  return tolerance > 0 && isWithin(query.term, term, tolerance);
}

/** How many letters a term may differ to count as that of the query; 0 where none may. */
function toleranceFor({ typos }: QueryTerm, { typoTolerance }: VariantOptions): number {
  return Math.min(typos, typoTolerance);
}

/**
 * Whether one term becomes the other by at most `tolerance` insertions, deletions and changes of
 * UTF-16 units. Made to be asked of every term of an index: Orama's own allocates a matrix each time.
 */
export function isWithin(term: string, other: string, tolerance: number): boolean {
  if (Math.abs(term.length - other.length) > tolerance) return false;
  let start = 0;
  let end = term.length;
  let otherEnd = other.length;
  while (end > 0 && otherEnd > 0 && term.charCodeAt(end - 1) === other.charCodeAt(otherEnd - 1)) {
    end--;
    otherEnd--;
  }
  const least = Math.min(end, otherEnd);
  while (start < least && term.charCodeAt(start) === other.charCodeAt(start)) start++;
  return differ(term, start, end, other, start, otherEnd, tolerance);
}

/**
 * Where two ranges differ first, one of three things was done: one unit less here, one less there, or
 * another one. With a tolerance of 2 that is nine ways at most, each of which ends early.
 */
function differ(
  term: string,
  start: number,
  end: number,
  other: string,
  otherStart: number,
  otherEnd: number,
  tolerance: number,
): boolean {
  let at = start;
  let otherAt = otherStart;
  while (at < end && otherAt < otherEnd && term.charCodeAt(at) === other.charCodeAt(otherAt)) {
    at++;
    otherAt++;
  }
  const left = end - at;
  const otherLeft = otherEnd - otherAt;
  if (left === 0 || otherLeft === 0) return left + otherLeft <= tolerance;
  if (tolerance === 0 || Math.abs(left - otherLeft) > tolerance) return false;
  const rest = tolerance - 1;
  return (
    differ(term, at + 1, end, other, otherAt + 1, otherEnd, rest) ||
    differ(term, at + 1, end, other, otherAt, otherEnd, rest) ||
    differ(term, at, end, other, otherAt + 1, otherEnd, rest)
  );
}

/** Finds out which of many terms of a query a term of a text counts as. */
export class VariantMatcher {
  readonly #options: VariantOptions;
  readonly #queryByTerm: ReadonlyMap<string, QueryTerm>;
  /** Longest first: a long beginning says more than a short one. */
  readonly #prefixLengths: readonly number[];
  readonly #tolerant: readonly QueryTerm[];

  constructor(terms: readonly QueryTerm[], options: VariantOptions) {
    this.#options = options;
    this.#queryByTerm = new Map(terms.map((query) => [query.term, query]));
    const prefixes = options.prefix ? terms.filter(({ prefix }) => prefix) : [];
    this.#prefixLengths = [...new Set(prefixes.map(({ term }) => term.length))].sort(
      (a, b) => b - a,
    );
    this.#tolerant = terms.filter((query) => toleranceFor(query, options) > 0);
  }

  /** The term itself if it is there, else the longest beginning of it, else one with typos. */
  match(term: string): QueryTerm | undefined {
    const exact = this.#queryByTerm.get(term);
    if (exact !== undefined) return exact;
    for (const length of this.#prefixLengths) {
      if (length >= term.length) continue;
      const query = this.#queryByTerm.get(term.slice(0, length));
      if (query?.prefix === true) return query;
    }
    return this.#tolerant.find((query) =>
      isWithin(query.term, term, toleranceFor(query, this.#options)),
    );
  }
}
