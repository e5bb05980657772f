import { classAt, lengthOf, PICTOGRAPH } from './characters.ts';
import type { TokenWriter } from './token-writer.ts';

/** Families have four; more than this are several pictographs. */
const MAX_JOINED = 10;

const JOINER = 0x200d;
/** The flag of England takes six, to spell its code. */
const MAX_MODIFIERS = 8;
const VARIATIONS = /[\ufe0e\ufe0f]/g;
const SKIN_TONES = /[\u{1f3fb}-\u{1f3ff}]/gu;

/**
 * Adds a pictograph as one token: as it is, without the tones of its skin, and, where it is put
 * together from others (`👩‍💻`), each of those.
 *
 * @returns the index behind it
 */
export function addPictograph(writer: TokenWriter, start: number): number {
  const { text } = writer;
  const members: string[] = [];
  let end = start;
  for (;;) {
    const from = end;
    end = endOfMember(text, from);
    members.push(text.slice(from, end));
    if (members.length === MAX_JOINED || text.charCodeAt(end) !== JOINER) break;
    if (classAt(text, end + 1) !== PICTOGRAPH) break;
    end++;
  }
  const whole = plain(text.slice(start, end));
  const forms = [whole, uncolored(whole), ...members.map((member) => uncolored(plain(member)))];
  // A phrase has one term for each position.
  for (const form of writer.use === 'phrase' ? [whole] : forms) writer.addTerm(form, start, end);
  writer.position++;
  return end;
}

/** A pictograph with what is put behind it to change its looks, or a pair of regional indicators. */
function endOfMember(text: string, start: number): number {
  const first = text.codePointAt(start) ?? 0;
  let end = start + lengthOf(first);
  if (isRegional(first)) {
    const second = text.codePointAt(end) ?? 0;
    return isRegional(second) ? end + lengthOf(second) : end;
  }
  for (let count = 0; count < MAX_MODIFIERS; count++) {
    const code = text.codePointAt(end) ?? 0;
    if (!isModifier(code)) break;
    end += lengthOf(code);
  }
  return end;
}

function plain(pictograph: string): string {
  return pictograph.replace(VARIATIONS, '');
}

/** A tone that stands alone is what one looks for. */
function uncolored(pictograph: string): string {
  return pictograph.replace(SKIN_TONES, '') || pictograph;
}

function isRegional(code: number): boolean {
  return code >= 0x1f1e6 && code <= 0x1f1ff;
}

/** Tones of skin, variation selectors, and the tags of flags. */
function isModifier(code: number): boolean {
  return (
    code === 0xfe0e ||
    code === 0xfe0f ||
    (code >= 0x1f3fb && code <= 0x1f3ff) ||
    (code >= 0xe0020 && code <= 0xe007f)
  );
}
