import { Boundaries, boundariesIn, GRAPHEME, isInsidePair, SENTENCE, WORD } from './boundaries.ts';

/** A stretch of a text, in UTF-16 units; neither begins nor ends with white space. */
export interface Chunk {
  /** Counts from 0. */
  readonly index: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** How a text is cut; the limits are those of the configuration's `document` group. */
export interface ChunkOptions {
  /** UTF-16 units that a chunk has at most. 64 or more. */
  readonly chunkSize: number;
  /** UTF-16 units that a chunk shares with the one before it, at most. Less than `chunkSize`. */
  readonly chunkOverlap: number;
}

/**
 * Of the units before a chunk's limit, those that are searched for the end of a word first; and how
 * far back a boundary is looked for that tells what follows.
 */
const NEAR = 128;

/** A chunk begins at least this part of `chunkSize` behind the one before it, whatever the overlap. */
const LEAST_ADVANCE = 1 / 8;

/** A chunk is cut in the middle of a sentence or a line rather than be emptier than this. */
const LEAST_FILL = 1 / 2;

/**
 * Cuts a text into overlapping chunks that together hold everything in it but white space.
 *
 * A chunk ends with a sentence; where that would leave it less than half full, with a line, else with
 * a word; within a word only when that alone is longer than a chunk, and within a character as a
 * reader sees it only when that is. It begins with a sentence, else a word, of the last
 * `chunkOverlap` units of the chunk before it. Starts and ends strictly increase.
 *
 * Each chunk begins an eighth of `chunkSize` behind the one before it or where that one ends: there
 * are at most sixteen chunks per `chunkSize` units however large the overlap. Time is proportional
 * to the text.
 */
export function chunkText(text: string, options: ChunkOptions): Chunk[] {
  return [...iterateChunks(text, options)];
}

/** The same, one chunk at a time, for callers that want to do something else in between. */
function* iterateChunks(text: string, options: ChunkOptions): Generator<Chunk, void, undefined> {
  const cutter = new Cutter(text, options);
  const textEnd = cutter.trimEnd(text.length, 0);
  let start = cutter.skipSpace(0);
  let end = start;
  for (let index = 0; end < textEnd; index += 1) {
    if (index > 0) start = cutter.nextStart(start, end);
    let next = textEnd - start <= options.chunkSize ? textEnd : cutter.endOf(start, end);
    if (next === undefined) {
      // The chunk before it and the word after it do not fit into one: it goes without overlap.
      start = cutter.skipSpace(end);
      next =
        textEnd - start <= options.chunkSize
          ? textEnd
          : (cutter.endOf(start, start) ?? cutter.endInWord(start));
    }
    end = next;
    yield { index, start, end };
  }
}

class Cutter {
  readonly #text: string;
  readonly #size: number;
  readonly #overlap: number;
  readonly #sentences: Boundaries;

  constructor(text: string, { chunkSize, chunkOverlap }: ChunkOptions) {
    this.#text = text;
    this.#size = chunkSize;
    this.#overlap = chunkOverlap;
    this.#sentences = new Boundaries(SENTENCE, text);
  }

