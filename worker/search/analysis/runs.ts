import {
  CAPITAL,
  classAt,
  classOf,
  CONNECTOR,
  DIGIT,
  isWordClass,
  LETTER,
  lengthOf,
  MARK,
} from './characters.ts';

/** Letters and digits with nothing but their marks, and apostrophes, between them. */
export interface Run {
  readonly start: number;
  readonly end: number;
  /** How often letters follow digits or the other way around. */
  readonly changes: number;
  /** Where the first such change is; the end when there is none. */
  readonly firstChange: number;
  readonly startsWithDigit: boolean;
  readonly endsWithDigit: boolean;
  /** Behind the first apostrophe; -1 without one. */
  readonly behindApostrophe: number;
}

const QUOTE = 0x22;
const HEBREW = /\p{Script=Hebrew}/u;

/** @param start of a letter or digit */
export function readRun(text: string, start: number): Run {
  const startsWithDigit = classAt(text, start) === DIGIT;
  let isDigit = startsWithDigit;
  let changes = 0;
  let firstChange = -1;
  let behindApostrophe = -1;
  let end = start;
  for (;;) {
    const code = text.codePointAt(end);
    if (code === undefined) break;
    const character = classOf(code);
    if (isWordClass(character)) {
      if ((character === DIGIT) !== isDigit) {
        isDigit = !isDigit;
        changes++;
        if (firstChange === -1) firstChange = end;
      }
    } else if (!isDigit && isApostrophe(text, end, code)) {
      if (behindApostrophe === -1) behindApostrophe = end + 1;
    } else if (character !== MARK) {
      break;
    }
    end += lengthOf(code);
  }
  return {
    start,
    end,
    changes,
    firstChange: firstChange === -1 ? end : firstChange,
    startsWithDigit,
    endsWithDigit: isDigit,
    behindApostrophe,
  };
}

/** Between letters; of Hebrew also the quotation mark, which makes abbreviations. */
function isApostrophe(text: string, index: number, code: number): boolean {
  if (code === 0x27 || code === 0x2019) return isLetter(classAt(text, index + 1));
  return (
    code === QUOTE && HEBREW.test(text.charAt(index - 1)) && HEBREW.test(text.charAt(index + 1))
  );
}

function isLetter(character: number): boolean {
  return character === LETTER || character === CAPITAL;
}

/**
 * The index of the run that goes on the compound behind `end`, or -1: some connector stands between
 * the two, and no space. `and/or` are two words, `1/2` is one.
 */
export function startOfNext(text: string, end: number, endsWithDigit: boolean): number {
  let next = end;
  while (text.charCodeAt(next) === 0x5f) next++;
  if (next > end) return isWordClass(classAt(text, next)) ? next : -1;
  if (classAt(text, end) !== CONNECTOR) return -1;
  const following = classAt(text, end + 1);
  if (!isWordClass(following)) return -1;
  switch (text[end]) {
    case ',':
    case ':':
    case '/':
      return endsWithDigit && following === DIGIT ? end + 1 : -1;
    case "'":
    case '’':
      return -1;
    default:
      return end + 1;
  }
}
