/**
 * What carries no meaning of its own: accents, the vowel points of Hebrew and Arabic with the
 * stretching of the latter, what is not to be seen, and the white space in decomposed ligatures.
 * Marks of other scripts are vowels, or, like the two of kana, make another letter, and stay.
 */
const INSIGNIFICANT =
  /(?![\u3099\u309a])(?=\p{M})[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]|[\u00ad\u02bc\u05f3\u05f4\u0640\u200b-\u200f\u2060\ufeff\s]/gu;

/** Letters that people write in another way as well, and that Unicode does not decompose. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  // Turkish tells ı from i, but keyboards, and case folding in any other language, do not.
  ı: 'i',
  ς: 'σ',
  ى: 'ي',
  ی: 'ي',
  ة: 'ه',
  ک: 'ك',
};
const LETTER = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

const NON_ASCII = /[^\0-\x7f]/;
const DIGIT = /[^\0-\x7f]/gu;
const IS_DIGIT = /^\p{Nd}$/u;

export function isAscii(text: string): boolean {
  return !NON_ASCII.test(text);
}

/** One form for what differs in case, accents, or compatibility forms such as ligatures only. */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return (
    text
      .normalize('NFKC')
      // By way of capitals ß becomes ss, and by way of ß so does its capital.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      .normalize('NFKD')
      .replace(INSIGNIFICANT, '')
      .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
      .replace(DIGIT, toAsciiDigit)
      .normalize('NFC')
  );
}

/** Decimal digits come in rows of ten, from zero on. */
function toAsciiDigit(character: string): string {
  if (!IS_DIGIT.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && IS_DIGIT.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}