  /** Where the chunk behind `[start, end)` begins: at most at the first non-space after `end`. */
  nextStart(start: number, end: number): number {
    const earliest = Math.max(
      end - this.#overlap,
      start + Math.ceil(this.#size * LEAST_ADVANCE),
      start + 1,
    );
    for (
      let sentence = this.#sentences.after(earliest - 1);
      sentence !== undefined && sentence < end;
      sentence = this.#sentences.after(sentence)
    ) {
      const place = this.skipSpace(sentence);
      if (place < end && this.#isBetweenGraphemes(place, start)) return place;
    }
    let unspaced: number | undefined;
    for (const word of boundariesIn(
      WORD,
      this.#text,
      this.#wordContext(earliest - 1, start),
      end,
    )) {
      if (word < earliest) continue;
      const place = this.skipSpace(word);
      if (place >= end) break;
      if (!this.#isBetweenGraphemes(place, start)) continue;
      if (isSpace(this.#text, place - 1)) return place;
      unspaced ??= place;
    }
    return unspaced ?? this.skipSpace(end);
  }

  /** Where a chunk ends that must reach beyond `after`; undefined: only within a word. */
  endOf(start: number, after: number): number | undefined {
    const limit = start + this.#size;
    const least = Math.max(start + Math.ceil(this.#size * LEAST_FILL), after + 1);
    const sentence = this.#sentences.atOrBefore(this.skipSpace(limit));
    const line = least + this.#text.slice(least, limit + 1).lastIndexOf('\n');
    for (const place of [sentence, line]) {
      if (place < least) continue;
      const end = this.trimEnd(place, start);
      if (end >= least && end <= limit && this.#isBetweenGraphemes(end, start)) return end;
    }
    return (
      this.#wordEnd(start, Math.max(least, limit - NEAR), limit) ??
      this.#wordEnd(start, Math.max(start, after) + 1, limit)
    );
  }

  /** Where a chunk ends that begins with a word longer than itself. */
  endInWord(start: number): number {
    const limit = start + this.#size;
    let end: number | undefined;
    for (const place of boundariesIn(GRAPHEME, this.#text, start, limit)) end = place;
    return end ?? (isInsidePair(this.#text, limit) ? limit - 1 : limit);
  }

  /** The place, or the first after it that is no white space. */
  skipSpace(place: number): number {
    let result = place;
    while (isSpace(this.#text, result) && !isMark(this.#text, result + 1)) result += 1;
    return result;
  }

  /** The end of what is no white space before the place, `start` at the least. */
  trimEnd(place: number, start: number): number {
    let result = place;
    while (result > start && isSpace(this.#text, result - 1)) result -= 1;
    return result;
  }

  /** The last end of a word in `least..limit`, before white space if there is one like that. */
  #wordEnd(start: number, least: number, limit: number): number | undefined {
    let best: number | undefined;
    let beforeSpace: number | undefined;
    const from = this.#wordContext(least - 1, start);
    for (const word of boundariesIn(WORD, this.#text, from, limit)) {
      const end = this.trimEnd(word, start);
      if (end < least || !this.#isBetweenGraphemes(end, start)) continue;
      best = end;
      if (isSpace(this.#text, end)) beforeSpace = end;
    }
    return beforeSpace ?? best;
  }

  /** A place before the given one, `start` at the least, from where on words can be told. */
  #wordContext(place: number, start: number): number {
    const text = this.#text;
    const farthest = Math.max(start, place - NEAR);
    for (let before = place; before > farthest; before -= 1) {
      if (isSpace(text, before - 1) && !isMark(text, before)) return before;
    }
    return isInsidePair(text, farthest) ? farthest - 1 : farthest;
  }

  /** Sentences and words may end where a reader sees one character. `start` must be between two. */
  #isBetweenGraphemes(place: number, start: number): boolean {
    const text = this.#text;
    if (place === start || place >= text.length) return true;
    if (text.charCodeAt(place - 1) < 0x300 && text.charCodeAt(place) < 0x300) {
      return text[place - 1] !== '\r' || text[place] !== '\n';
    }
    const from = this.#wordContext(place - 1, start);
    for (const boundary of boundariesIn(GRAPHEME, text, from, place)) {
      if (boundary === place) return true;
    }
    return false;
  }
}

function isSpace(text: string, place: number): boolean {
  const unit = text.charCodeAt(place);
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
  return /\s/.test(text.charAt(place));
}

/** Whether what begins here belongs to the character before it, which may well be a space. */
function isMark(text: string, place: number): boolean {
  if (!(text.charCodeAt(place) >= 0x300)) return false;
  const [first] = GRAPHEME.segmenter.segment(text.slice(place - 1, place + 2));
  return first !== undefined && first.segment.length > 1;
}
