import {
  BREAK,
  classAt,
  classOf,
  isWordClass,
  lengthOf,
  MARK,
  UNSPACED,
  type CharacterClass,
} from './characters.ts';
import { addCompound } from './compounds.ts';
import type { TokenWriter } from './token-writer.ts';

/** Words of a link behind its host; tracking parameters are no flood of terms. */
const MAX_WORDS = 32;

/** End a link, as white space does. */
const DELIMITER = /["<>\\^`{|}\s]/;
const ESCAPE = /^%[0-9A-Fa-f]{2}/;

const SLASHES = '://';

/** Whether what follows a word makes it the scheme of a link. */
export function isScheme(text: string, end: number): boolean {
  return text.startsWith(SLASHES, end) && isWordClass(classAt(text, end + SLASHES.length));
}

/**
 * Adds a link: its host as any compound, the words behind it one by one. Queries have no term for the
 * scheme, which would find every link there is.
 *
 * @param start of the scheme
 * @param schemeEnd index of the `://`
 * @returns the index behind the link
 */
export function addLink(writer: TokenWriter, start: number, schemeEnd: number): number {
  const { text } = writer;
  if (writer.use === 'query') writer.position++;
  else writer.addWord(start, schemeEnd);
  let end = addCompound(writer, schemeEnd + SLASHES.length);
  let words = 0;
  while (end < text.length) {
    const code = text.codePointAt(end) ?? 0;
    const character = classOf(code);
    if (endsLink(text, end, code, character)) break;
    if (isWordClass(character)) {
      const from = end;
      end = endOfWord(text, end);
      if (words++ < MAX_WORDS) writer.addWord(from, end);
    } else {
      end += ESCAPE.test(text.slice(end, end + 3)) ? 3 : lengthOf(code);
    }
  }
  return end;
}

function endsLink(text: string, index: number, code: number, character: CharacterClass): boolean {
  if (character === UNSPACED) return true;
  return code < 0x80 ? DELIMITER.test(text.charAt(index)) : character === BREAK;
}

function endOfWord(text: string, start: number): number {
  let end = start;
  while (end < text.length) {
    const code = text.codePointAt(end) ?? 0;
    const character = classOf(code);
    if (!isWordClass(character) && character !== MARK) break;
    end += lengthOf(code);
  }
  return end;
}
