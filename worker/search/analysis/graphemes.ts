const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Graphemes are looked for from a place where one begins for sure, if there is one this near. */
const WINDOW_LENGTH = 512;

/** Behind these, which never join what follows, a grapheme begins. */
const PLAIN = /[\n -~]/;

/** The nearest place at or before an index that is inside of no grapheme. */
export function graphemeStart(text: string, index: number): number {
  if (isBetween(text, index)) return index;
  const base = safeStart(text, index);
  const window = text.slice(base, index + WINDOW_LENGTH);
  return base + (segmenter.segment(window).containing(index - base)?.index ?? 0);
}

/** The nearest place at or behind an index that is inside of no grapheme. */
export function graphemeEnd(text: string, index: number): number {
  const start = graphemeStart(text, index);
  if (start === index) return index;
  const grapheme = segmenter.segment(text.slice(start, start + WINDOW_LENGTH)).containing(0);
  return start + (grapheme?.segment.length ?? 0);
}

/** Two characters of ASCII are two graphemes, but for a line break of two. */
function isBetween(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return true;
  return PLAIN.test(text.charAt(index - 1)) && PLAIN.test(text.charAt(index));
}

/** One that is behind plain ASCII, so that whatever was before has ended. */
function safeStart(text: string, index: number): number {
  const least = Math.max(0, index - WINDOW_LENGTH);
  for (let at = index - 1; at > least; at--) {
    if (PLAIN.test(text.charAt(at))) return at;
  }
  const isCut = /[\udc00-\udfff]/.test(text.charAt(least));
  return isCut ? least + 1 : least;
}
