import { crc32c } from './crc32c.ts';

/**
 * One record is one line of JSON whose first property is its sequence number and whose last is the
 * CRC-32C of every byte before it:
 *
 * ```
 * {"seq":4,"type":"edit",…,"crc":"c1cf00e9"}⏎
 * └──────────── covered ────┘└─ 18 bytes ────┘
 * ```
 *
 * The trailer has a fixed length, so a line is checked without being parsed.
 */
export interface LogRecord {
  readonly seq: number;
  /**
   * How many records of the same batch follow. A batch is all or nothing: one whose last record is
   * missing was cut off by a crash, and all of it is dropped.
   */
  readonly more?: number;
}

/** What a caller appends; the log adds `seq` and `more`. */
export type RecordBody = { readonly type: string };

const TRAILER_BYTES = 18;
const NEWLINE = 0x0a;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The line of a record, with its line feed. */
export function encodeRecord(seq: number, more: number, body: RecordBody): Uint8Array {
  const json = JSON.stringify(more > 0 ? { seq, more, ...body } : { seq, ...body });
  // Without the closing brace: the checksum becomes one more property.
  const covered = encoder.encode(json.slice(0, -1));
  const line = new Uint8Array(covered.length + TRAILER_BYTES + 1);
  line.set(covered);
  encoder.encodeInto(trailer(crc32c(covered)), line.subarray(covered.length));
  line[line.length - 1] = NEWLINE;
  return line;
}

/** The record on a line (with its line feed), or `undefined` where the bytes are not what was written. */
export function decodeRecord(line: Uint8Array): (LogRecord & RecordBody) | undefined {
  if (!isIntact(line)) return undefined;
  try {
    // What the checksum covers was written by encodeRecord, so its shape is known.
    return JSON.parse(decoder.decode(line)) as LogRecord & RecordBody;
  } catch {
    return undefined;
  }
}

function isIntact(line: Uint8Array): boolean {
  const end = line.length - TRAILER_BYTES - 1;
  if (end < 1 || line[line.length - 1] !== NEWLINE) return false;
  const expected = trailer(crc32c(line, 0, end));
  for (let index = 0; index < TRAILER_BYTES; index++) {
    if (line[end + index] !== expected.charCodeAt(index)) return false;
  }
  return true;
}

function trailer(crc: number): string {
  return `,"crc":"${crc.toString(16).padStart(8, '0')}"}`;
}
