import { isInsidePair } from './boundaries.ts';

/**
 * UTF-16 units of text that are taken from a document at most; what follows cannot be searched. A
 * small document can unpack to more than memory holds.
 */
export const MAX_TEXT_LENGTH = 20_000_000;

/** Gathers text that comes in pieces, as lines and blocks with a blank line between them. */
export class TextCollector {
  readonly #pieces: string[] = [];
  #length = 0;
  /** Line ends due before the next piece. */
  #due = 0;

  /** Nothing more is taken in. */
  get isFull(): boolean {
    // Cut before a character of two units, it lacks one.
    return this.#length >= MAX_TEXT_LENGTH - 1;
  }

  /** Whether the next piece begins a line. */
  get isAtLineStart(): boolean {
    return this.#length === 0 || this.#due > 0;
  }

  add(text: string): void {
    if (text === '' || this.isFull) return;
    if (this.#due > 0 && this.#length > 0) this.#push('\n'.repeat(this.#due));
    this.#due = 0;
    const room = MAX_TEXT_LENGTH - this.#length;
    if (text.length > room) this.#push(text.slice(0, room - (isInsidePair(text, room) ? 1 : 0)));
    else this.#push(text);
  }

  /** What follows begins a line. */
  endLine(): void {
    this.#due = Math.max(this.#due, 1);
  }

  /** What follows comes after a blank line. */
  endBlock(): void {
    this.#due = 2;
  }

  text(): string {
    return this.#pieces.join('');
  }

  #push(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}
