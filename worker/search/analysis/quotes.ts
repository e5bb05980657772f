import { classAt, classOf, isWordClass } from './characters.ts';

/** A part of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Which marks end what a mark begins; people mix the curly ones freely. */
const CLOSERS: Readonly<Record<string, string>> = {
  '"': '"',
  '＂': '＂',
  '“': '”“"',
  '”': '”',
  '„': '“”"',
  '‟': '”',
  '«': '»',
  '»': '«',
  '「': '」',
  '『': '』',
};

/**
 * What stands between quotation marks, without them. A mark that has no other one is text, and so are
 * one between letters and one with white space on its inner side: `צה"ל`, `12" and 7"`.
 */
export function findQuotes(text: string): Span[] {
  const spans: Span[] = [];
  const closerAt = indexClosers(text);
  for (let index = 0; index < text.length; index++) {
    const closers = CLOSERS[text.charAt(index)];
    if (closers === undefined) continue;
    if (closers.includes(text.charAt(index + 1)) && index + 1 < text.length) {
      // Nothing is quoted.
      index++;
      continue;
    }
    if (!isOpener(text, index)) continue;
    const end = closerAt(closers, index + 2);
    if (end === -1) continue;
    spans.push({ start: index + 1, end });
    index = end;
  }
  return spans;
}

/** Asked for ascending indexes only, so that all questions together cost one pass over the text. */
function indexClosers(text: string): (closers: string, from: number) => number {
  const cursors = new Map<string, number>();
  return (closers, from) => {
    let index = Math.max(from, cursors.get(closers) ?? 0);
    while (
      index < text.length &&
      !(closers.includes(text.charAt(index)) && isCloser(text, index))
    ) {
      index++;
    }
    cursors.set(closers, index);
    return index < text.length ? index : -1;
  };
}

function isOpener(text: string, index: number): boolean {
  return !isSpace(text, index + 1) && !isInsideWord(text, index);
}

function isCloser(text: string, index: number): boolean {
  return !isSpace(text, index - 1) && !isInsideWord(text, index);
}

/** The ends of a text count as white space. */
function isSpace(text: string, index: number): boolean {
  return text.charAt(index).trim() === '';
}

/** Scripts without spaces have quotation marks right between their words. */
function isInsideWord(text: string, index: number): boolean {
  return (
    text.charAt(index) === '"' &&
    index > 0 &&
    isWordClass(classOf(text.charCodeAt(index - 1))) &&
    isWordClass(classAt(text, index + 1))
  );
}
