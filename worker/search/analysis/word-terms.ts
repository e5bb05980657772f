import type { LanguagePack } from './language-packs.ts';
import { fold, isAscii } from './fold.ts';

/** Longer terms (keys, base64) are found by their beginning. In UTF-16 units. */
const MAX_TERM_LENGTH = 64;

/** A letter may be followed by any number of marks; this many units of a word are looked at. */
const MAX_WORD_LENGTH = 256;

/** Words whose terms are remembered; then all are forgotten, which is cheaper than choosing. */
const MAX_REMEMBERED = 50_000;

/** And the quotation mark inside of Hebrew abbreviations. */
const APOSTROPHES = /['’"]/g;
/** English: it's, we'll, they've. Not n't: that is another word. */
const CLITIC = /(.)['’](?:s|ll|re|ve|d|m)$/i;
/** English: 20th is the same as 20. */
const ORDINAL = /^(\d+)(?:st|nd|rd|th)$/;
const ENGLISH_LETTERS = /^[a-z]+$/;
const NO_LETTERS = /^[^\p{L}]*$/u;
const NUMBERS = /\p{N}/u;

/** Gives the term of a word as it is written: case and accents folded, and brought to its stem. */
export type WordTerms = (word: string) => string;

export function createWordTerms(packs: readonly LanguagePack[]): WordTerms {
  const termByWord = new Map<string, string>();
  const make = createMaker(packs);
  return (word) => {
    const remembered = termByWord.get(word);
    if (remembered !== undefined) return remembered;
    if (termByWord.size >= MAX_REMEMBERED) termByWord.clear();
    const own = copy(cut(word, MAX_WORD_LENGTH));
    const term = cut(make(own), MAX_TERM_LENGTH);
    if (word.length <= MAX_TERM_LENGTH) termByWord.set(own, term);
    return term;
  };
}

/** The form of a word that lists of words, such as stop words, are looked up by. */
export function foldWord(word: string): string {
  return fold(word.replace(CLITIC, '$1').replace(APOSTROPHES, ''));
}

function createMaker(packs: readonly LanguagePack[]): WordTerms {
  const latin = packs.find(({ script }) => script.test('a'));
  const others = packs.filter((pack) => pack !== latin);
  const stemLatin = latin === undefined ? foldWord : createStemming(latin);
  const stemOthers = others.map((pack) => ({ script: pack.script, stem: createStemming(pack) }));
  return (word) => {
    if (isAscii(word)) return stemLatin(word);
    if (latin?.script.test(word) === true) return stemLatin(word);
    const match = stemOthers.find(({ script }) => script.test(word));
    return (match?.stem ?? foldWord)(word);
  };
}

function createStemming({ language, stem }: LanguagePack): WordTerms {
  if (language === 'english') {
    return (word) => {
      const folded = foldWord(word);
      if (ENGLISH_LETTERS.test(folded)) return stem(folded) || folded;
      return ORDINAL.exec(folded)?.[1] ?? folded;
    };
  }
  const lower = language === 'turkish' ? lowerTurkish : lowerWord;
  return (word) => {
    const lowered = lower(word);
    // Stemmers know the accents of their language, so those are folded afterwards.
    if (NUMBERS.test(lowered) || NO_LETTERS.test(lowered)) return fold(lowered);
    return fold(stem(lowered)) || fold(lowered);
  };
}

function lowerWord(word: string): string {
  return word.replace(CLITIC, '$1').replace(APOSTROPHES, '').normalize('NFKC').toLowerCase();
}

/** Turkish puts an apostrophe between a name and its endings. */
function lowerTurkish(word: string): string {
  return word
    .replace(/(.)['’].*$/, '$1')
    .normalize('NFKC')
    .toLocaleLowerCase('tr');
}

/** Cuts between code points. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

/**
 * A slice of a text keeps all of the text alive, so a remembered word could hold on to megabytes. What
 * is put together and cut anew is a string of its own.
 */
function copy(word: string): string {
  return ` ${word}`.slice(1);
}
