import { KnownUnits, MAX_KNOWN_LENGTH } from './known-units.ts';

const SPACE = 0x20;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const LOWER_T = 0x74;
const EXCLAMATION_MARK = 0x21;
const COMMA = 0x2c;
const POINT = 0x2e;
const QUESTION_MARK = 0x3f;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** A factor of FNV-1a. */
const HASH_FACTOR = 0x01000193;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Finds out whether a text holds a wanted word without making a text of it. No word goes across white
 * space, nor does what stands behind some change what a word before it is: so the analyzer is asked
 * once for each of the units between white space, and the answers hold wherever they come back. What
 * it does with case, accents, stems and scripts need not be known here.
 */
export class WordFilter {
  readonly #isWanted: (text: string) => boolean;
  readonly #known = new KnownUnits();

  /** @param isWanted whether a text without white space holds a wanted word */
  constructor(isWanted: (text: string) => boolean) {
    this.#isWanted = isWanted;
  }

  /** Whether a text holds a wanted word. */
  holds(text: string): boolean {
    const bytes = encoder.encode(text);
    return this.#holds(bytes, 0, bytes.length, false);
  }

  /**
   * The same of what a JSON string says.
   *
   * @param start of the bytes between its quotation marks
   */
  holdsJson(bytes: Uint8Array, start: number, end: number): boolean {
    return this.#holds(bytes, start, end, true);
  }

  #holds(bytes: Uint8Array, start: number, end: number, isJson: boolean): boolean {
    let from = start;
    let hash = 0;
    let hashBefore = 0;
    let hasEscape = false;
    for (let at = start; at < end; at++) {
      // Within the array, and a check would cost as much as the rest of the loop.
      const byte = bytes[at]!;
      if (byte > SPACE && byte !== BACKSLASH) {
        hashBefore = hash;
        hash = Math.imul(hash ^ byte, HASH_FACTOR);
        continue;
      }
      const width = byte === BACKSLASH && isJson ? 2 : 1;
      if (width === 2 ? !isEscapedSpace(bytes[at + 1]) : !isSpace(byte)) {
        hash = Math.imul(hash ^ byte, HASH_FACTOR);
        hasEscape ||= width === 2;
      } else {
        // Half of all words come with and without such a mark, which makes no other word of them.
        const isMarked = at > from && isMark(bytes[at - 1]!);
        const unitEnd = isMarked ? at - 1 : at;
        const unitHash = isMarked ? hashBefore : hash;
        if (unitEnd > from && this.#holdsUnit(bytes, from, unitEnd, unitHash, hasEscape)) {
          return true;
        }
        from = at + width;
        hash = 0;
        hasEscape = false;
      }
      at += width - 1;
    }
    return end > from && this.#holdsUnit(bytes, from, end, hash, hasEscape);
  }

  #holdsUnit(
    bytes: Uint8Array,
    start: number,
    end: number,
    hash: number,
    hasEscape: boolean,
  ): boolean {
    if (end - start > MAX_KNOWN_LENGTH) return this.#ask(bytes, start, end, hasEscape);
    const known = this.#known.get(bytes, start, end, hash);
    if (known !== undefined) return known;
    const answer = this.#ask(bytes, start, end, hasEscape);
    this.#known.set(bytes, start, end, hash, answer);
    return answer;
  }

  #ask(bytes: Uint8Array, start: number, end: number, hasEscape: boolean): boolean {
    const text = decoder.decode(bytes.subarray(start, end));
    if (!hasEscape) return this.#isWanted(text);
    try {
      return this.#isWanted(JSON.parse(`"${text}"`) as string);
    } catch {
      // Damaged, which whoever reads the record finds out.
      return true;
    }
  }
}

function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN);
}

function isEscapedSpace(letter: number | undefined): boolean {
  return letter === LOWER_N || letter === LOWER_T || letter === LOWER_R;
}

function isMark(byte: number): boolean {
  return byte === COMMA || byte === POINT || byte === QUESTION_MARK || byte === EXCLAMATION_MARK;
}
