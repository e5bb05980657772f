/**
 * UTF-16 units given to `Intl.Segmenter` at once. In V8 each step of a segmenter costs time in
 * proportion to the whole of its string: a megabyte in one piece takes most of a minute.
 */
const WINDOW = 512;

/** Units around a place that decide whether it is a boundary. */
const CONTEXT = 64;

/** A way of cutting a text. */
export interface Granularity {
  readonly segmenter: Intl.Segmenter;
  /** What the segmenter is to see in place of a piece of the text, of the same length. */
  readonly prepare: (piece: string) => string;
}

const asItIs = (piece: string): string => piece;

// A fixed locale: with the machine's own, two devices would cut the same text differently.
const LOCALE = 'en';

/**
 * Sentences. A line end alone ends none, since in most documents it only wraps a line; blank lines
 * do.
 */
export const SENTENCE: Granularity = {
  segmenter: new Intl.Segmenter(LOCALE, { granularity: 'sentence' }),
  prepare: (piece) => piece.replace(/(?<!\n[ \t]*)\n(?![ \t]*\n)/g, ' '),
};

/** Words, and what stands between them. */
export const WORD: Granularity = {
  segmenter: new Intl.Segmenter(LOCALE, { granularity: 'word' }),
  prepare: asItIs,
};

/** Characters as a reader sees them. */
export const GRAPHEME: Granularity = {
  segmenter: new Intl.Segmenter(LOCALE, { granularity: 'grapheme' }),
  prepare: asItIs,
};

/**
 * The boundaries after `from` up to `to`, ascending; the end of the text is one. `from` should be a
 * boundary itself. Time is proportional to the stretch that is read.
 */
export function* boundariesIn(
  { segmenter, prepare }: Granularity,
  text: string,
  from: number,
  to: number,
): Generator<number, void, undefined> {
  let settled = from;
  let start = from;
  while (settled < to) {
    const end = Math.min(text.length, start + WINDOW);
    const isLast = end === text.length;
    // What lies beyond the window may yet move the boundaries near its end.
    const sure = isLast ? end : end - CONTEXT;
    let latest = start;
    for (const { index, segment } of segmenter.segment(prepare(text.slice(start, end)))) {
      const boundary = start + index + segment.length;
      if (boundary > sure) break;
      if (boundary > to) return;
      if (boundary > settled) yield boundary;
      latest = boundary;
    }
    if (isLast) return;
    settled = sure;
    start = Math.max(latest, sure - CONTEXT);
    if (isInsidePair(text, start)) start -= 1;
  }
}

/** Boundaries of a text, found as far as somebody has asked, and kept. */
export class Boundaries {
  readonly #found: number[] = [];
  readonly #rest: Generator<number, void, undefined>;

  constructor(granularity: Granularity, text: string) {
    this.#rest = boundariesIn(granularity, text, 0, text.length);
  }

  /** The last one at or before the place; 0 when there is none. */
  atOrBefore(place: number): number {
    this.#findBeyond(place);
    return this.#found[this.#countUpTo(place) - 1] ?? 0;
  }

  /** The first one after the place; undefined at the end of the text. */
  after(place: number): number | undefined {
    this.#findBeyond(place);
    return this.#found[this.#countUpTo(place)];
  }

  #findBeyond(place: number): void {
    while ((this.#found.at(-1) ?? -1) <= place) {
      const next = this.#rest.next();
      if (next.done === true) return;
      this.#found.push(next.value);
    }
  }

  #countUpTo(place: number): number {
    let low = 0;
    let high = this.#found.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#found[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether the place lies between the two units of one code point. */
export function isInsidePair(text: string, place: number): boolean {
  return (
    (text.charCodeAt(place) & 0xfc00) === 0xdc00 && (text.charCodeAt(place - 1) & 0xfc00) === 0xd800
  );
}
