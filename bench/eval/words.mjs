import { stemmer } from '@orama/stemmers/english';
import { stopwords } from '@orama/stopwords/english';

const WORD = /[\p{L}\p{N}]+(?:['’]\p{L}+)*/gu;

const stopWords = new Set(stopwords);

/**
 * The words of a text by their stems. Made apart from the search that is measured, so that a fault
 * there is not repeated here.
 *
 * @param {string} text
 * @returns {{ stem: string, isStopWord: boolean }[]}
 */
function wordsOf(text) {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  return words.map((word) => {
    const plain = word.replace(/['’]s$/, '').replaceAll(/['’]/g, '');
    const isStopWord = stopWords.has(plain) || stopWords.has(word.replaceAll('’', "'"));
    return { stem: stemmer(plain), isStopWord };
  });
}

/**
 * The stems of the words that carry meaning.
 *
 * @param {string} text
 */
export function contentStems(text) {
  return new Set(
    wordsOf(text)
      .filter(({ isStopWord }) => !isStopWord)
      .map(({ stem }) => stem),
  );
}

/**
 * The stems of all words.
 *
 * @param {string} text
 */
export function stemsOf(text) {
  return new Set(wordsOf(text).map(({ stem }) => stem));
}

/**
 * @param {ReadonlySet<string>} some
 * @param {ReadonlySet<string>} others
 */
export function overlap(some, others) {
  return [...some].some((stem) => others.has(stem));
}
