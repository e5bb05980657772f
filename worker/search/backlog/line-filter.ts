import type { WordFilter } from './word-filter.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What of a message is indexed, and where in its record's line it stands. */
const TEXTS = [bytesOf('content'), bytesOf('name')];
const TYPE = bytesOf('type');
const MESSAGE = bytesOf('message');
const RECORD_DEPTH = 1;
const MESSAGE_DEPTH = 2;

/**
 * Tells from the bytes of a log's lines which of them have to be read: every edit and deletion, and
 * the messages that hold a wanted word. It takes a line for what the checksum has yet to confirm.
 */
export class LineFilter {
  readonly #words: WordFilter | undefined;
  #skipped = 0;
  #bytes = 0;
  #acceptedBytes = 0;

  /** @param words absent when no message is wanted for its words */
  constructor(words: WordFilter | undefined) {
    this.#words = words;
  }

  /** Lines that were not accepted. */
  get skipped(): number {
    return this.#skipped;
  }

  /** How many times as many bytes there were as have been accepted. */
  get share(): number {
    return this.#acceptedBytes === 0 ? 1 : this.#bytes / this.#acceptedBytes;
  }

  accepts(line: Uint8Array): boolean {
    const isAccepted = this.#hasToBeRead(line);
    this.#bytes += line.length;
    if (isAccepted) this.#acceptedBytes += line.length;
    else this.#skipped++;
    return isAccepted;
  }

  #hasToBeRead(line: Uint8Array): boolean {
    let depth = 0;
    for (let at = 0; at < line.length; at++) {
      const byte = line[at];
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        depth++;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth--;
      } else if (byte === QUOTE) {
        const start = at + 1;
        at = endOfString(line, start);
        if (depth > MESSAGE_DEPTH || line[at + 1] !== COLON || line[at + 2] !== QUOTE) continue;
        const valueStart = at + 3;
        const valueEnd = endOfString(line, valueStart);
        if (depth === RECORD_DEPTH && is(line, start, at, TYPE)) {
          if (!is(line, valueStart, valueEnd, MESSAGE)) return true;
          if (this.#words === undefined) return false;
        } else if (depth === MESSAGE_DEPTH && isText(line, start, at)) {
          if (this.#words?.holdsJson(line, valueStart, valueEnd) === true) return true;
        }
        at = valueEnd;
      }
    }
    return false;
  }
}

/** The index of the quotation mark that ends a string, or of the end of the line. */
function endOfString(line: Uint8Array, start: number): number {
  let end = start;
  while (end < line.length && line[end] !== QUOTE) end += line[end] === BACKSLASH ? 2 : 1;
  return end;
}

function isText(line: Uint8Array, start: number, end: number): boolean {
  return TEXTS.some((key) => is(line, start, end, key));
}

function is(line: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let at = 0; at < text.length; at++) if (line[start + at] !== text[at]) return false;
  return true;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
