const FIRST_LETTER = /\p{L}/u;
const RIGHT_TO_LEFT =
  /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u;

/**
 * Which way a text runs, by its first letter. For text fields only: there `dir="auto"` is worked out
 * anew for every paragraph, which takes a megabyte of text many seconds.
 */
export function textDirection(text: string): 'ltr' | 'rtl' {
  const [letter] = FIRST_LETTER.exec(text) ?? [];
  return letter !== undefined && RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
}
