/** What a character is to the tokenizer. */
export type CharacterClass = number;

/** Ends a word, and is none. */
export const BREAK = 0;
/** A letter, or a number that is no digit, such as `②`. */
export const LETTER = 1;
/** `A` to `Z`; they tell the words of `camelCase` apart. */
export const CAPITAL = 2;
export const DIGIT = 3;
/** Belongs to the character before it, or is not to be seen at all. */
export const MARK = 4;
/** Of a script that puts no spaces between words, or, like Hangul, joins particles to them. */
export const UNSPACED = 5;
export const PICTOGRAPH = 6;
const UNDERSCORE = 7;
/** Joins the words to both sides, if there are any. */
export const CONNECTOR = 8;
export const CURRENCY = 9;
/** Means something right before or behind a word: `#tag`, `C++`. */
const AFFIX = 10;

const PAGE_LENGTH = 256;
const LETTERS = /[\p{L}\p{N}]/u;
const DIGITS = /\p{Nd}/u;
const MARKS = /\p{M}/u;
/** With the marks that the Japanese scripts share, `ー`. */
const UNSPACED_SCRIPTS =
  /[\p{Script=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Hangul}]/u;
/**
 * Marks that belong to whatever they stand on, some of which Unicode counts to Katakana as well, but
 * not the two that make another letter of a kana.
 */
const SHARED_MARKS = /(?![\u3099\u309a])(?=\p{M})\p{Script=Inherited}/u;
const PICTOGRAPHS = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]/u;
/** Are pictographs to Unicode, but mean nothing that one looks for: `‼`, `⁉`, `©`, `®`, `™`. */
const PLAIN_SYMBOLS = /[\u203c\u2049\u00a9\u00ae\u2122]/;
const CURRENCIES = /\p{Sc}/u;
/** Soft hyphens, joiners; and the marks of Hebrew abbreviations, which stand inside of words. */
const INVISIBLE = /[\u00ad\u2060\ufeff\u05f3\u05f4]|\p{Join_Control}/u;
const CONNECTORS = /['.\-@&,:/’\u2010\u2011\u00b7\u05be]/;
const AFFIXES = /[#+]/;

/** Classes of 256 characters each, made when the first of them is met. */
const pages: (Uint8Array | undefined)[] = [];

/** @param code a code point; of lone surrogates the class is {@link BREAK} */
export function classOf(code: number): CharacterClass {
  const page = (pages[code >>> 8] ??= createPage(code >>> 8));
  return page[code & 0xff] ?? BREAK;
}

/** The class of the character at an index; {@link BREAK} outside of the text. */
export function classAt(text: string, index: number): CharacterClass {
  const code = text.codePointAt(index);
  return code === undefined ? BREAK : classOf(code);
}

/** Whether a word may begin with it, or go on. */
export function isWordClass(character: CharacterClass): boolean {
  return character === LETTER || character === CAPITAL || character === DIGIT;
}

/** UTF-16 units. */
export function lengthOf(code: number): number {
  return code > 0xffff ? 2 : 1;
}

function createPage(number: number): Uint8Array {
  return Uint8Array.from({ length: PAGE_LENGTH }, (_, index) =>
    classify(String.fromCodePoint(number * PAGE_LENGTH + index)),
  );
}

function classify(character: string): CharacterClass {
  if (character === '_') return UNDERSCORE;
  if (character >= 'A' && character <= 'Z') return CAPITAL;
  if (CONNECTORS.test(character)) return CONNECTOR;
  if (AFFIXES.test(character)) return AFFIX;
  if (INVISIBLE.test(character)) return MARK;
  if (DIGITS.test(character)) return DIGIT;
  const isMark = MARKS.test(character);
  if (isMark || LETTERS.test(character)) {
    if (UNSPACED_SCRIPTS.test(character) && !SHARED_MARKS.test(character)) return UNSPACED;
    return isMark ? MARK : LETTER;
  }
  if (PICTOGRAPHS.test(character) && !PLAIN_SYMBOLS.test(character)) return PICTOGRAPH;
  return CURRENCIES.test(character) && character.length === 1 ? CURRENCY : BREAK;
}
