import type { TextAnalyzer } from '../analysis/analyzer.ts';
import type { ParsedQuery } from '../analysis/query.ts';
import { VariantMatcher, type VariantOptions } from '../analysis/variants.ts';
import { WordFilter } from './word-filter.ts';

/** Looks for the terms of a query, and for the variants of them that count. */
export function createQueryWords(
  analyzer: TextAnalyzer,
  { terms }: ParsedQuery,
  options: VariantOptions,
): WordFilter {
  const matcher = new VariantMatcher(terms, options);
  return new WordFilter((text) =>
    analyzer.tokenize(text).some(({ term }) => matcher.match(term) !== undefined),
  );
}
