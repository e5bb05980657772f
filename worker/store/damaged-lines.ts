import { decodeRecord, type LogRecord, type RecordBody } from './record.ts';

/** The least that a disk writes at once. */
const SECTOR_BYTES = 512;

/** How every record begins; no string in a record can hold it, because JSON escapes quotes. */
const BEGINNING = new TextEncoder().encode('{"seq":');

const ENDING = new TextEncoder().encode('"}\n');

/** A record in the end of a line, which begins with something else. */
export interface RecordWithin {
  /** Where in the line. */
  readonly at: number;
  readonly record: LogRecord & RecordBody;
}

/** Finds the record that is whole although the line feed of the one before it is damaged. */
export function findRecordWithin(line: Uint8Array): RecordWithin | undefined {
  for (let at = 1; ; at++) {
    at = line.indexOf(BEGINNING[0] ?? 0, at);
    if (at === -1) return undefined;
    const begins = beginsLikeRecord(line, at);
    const record = begins ? decodeRecord(line.subarray(at)) : undefined;
    if (record !== undefined) return { at, record };
  }
}

/** The record on a line, or in its end where the line feed before it is damaged. */
export function decodeLine(line: Uint8Array): (LogRecord & RecordBody) | undefined {
  return decodeRecord(line) ?? findRecordWithin(line)?.record;
}

export function beginsLikeRecord(line: Uint8Array, at = 0): boolean {
  return BEGINNING.every((byte, index) => line[at + index] === byte);
}

export function endsLikeRecord(line: Uint8Array): boolean {
  const at = line.length - ENDING.length;
  return ENDING.every((byte, index) => line[at + index] === byte);
}

/** Whether a line is a record but for its line feed, in the place of which there is something else. */
export function lacksOnlyLineFeed(line: Uint8Array): boolean {
  const mended = line.slice();
  mended.fill(ENDING[2] ?? 0, -1);
  return decodeRecord(mended) !== undefined;
}

/**
 * Whether a line has whole sectors of zeros, which no record holds: a power cut leaves them of a write
 * that was never flushed, since what an append has not filled reads as zeros.
 *
 * @param offset where the line lies in its file
 */
export function hasHole(line: Uint8Array, offset: number): boolean {
  for (let end = 0; ;) {
    const start = line.indexOf(0, end);
    if (start === -1) return false;
    end = start;
    while (line[end] === 0) end++;
    // The first sector of a write may hold the end of what was there before.
    const begins = start === 0 || (offset + start) % SECTOR_BYTES === 0;
    const ends = end === line.length || (offset + end) % SECTOR_BYTES === 0;
    if (begins && ends) return true;
  }
}
