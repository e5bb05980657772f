import { classOf, lengthOf, MARK, UNSPACED } from './characters.ts';
import { fold } from './fold.ts';
import type { TokenWriter } from './token-writer.ts';

/**
 * Adds a run of a script that puts no spaces between words as overlapping pairs of characters, each
 * at the position of its first one. Texts have the single characters as well, which a query of one
 * character is for.
 *
 * @returns the index behind it
 */
export function addUnspaced(writer: TokenWriter, start: number): number {
  const { text, use } = writer;
  let from = start;
  let end = endOfCharacter(text, start);
  const isSingle = !isUnspaced(text, end);
  for (;;) {
    const to = isUnspaced(text, end) ? endOfCharacter(text, end) : end;
    if (to > end) writer.addTerm(termOf(text.slice(from, to)), from, to);
    if (use === 'text' || isSingle) writer.addTerm(termOf(text.slice(from, end)), from, end);
    writer.position++;
    if (to === end) return end;
    from = end;
    end = to;
  }
}

function isUnspaced(text: string, index: number): boolean {
  const code = text.codePointAt(index);
  return code !== undefined && classOf(code) === UNSPACED;
}

/** A character takes along what is one with it: voiced marks of kana, the letters of a syllable. */
function endOfCharacter(text: string, start: number): number {
  const first = text.codePointAt(start) ?? 0;
  let end = start + lengthOf(first);
  let last = first;
  // No syllable is longer, and no term must be.
  while (end - start < 8) {
    const code = text.codePointAt(end);
    if (code === undefined) break;
    if (classOf(code) !== MARK && !isVoicedMark(code) && !joinsSyllable(last, code)) break;
    last = code;
    end += lengthOf(code);
  }
  return end;
}

function isVoicedMark(code: number): boolean {
  return code === 0x3099 || code === 0x309a || code === 0xff9e || code === 0xff9f;
}

/** Decomposed Hangul: a vowel behind the first consonant, a last consonant behind a vowel. */
function joinsSyllable(last: number, code: number): boolean {
  const isVowel = code >= 0x1160 && code <= 0x11a7;
  const isFinal = code >= 0x11a8 && code <= 0x11ff;
  return (
    (isVowel && last >= 0x1100 && last <= 0x115f) || (isFinal && last >= 0x1160 && last <= 0x11a7)
  );
}

function termOf(characters: string): string {
  const code = characters.charCodeAt(0);
  // Han and Hangul as almost all of it is written, where there is nothing to fold.
  const isPlain =
    characters.length <= 2 && isPlainCode(code) && isPlainCode(characters.charCodeAt(1));
  return isPlain ? characters : fold(characters);
}

function isPlainCode(code: number): boolean {
  return (
    (code >= 0x4e00 && code <= 0x9fff) || (code >= 0xac00 && code <= 0xd7a3) || Number.isNaN(code)
  );
}
