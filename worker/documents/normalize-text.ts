import { isInsidePair } from './boundaries.ts';
import { MAX_TEXT_LENGTH } from './text-collector.ts';

/**
 * A text as it is searched and shown: `\n` ends lines, at most two blank lines follow each other and
 * are empty, there are no control characters but tab and line end, and what is no Unicode is `U+FFFD`.
 */
export function normalizeText(text: string): string {
  return collapseBlankLines(
    withinLimit(text)
      .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      .replace(/[\0-\x08\x0e-\x1f\x7f-\x9f]+/g, '')
      // `toWellFormed` is missing in browsers that have all else that is needed.
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .trim(),
  );
}

function withinLimit(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  return text.slice(0, MAX_TEXT_LENGTH - (isInsidePair(text, MAX_TEXT_LENGTH) ? 1 : 0));
}

/** Not with one pattern for any number of lines: a million of them overflow the stack of a match. */
function collapseBlankLines(text: string): string {
  if (!/\n[^\S\n]*\n/.test(text)) return text;
  const kept: string[] = [];
  let keptUntil = 0;
  let blankLines = 0;
  for (let lineEnd = text.indexOf('\n'); lineEnd !== -1;) {
    const start = lineEnd + 1;
    lineEnd = text.indexOf('\n', start);
    if (lineEnd === -1) break;
    if (/\S/.test(text.slice(start, lineEnd))) {
      blankLines = 0;
      continue;
    }
    blankLines += 1;
    if (blankLines <= 2 && lineEnd === start) continue;
    kept.push(text.slice(keptUntil, start));
    keptUntil = blankLines <= 2 ? lineEnd : lineEnd + 1;
  }
  kept.push(text.slice(keptUntil));
  return kept.join('');
}
