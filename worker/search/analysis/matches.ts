import type { TextAnalyzer } from './analyzer.ts';
import type { ParsedQuery, QueryPhrase } from './query.ts';
import type { Token } from './token.ts';
import { VariantMatcher, type VariantOptions } from './variants.ts';

/** A part of a text that a query finds, in UTF-16 units. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** Those of the query that it stands for. */
  readonly terms: readonly string[];
}

/** Terms of texts whose match is remembered; then all are forgotten. */
const MAX_REMEMBERED = 20_000;

/** A phrase that a text repeats more often is found so many times. */
const MAX_OCCURRENCES = 1_000;

/** Finds the places in texts that match one query: its words, and its phrases where they are whole. */
export class MatchFinder {
  readonly #analyzer: TextAnalyzer;
  readonly #phrases: readonly QueryPhrase[];
  readonly #phraseTerms: ReadonlySet<string>;
  readonly #matcher: VariantMatcher;
  readonly #matchByTerm = new Map<string, readonly string[] | undefined>();

  constructor(analyzer: TextAnalyzer, query: ParsedQuery, options: VariantOptions) {
    this.#analyzer = analyzer;
    this.#phrases = query.phrases;
    this.#phraseTerms = new Set(query.phrases.flatMap(({ terms }) => terms));
    // What is quoted counts as a part of its phrase only.
    this.#matcher = new VariantMatcher(
      query.terms.filter(({ quoted }) => !quoted),
      options,
    );
  }

  /** In ascending order of start; they may overlap. */
  find(text: string): Match[] {
    const matches: Match[] = [];
    const tokensByTerm = new Map<string, Map<number, Token>>();
    for (const token of this.#analyzer.tokenize(text)) {
      const { term, start, end, position } = token;
      const terms = this.#matchOf(term);
      if (terms !== undefined) matches.push({ start, end, terms });
      if (!this.#phraseTerms.has(term)) continue;
      let tokens = tokensByTerm.get(term);
      if (tokens === undefined) tokensByTerm.set(term, (tokens = new Map<number, Token>()));
      tokens.set(position, token);
    }
    const runs = this.#phrases.flatMap((phrase) => findPhrase(phrase, tokensByTerm));
    return runs.length === 0 ? matches : [...matches, ...runs].sort((a, b) => a.start - b.start);
  }

  #matchOf(term: string): readonly string[] | undefined {
    const known = this.#matchByTerm.get(term);
    if (known !== undefined || this.#matchByTerm.has(term)) return known;
    if (this.#matchByTerm.size >= MAX_REMEMBERED) this.#matchByTerm.clear();
    const query = this.#matcher.match(term);
    const match = query === undefined ? undefined : [query.term];
    this.#matchByTerm.set(term, match);
    return match;
  }
}

function findPhrase(
  { terms, positions }: QueryPhrase,
  tokensByTerm: ReadonlyMap<string, ReadonlyMap<number, Token>>,
): Match[] {
  const tokens = terms.map((term) => tokensByTerm.get(term) ?? new Map<number, Token>());
  // The rarest word has the fewest places to look at.
  let rarest = 0;
  tokens.forEach((places, index) => {
    if (places.size < (tokens[rarest]?.size ?? 0)) rarest = index;
  });
  const matches: Match[] = [];
  for (const position of tokens[rarest]?.keys() ?? []) {
    const from = position - (positions[rarest] ?? 0);
    let start = Infinity;
    let end = -1;
    const isWhole = tokens.every((places, index) => {
      const token = places.get(from + (positions[index] ?? 0));
      if (token === undefined) return false;
      start = Math.min(start, token.start);
      end = Math.max(end, token.end);
      return true;
    });
    if (isWhole) matches.push({ start, end, terms });
    if (matches.length === MAX_OCCURRENCES) break;
  }
  return matches;
}
