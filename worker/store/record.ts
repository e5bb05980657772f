import { crc32c } from '../crc32c.ts';

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
  /**
   * How many records the batch has, where it has several: with {@link more} it says which of them this
   * one is, so that those before it are missed.
   */
  readonly of?: number;
  /** Everything before this record was flushed before it was written. */
  readonly sync?: 1;
}

/** What a caller appends; the log adds `seq` and `more`. */
export type RecordBody = { readonly type: string };

const TRAILER_BYTES = 18;
const NEWLINE = 0x0a;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Room for most lines; one that is longer gets an array of its own. */
const SCRATCH_BYTES = 65_536;

const scratch = new Uint8Array(SCRATCH_BYTES);

/** UTF-16 units take three bytes of UTF-8 at most. */
const MAX_BYTES_PER_UNIT = 3;

/** The line of a record, with its line feed. */
export function encodeRecord(seq: number, more: number, body: RecordBody): Uint8Array {
  return encodeRecordView(seq, more, body).slice();
}

/**
 * The same in an array that is good until the next call: whoever writes records without end would
 * leave arrays faster than they are collected.
 */
export function encodeRecordView(seq: number, more: number, body: RecordBody): Uint8Array {
  const json = JSON.stringify(more > 0 ? { seq, more, ...body } : { seq, ...body });
  // Without the closing brace: the checksum becomes one more property.
  const covered = json.slice(0, -1);
  const maxBytes = covered.length * MAX_BYTES_PER_UNIT + TRAILER_BYTES + 1;
  const line = maxBytes <= SCRATCH_BYTES ? scratch : new Uint8Array(maxBytes);
  const { written } = encoder.encodeInto(covered, line);
  encoder.encodeInto(trailer(crc32c(line, 0, written)), line.subarray(written));
  const length = written + TRAILER_BYTES + 1;
  line[length - 1] = NEWLINE;
  return line.subarray(0, length);
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
