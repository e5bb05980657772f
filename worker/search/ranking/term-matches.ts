import type { QueryTerm } from '../analysis/query.ts';
import { isVariant, type VariantOptions } from '../analysis/variants.ts';
import type { ReadableSegment } from '../segments/readable-segment.ts';
import { isSenderTerm } from './senders.ts';

/** What a term that merely begins like that of the query, or has a typo, counts beside the very term. */
const VARIANT_WEIGHT = 0.5;

/** The documents of a segment that hold a term of a query or one of its variants. */
export interface TermMatches {
  /** Each once, in no particular order. */
  readonly documents: Uint32Array;
  /** How often, beside them; variants count less. */
  readonly counts: Uint32Array | Float32Array;
}

/** For each of the terms its matches; `undefined` where there are none. */
export function findMatches(
  segment: ReadableSegment,
  terms: readonly QueryTerm[],
  options: VariantOptions,
): (TermMatches | undefined)[] {
  const misspelled = findMisspelled(segment, terms, options);
  return terms.map((term, index) => {
    const variants = new Set(misspelled[index]);
    if (options.prefix && term.prefix) {
      for (const longer of segment.termsWithPrefix(term.term)) variants.add(longer);
    }
    variants.delete(term.term);
    const exact = segment.postings(term.term);
    return variants.size === 0 ? exact : merge(segment, exact, variants);
  });
}

/** Looks through the vocabulary once, for all terms that tolerate typos. */
function findMisspelled(
  segment: ReadableSegment,
  terms: readonly QueryTerm[],
  { typoTolerance }: VariantOptions,
): (string[] | undefined)[] {
  const found: (string[] | undefined)[] = Array.from({ length: terms.length });
  if (typoTolerance === 0 || terms.every(({ typos }) => typos === 0)) return found;
  const withTypos = { prefix: false, typoTolerance };
  for (const other of segment.terms()) {
    if (isSenderTerm(other)) continue;
    for (const [index, term] of terms.entries()) {
      if (isVariant(other, term, withTypos)) (found[index] ??= []).push(other);
    }
  }
  return found;
}

function merge(
  segment: ReadableSegment,
  exact: TermMatches | undefined,
  variants: ReadonlySet<string>,
): TermMatches | undefined {
  const countByDocument = new Float32Array(segment.documentCount);
  const found = new Uint32Array(segment.documentCount);
  let size = 0;
  const add = ({ documents, counts }: TermMatches, weight: number): void => {
    for (let at = 0; at < documents.length; at += 1) {
      const document = documents[at] ?? 0;
      const before = countByDocument[document] ?? 0;
      if (before === 0) found[size++] = document;
      countByDocument[document] = before + weight * (counts[at] ?? 0);
    }
  };
  if (exact !== undefined) add(exact, 1);
  for (const variant of variants) {
    const postings = segment.postings(variant);
    if (postings !== undefined) add(postings, VARIANT_WEIGHT);
  }
  if (size === 0) return undefined;
  const documents = found.subarray(0, size);
  return {
    documents,
    counts: Float32Array.from(documents, (document) => countByDocument[document] ?? 0),
  };
}
