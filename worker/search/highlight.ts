import type { TextAnalyzer } from './analysis/analyzer.ts';
import { graphemeEnd, graphemeStart } from './analysis/graphemes.ts';
import { MatchFinder, type Match } from './analysis/matches.ts';
import type { ParsedQuery } from './analysis/query.ts';
import type { VariantOptions } from './analysis/variants.ts';

/** Excerpts given of one text. */
const MAX_EXCERPTS = 3;

/** UTF-16 units shown before the first and after the last match of an excerpt. */
const CONTEXT_LENGTH = 60;

/** Matches closer than this share an excerpt, while it is not too long. */
const JOIN_DISTANCE = 80;

/** From the first to the last match of an excerpt, which one endless word does not make longer. */
const MAX_SPAN = 240;

/** What is behind this place in a text is not looked at. */
const MAX_SCANNED_LENGTH = 500_000;

/** Matches that one excerpt is to show. */
interface Group {
  readonly start: number;
  end: number;
  readonly terms: Set<string>;
}

/** Shows where a text matches a query: excerpts as HTML, everything but the `<mark>` tags escaped. */
export class Highlighter {
  readonly #finder: MatchFinder;

  constructor(analyzer: TextAnalyzer, query: ParsedQuery, options: VariantOptions) {
    this.#finder = new MatchFinder(analyzer, query, options);
  }

  /**
   * At most three excerpts, those with the most words of the query, in the order of the text. What
   * the query has in quotation marks is marked where all of it stands. Empty when nothing matches.
   */
  excerpts(text: string): string[] {
    const matches = this.#finder.find(text.slice(0, MAX_SCANNED_LENGTH));
    return groupMatches(matches)
      .sort((a, b) => b.terms.size - a.terms.size || a.start - b.start)
      .slice(0, MAX_EXCERPTS)
      .sort((a, b) => a.start - b.start)
      .map((group) => excerpt(text, group, matches));
  }
}

function groupMatches(matches: readonly Match[]): Group[] {
  const groups: Group[] = [];
  for (const { start, end, terms } of matches) {
    const last = groups.at(-1);
    const joins =
      last !== undefined &&
      start - last.end <= JOIN_DISTANCE &&
      Math.max(last.end, end) - last.start <= MAX_SPAN;
    const group = joins
      ? last
      : { start, end: Math.min(end, start + MAX_SPAN), terms: new Set<string>() };
    if (joins) group.end = Math.max(group.end, end);
    else groups.push(group);
    for (const term of terms) group.terms.add(term);
  }
  return groups;
}

function excerpt(text: string, { start, end }: Group, matches: readonly Match[]): string {
  const from = startOfExcerpt(text, start);
  const to = endOfExcerpt(text, end);
  let html = from > 0 ? '…' : '';
  let at = from;
  for (const mark of marksWithin(text, matches, from, to)) {
    html += `${escape(text.slice(at, mark.start))}<mark>${escape(text.slice(mark.start, mark.end))}</mark>`;
    at = mark.end;
  }
  return `${html}${escape(text.slice(at, to))}${to < text.length ? '…' : ''}`;
}

/** What to mark between two places, in order; matches that touch or overlap are one. */
function marksWithin(
  text: string,
  matches: readonly Match[],
  from: number,
  to: number,
): { start: number; end: number }[] {
  const marks: { start: number; end: number }[] = [];
  for (const match of matches) {
    if (match.start >= to) break;
    if (match.end <= from) continue;
    const start = Math.max(from, graphemeStart(text, match.start));
    const end = Math.min(to, graphemeEnd(text, match.end));
    const last = marks.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else marks.push({ start, end });
  }
  return marks;
}

/** Where a word begins before the first match, so that no word and no character is cut in half. */
function startOfExcerpt(text: string, matchStart: number): number {
  const from = matchStart - CONTEXT_LENGTH;
  if (from <= 0) return 0;
  const space = text.slice(from, matchStart).search(/\s/);
  const start = space === -1 ? from : from + space + 1;
  return Math.min(graphemeEnd(text, start), graphemeStart(text, matchStart));
}

/** Where a word ends behind the last match. */
function endOfExcerpt(text: string, matchEnd: number): number {
  const to = matchEnd + CONTEXT_LENGTH;
  if (to >= text.length) return text.length;
  const tail = /\s\S*$/.exec(text.slice(matchEnd, to));
  const end = tail === null ? to : matchEnd + tail.index;
  return Math.max(graphemeStart(text, end), graphemeEnd(text, matchEnd));
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
