import {
  BREAK,
  CAPITAL,
  classAt,
  classOf,
  CONNECTOR,
  CURRENCY,
  DIGIT,
  isWordClass,
  LETTER,
  lengthOf,
  PICTOGRAPH,
  UNSPACED,
  type CharacterClass,
} from './characters.ts';
import { addCompound } from './compounds.ts';
import { addLink, isScheme } from './links.ts';
import { addPictograph } from './pictographs.ts';
import { TokenWriter } from './token-writer.ts';
import type { Token, TokenUse } from './token.ts';
import { addUnspaced } from './unspaced.ts';
import type { WordTerms } from './word-terms.ts';

/** Classes of ASCII characters, at hand without a call. */
const ASCII = Uint8Array.from({ length: 0x80 }, (_, code) => classOf(code));

/** A leading point belongs to the word (`.NET`) behind these only: elsewhere it joins or ends. */
const BEFORE_POINT = /^[\s"'`([]?$/;

/** Splits a text into words, in one pass. */
export function tokenize(text: string, use: TokenUse, termOf: WordTerms): Token[] {
  const writer = new TokenWriter(text, use, termOf);
  for (let index = 0; index < text.length;) {
    const code = text.charCodeAt(index);
    if (code < 0x80) {
      const character = ASCII[code] ?? BREAK;
      if (character === BREAK) index++;
      else if (character === LETTER || character === CAPITAL) index = addAsciiWord(writer, index);
      else if (character === DIGIT) index = addCompound(writer, index);
      else index = addAffixed(writer, index, character);
    } else {
      index = addOther(writer, index);
    }
  }
  return writer.tokens;
}

/** The shortest way for most words there are: letters, and something behind them that ends them. */
function addAsciiWord(writer: TokenWriter, start: number): number {
  const { text } = writer;
  let end = start + 1;
  let hasInnerCapital = false;
  let hasInnerSmall = false;
  let code = text.charCodeAt(end);
  let character = ASCII[code] ?? BREAK;
  while (character === LETTER || character === CAPITAL) {
    if (character === CAPITAL) hasInnerCapital = true;
    else hasInnerSmall = true;
    end++;
    code = text.charCodeAt(end);
    character = ASCII[code] ?? BREAK;
  }
  // Beyond the end the code is NaN.
  const isPlain = !(code >= 0x80) && (character === BREAK || !joins(text, end));
  if (isPlain && !(hasInnerCapital && hasInnerSmall)) {
    writer.addWord(start, end);
    return end;
  }
  return isScheme(text, end) ? addLink(writer, start, end) : addCompound(writer, start);
}

/** Whether what comes next may belong to the word before it. */
function joins(text: string, end: number): boolean {
  if (ASCII[text.charCodeAt(end)] !== CONNECTOR) return true;
  const following = text.charCodeAt(end + 1);
  return following >= 0x80 || (ASCII[following] ?? BREAK) !== BREAK;
}

/** What means something only together with the word behind it: `#tag`, `@anna`, `$20`, `.NET`. */
function addAffixed(writer: TokenWriter, index: number, character: CharacterClass): number {
  const { text } = writer;
  const next = index + 1;
  const following = classAt(text, next);
  if (isWordClass(following) && isPrefix(text, index, character, following)) {
    return addCompound(writer, next, text.charAt(index));
  }
  return next;
}

function isPrefix(
  text: string,
  index: number,
  character: CharacterClass,
  following: CharacterClass,
): boolean {
  if (character === CURRENCY) return following === DIGIT;
  const before = text.charAt(index - 1);
  switch (text[index]) {
    case '#':
    case '@':
      return before === '' || !isWordClass(classOf(before.charCodeAt(0)));
    case '.':
      return following !== DIGIT && BEFORE_POINT.test(before);
    default:
      return false;
  }
}

function addOther(writer: TokenWriter, index: number): number {
  const code = writer.text.codePointAt(index) ?? 0;
  const character = classOf(code);
  switch (character) {
    case LETTER:
    case DIGIT:
      return addCompound(writer, index);
    case UNSPACED:
      return addUnspaced(writer, index);
    case PICTOGRAPH:
      return addPictograph(writer, index);
    case CURRENCY:
      return addAffixed(writer, index, character);
    default:
      return index + lengthOf(code);
  }
}
