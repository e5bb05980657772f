import { isStopWord, type ContextLanguage } from './stop-words.ts';

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}_]*(?:['’][\p{L}\p{N}\p{M}]+)*/gu;

/** Scripts that put no spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

const URL_LIKE = /\b(?:https?:\/\/|www\.)\S+/gi;

/** Accents of the Latin, Greek and Cyrillic scripts; in other scripts marks carry vowels. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Needs no folding, and spares it to most words. */
const PLAIN = /^[A-Za-z0-9']*$/;

/** Keys and hashes are compared by their beginning. */
const MAX_TERM_LENGTH = 40;

/** The words of a text in the form in which they are compared: without case, accents and plural. */
export function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const [word] of text.replace(URL_LIKE, ' ').matchAll(WORD)) found.push(fold(word));
  return found;
}

/**
 * The terms of a sentence that say what it is about: no function words, no small talk, none of the
 * names in `ignored`. Unspaced scripts give overlapping pairs of characters in place of words.
 */
export function contentTerms(
  words: readonly string[],
  language: ContextLanguage,
  ignored: ReadonlySet<string>,
): string[] {
  const terms: string[] = [];
  for (const word of words) {
    if (PLAIN.test(word)) {
      addTerm(terms, word, language, ignored);
      continue;
    }
    const spaced = word.replace(UNSPACED, (run) => {
      terms.push(...pairs(run));
      return ' ';
    });
    for (const part of spaced.split(' ')) addTerm(terms, part, language, ignored);
  }
  return terms;
}

function addTerm(
  terms: string[],
  word: string,
  language: ContextLanguage,
  ignored: ReadonlySet<string>,
): void {
  if (word.length < 2 || isStopWord(word, language)) return;
  const base = word.replace(/'s$/, '');
  const term = singular(base);
  if (term.length < 2 || ignored.has(base) || isStopWord(term, language)) return;
  terms.push(term);
}

/** A word without case and accents. */
export function fold(word: string): string {
  if (PLAIN.test(word)) return word.slice(0, MAX_TERM_LENGTH).toLowerCase();
  return word
    .slice(0, MAX_TERM_LENGTH)
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('’', "'");
}

function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ''}${character}`);
}

/** Harman's S stemmer (1991): it takes plurals away and little else, which suits other languages too. */
function singular(word: string): string {
  if (/[^ea]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/[^aeo]es$/.test(word)) return word.slice(0, -1);
  if (/[^us]s$/.test(word) && word.length > 3) return word.slice(0, -1);
  return word;
}
