/** Words that stand alone: not part of a name in code, and without an apostrophe. */
const WORD = /(?<![\p{L}\p{M}\p{N}_'’])\p{Script=Latin}{6,20}(?![\p{L}\p{M}\p{N}_'’])/gu;

/**
 * The words that a text surely holds, folded.
 *
 * @param {string} text
 */
export function wordsOf(text) {
  return new Set([...text.normalize('NFC').matchAll(WORD)].map(([word]) => fold(word)));
}

/**
 * A word to search for: the longest one of a text, which is likely to be rare.
 *
 * @param {string} text
 */
export function tellingWord(text) {
  return [...wordsOf(text)].sort((a, b) => b.length - a.length)[0];
}

/**
 * So many of a list, evenly spread over it.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {number} count
 */
export function spread(list, count) {
  const step = Math.max(list.length / count, 1);
  return list.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

/**
 * Why a search result is none, or `undefined` when all is well. A word is also found by its other
 * forms, so that a hit holds one that begins like it.
 *
 * @param {string} query
 * @param {{ content: string, highlights?: string[] }} hit
 */
export function faultOf(query, { content, highlights = [] }) {
  const beginnings = [...fold(query).matchAll(/\p{L}+/gu)].map(([word]) => word.slice(0, 3));
  const isVariant = (/** @type {string} */ word) =>
    beginnings.some((beginning) => fold(word).startsWith(beginning));
  const words = [...content.matchAll(/\p{L}+/gu)].map(([word]) => word);
  if (!words.some(isVariant)) return 'holds no word of the query';

  const marked = highlights.flatMap((html) =>
    [...html.matchAll(/<mark>(.*?)<\/mark>/gs)].map(([, word = '']) => word),
  );
  if (marked.length === 0) return 'marks nothing';
  if (!marked.every(isVariant)) return `marks ${marked.join(', ')}`;
  return undefined;
}

/** @param {string} word */
function fold(word) {
  return word.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
