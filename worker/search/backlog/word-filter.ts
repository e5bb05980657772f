import { KnownUnits, MAX_KNOWN_LENGTH } from './known-units.ts';

const SPACE = 0x20;
const BACKSLASH = 0x5c;
const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const LOWER_T = 0x74;
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
    let hasEscape = false;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? SPACE;
      if (byte === BACKSLASH && isJson) {
        const escaped = bytes[at + 1] ?? 0;
        if (escaped !== LOWER_N && escaped !== LOWER_T && escaped !== LOWER_R) {
          hasEscape = true;
          hash = Math.imul(Math.imul(hash ^ byte, HASH_FACTOR) ^ escaped, HASH_FACTOR);
          at++;
          continue;
        }
      } else if (byte !== SPACE && (byte < TAB || byte > CARRIAGE_RETURN)) {
        hash = Math.imul(hash ^ byte, HASH_FACTOR);
        continue;
      }
      if (at > from && this.#holdsUnit(bytes, from, at, hash, hasEscape)) return true;
      if (byte === BACKSLASH) at++;
      from = at + 1;
      hash = 0;
      hasEscape = false;
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
