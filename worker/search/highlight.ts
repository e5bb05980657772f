import type { FFSearchConfig } from '../../src/shared/config.ts';
import { isWithin } from './term-dictionary.ts';
import type { TextAnalyzer } from './tokenizer.ts';

/** Excerpts given of one text. */
const MAX_EXCERPTS = 3;

/** UTF-16 units shown before the first and after the last match of an excerpt. */
const CONTEXT_LENGTH = 60;

/** Matches closer than this share an excerpt. */
const JOIN_DISTANCE = 80;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Shows where a text matches a query: excerpts as HTML, everything but the `<mark>` tags escaped. */
export class Highlighter {
  readonly #analyzer: TextAnalyzer;
  readonly #queryTerms: readonly string[];
  readonly #config: FFSearchConfig;

  constructor(analyzer: TextAnalyzer, query: string, config: FFSearchConfig) {
    this.#analyzer = analyzer;
    this.#queryTerms = [...new Set(analyzer.tokenize(query, 'query').map(({ term }) => term))];
    this.#config = config;
  }

  /** Empty when the text does not match. */
  excerpts(text: string): string[] {
    const matches = this.#matches(text);
    const groups: Range[][] = [];
    for (const match of matches) {
      const group = groups.at(-1);
      const end = group?.at(-1)?.end;
      if (group !== undefined && end !== undefined && match.start - end <= JOIN_DISTANCE) {
        group.push(match);
      } else if (groups.length < MAX_EXCERPTS) {
        groups.push([match]);
      } else {
        break;
      }
    }
    return groups.map((group) => excerpt(text, group));
  }

  /** The ranges that match, in order; those that touch or overlap are one. */
  #matches(text: string): Range[] {
    const ranges: Range[] = [];
    for (const { term, start, end } of this.#analyzer.tokenize(text, 'text')) {
      if (!this.#queryTerms.some((queryTerm) => this.#isVariant(term, queryTerm))) continue;
      const last = ranges.at(-1);
      if (last !== undefined && start <= last.end) {
        ranges[ranges.length - 1] = { start: last.start, end: Math.max(last.end, end) };
      } else {
        ranges.push({ start, end });
      }
    }
    return ranges;
  }

  #isVariant(term: string, queryTerm: string): boolean {
    if (term === queryTerm) return true;
    const { prefix, typoTolerance } = this.#config;
    if (prefix && term.startsWith(queryTerm)) return true;
    return typoTolerance > 0 && isWithin(queryTerm, term, typoTolerance);
  }
}

function excerpt(text: string, matches: readonly Range[]): string {
  const first = matches[0]?.start ?? 0;
  const last = matches.at(-1)?.end ?? 0;
  const start = startOfWord(text, first - CONTEXT_LENGTH);
  const end = endOfWord(text, last + CONTEXT_LENGTH);
  let html = start > 0 ? '…' : '';
  let at = start;
  for (const match of matches) {
    html += `${escape(text.slice(at, match.start))}<mark>${escape(text.slice(match.start, match.end))}</mark>`;
    at = match.end;
  }
  return `${html}${escape(text.slice(at, end))}${end < text.length ? '…' : ''}`;
}

/** Moves forward to where a word begins, so that no word and no surrogate pair is cut in half. */
function startOfWord(text: string, from: number): number {
  if (from <= 0) return 0;
  const space = text.slice(from, from + CONTEXT_LENGTH).search(/\s/);
  if (space !== -1) return from + space + 1;
  return isLowSurrogate(text, from) ? from + 1 : from;
}

/** Moves back to where a word ends. */
function endOfWord(text: string, to: number): number {
  if (to >= text.length) return text.length;
  const tail = /\s\S*$/.exec(text.slice(to - CONTEXT_LENGTH, to));
  if (tail !== null) return to - CONTEXT_LENGTH + tail.index;
  return isLowSurrogate(text, to) ? to - 1 : to;
}

function isLowSurrogate(text: string, index: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text.charAt(index));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
