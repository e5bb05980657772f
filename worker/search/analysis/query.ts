import type { TextAnalyzer } from './analyzer.ts';
import { classAt, UNSPACED } from './characters.ts';
import { findQuotes, type Span } from './quotes.ts';
import type { Token } from './token.ts';

/** More distinct terms than this are not looked for; the first ones are. */
export const MAX_QUERY_TERMS = 256;

/** Of a phrase, no more than its first terms are compared. */
export const MAX_PHRASE_TERMS = 64;

/** Further quotations are words like all others. */
export const MAX_PHRASES = 16;

/** A word to look for. */
export interface QueryTerm {
  readonly term: string;
  /** Whether terms that begin with it may stand for it, where the configuration wants that. */
  readonly prefix: boolean;
  /** By how many letters a term may differ, where the configuration tolerates that many. */
  readonly typos: number;
  /** Whether it stands in quotation marks only; it has no variants then. */
  readonly quoted: boolean;
}

/** Terms that a hit must hold at these places to each other. */
export interface QueryPhrase {
  /** In ascending order of position, one at each; the same term may come back. */
  readonly terms: readonly string[];
  /** Of each of the terms; the first is 0, and there may be gaps. */
  readonly positions: readonly number[];
}

export interface ParsedQuery {
  /** Each term once, those of phrases too. Empty when there is nothing to look for. */
  readonly terms: readonly QueryTerm[];
  /** A hit must hold all of them. */
  readonly phrases: readonly QueryPhrase[];
}

/** Beginnings of words that are shorter mean nothing: too many words have them. */
const MIN_PREFIX_LENGTH = 3;
/** Scripts whose words are short, or have no vowels. */
const MIN_PREFIX_LENGTH_ELSEWHERE = 2;
const MIN_LENGTH_FOR_TYPO = 3;
const MIN_LENGTH_FOR_TYPOS = 5;

const LETTERS_ONLY = /^[\p{L}\p{M}]+$/u;
const IS_ASCII = /^[\0-\x7f]*$/;

/**
 * What to look for. Stop words are left out of the terms, unless there is nothing else, but not out of
 * the phrases. Prefixes and typos are not for what is quoted, nor for scripts without spaces; typos
 * are for words alone, because a number with another digit is another number.
 */
export function parseQuery(analyzer: TextAnalyzer, text: string): ParsedQuery {
  const phrases: QueryPhrase[] = [];
  const quotes: Span[] = [];
  for (const quote of findQuotes(text)) {
    if (phrases.length === MAX_PHRASES) break;
    const phrase = toPhrase(analyzer.tokenize(text.slice(quote.start, quote.end), 'phrase'));
    if (phrase === undefined) continue;
    phrases.push(phrase);
    quotes.push(quote);
  }
  const tokens = analyzer.tokenize(text, 'query');
  const content = tokens.filter(({ start, end }) => !analyzer.isStopWord(text.slice(start, end)));
  return { terms: toTerms(content.length > 0 ? content : tokens, quotes), phrases };
}

function toPhrase(tokens: readonly Token[]): QueryPhrase | undefined {
  const compared = tokens.slice(0, MAX_PHRASE_TERMS);
  const [first] = compared;
  if (first === undefined) return undefined;
  return {
    terms: compared.map(({ term }) => term),
    positions: compared.map(({ position }) => position - first.position),
  };
}

function toTerms(tokens: readonly Token[], quotes: readonly Span[]): QueryTerm[] {
  const termsByText = new Map<string, QueryTerm>();
  let next = 0;
  for (const { term, start } of tokens) {
    while ((quotes[next]?.end ?? Infinity) <= start) next++;
    const quoted = start >= (quotes[next]?.start ?? Infinity);
    const known = termsByText.get(term);
    if (known === undefined ? termsByText.size === MAX_QUERY_TERMS : quoted || !known.quoted) {
      continue;
    }
    termsByText.set(term, { term, quoted, ...variantsOf(term, quoted) });
  }
  return [...termsByText.values()];
}

function variantsOf(term: string, quoted: boolean): Pick<QueryTerm, 'prefix' | 'typos'> {
  if (quoted || classAt(term, 0) === UNSPACED) return { prefix: false, typos: 0 };
  const minLength = IS_ASCII.test(term) ? MIN_PREFIX_LENGTH : MIN_PREFIX_LENGTH_ELSEWHERE;
  return { prefix: term.length >= minLength, typos: typosIn(term) };
}

function typosIn(term: string): number {
  if (term.length < MIN_LENGTH_FOR_TYPO || !LETTERS_ONLY.test(term)) return 0;
  return term.length < MIN_LENGTH_FOR_TYPOS ? 1 : 2;
}
