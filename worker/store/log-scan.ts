import type { BackendFile } from '../backend/backend.ts';
import {
  beginsLikeRecord,
  endsLikeRecord,
  findRecordWithin,
  hasHole,
  lacksOnlyLineFeed,
} from './damaged-lines.ts';
import { decodeRecord, type LogRecord, type RecordBody } from './record.ts';

const CHUNK_BYTES = 262_144;
const NEWLINE = 0x0a;

/** A record and where its line lies. */
export interface LocatedRecord {
  readonly offset: number;
  /** Bytes of the line, its line feed included. */
  readonly length: number;
  readonly record: LogRecord & RecordBody;
}

/** A run of bytes that had been stored and are no record any more. */
export interface DamagedRange {
  readonly offset: number;
  readonly length: number;
  /** How many records they were, as far as that can be known. Default 1. */
  readonly records?: number;
  /** Whether it looks like the end of a write that was never flushed, and so was promised to nobody. */
  readonly isTorn?: true;
}

/** What {@link scanLog} found. */
export interface ScanResult {
  /** Where the last complete batch ends; what lies behind was never acknowledged. */
  readonly end: number;
  /** The highest sequence number, 0 when there is none. */
  readonly lastSeq: number;
  readonly damaged: readonly DamagedRange[];
}

/**
 * Gives every record of a log from `from` on to `onRecord`, in order, and finds out where the log
 * ends. It changes nothing; see {@link ScanResult.end}.
 *
 * Bytes that are no record are told apart by what follows. With nothing valid behind them, not even
 * the line feed at their end, they are the torn end of a write that a crash cut short, as are the
 * records of a batch whose last one is missing. Otherwise they are damage to something that had been
 * stored. Damage at the very end is not passed over but lies behind {@link ScanResult.end}, too.
 *
 * A power cut may keep the sectors of an unflushed write in any order, and so the beginning or the end
 * of a batch without the rest. Where a batch is not whole beside a hole of zeros, the log is cut off
 * before it, unless a later record says that all of it had been flushed.
 *
 * @param lastSeq the sequence number of the last record before `from`
 */
export function scanLog(
  file: BackendFile,
  from: number,
  onRecord: (located: LocatedRecord) => void,
  lastSeq = 0,
): ScanResult {
  const scan = new LogScan(from, lastSeq, onRecord);
  for (const { offset, line } of readLines(file, from, file.size())) scan.addLine(offset, line);
  return scan.finish(file.size());
}

/** Lines behind one another that are no records. */
interface DamagedLines {
  readonly offset: number;
  /** Where each of them begins. */
  readonly starts: number[];
  /** How many of them begin, and how many end, as a record does. */
  beginnings: number;
  endings: number;
  /** Whether a whole line is damaged; a write that was cut short ends without its line feed. */
  isWholeLine: boolean;
  hasHole: boolean;
}

class LogScan {
  readonly #onRecord: (located: LocatedRecord) => void;
  readonly #damaged: DamagedRange[] = [];
  #end: number;
  #lastSeq = 0;
  /** The sequence number of the record before, accepted or not. */
  #seqBefore: number;
  #batch: LocatedRecord[] = [];
  #lines: DamagedLines | undefined;
  /** Where a batch begins that may never have been flushed whole. */
  #tornAt: number | undefined;
  /** What lies behind there, and counts if it had been flushed. */
  #held: LocatedRecord[] = [];

  constructor(from: number, lastSeq: number, onRecord: (located: LocatedRecord) => void) {
    this.#end = from;
    this.#seqBefore = lastSeq;
    this.#onRecord = onRecord;
  }

  addLine(offset: number, line: Uint8Array): void {
    const whole = decodeRecord(line);
    if (whole !== undefined) return this.#addRecord(offset, line.length, whole);
    const within = findRecordWithin(line);
    const at = within?.at ?? line.length;
    this.#addDamage(offset, line.subarray(0, at));
    if (within !== undefined) this.#addRecord(offset + at, line.length - at, within.record);
  }

  #addDamage(offset: number, bytes: Uint8Array): void {
    this.#lines ??= {
      offset,
      starts: [],
      beginnings: 0,
      endings: 0,
      isWholeLine: false,
      hasHole: false,
    };
    const lines = this.#lines;
    lines.starts.push(offset);
    if (beginsLikeRecord(bytes)) lines.beginnings++;
    if (endsLikeRecord(bytes)) lines.endings++;
    lines.isWholeLine ||= bytes.at(-1) === NEWLINE || lacksOnlyLineFeed(bytes);
    lines.hasHole ||= hasHole(bytes, offset);
  }

  #addRecord(offset: number, length: number, record: LogRecord & RecordBody): void {
    const { seq, more = 0, of = more + 1, sync } = record;
    if (this.#lines !== undefined) {
      const { offset: start, starts, hasHole: isTorn } = this.#lines;
      const [first] = this.#batch;
      if (isTorn && first?.record.of !== undefined) this.#tornAt ??= first.offset;
      if (isTorn && of - more > 1) this.#tornAt ??= start;
      // The batch before the damage lost its end to it, not to a crash: what is left of it counts.
      this.#acceptBatch();
      this.#damaged.push(...rangesOf(starts, offset, seq - this.#seqBefore - 1));
      this.#lines = undefined;
    }
    if (sync === 1) this.#acceptHeld();
    this.#seqBefore = seq;
    this.#batch.push({ offset, length, record });
    if (more === 0) this.#acceptBatch();
  }

  #acceptBatch(): void {
    const batch = this.#batch;
    this.#batch = [];
    if (this.#tornAt === undefined) for (const located of batch) this.#accept(located);
    else this.#held.push(...batch);
  }

  #acceptHeld(): void {
    for (const located of this.#held) this.#accept(located);
    this.#held = [];
    this.#tornAt = undefined;
  }

  #accept(located: LocatedRecord): void {
    this.#onRecord(located);
    this.#lastSeq = Math.max(this.#lastSeq, located.record.seq);
    this.#end = located.offset + located.length;
  }

  finish(size: number): ScanResult {
    const lines = this.#lines;
    if (lines?.isWholeLine === true) {
      // A write that was cut short leaves no whole line behind the cut, unless sectors are missing.
      if (lines.hasHole) this.#tornAt ??= this.#batch[0]?.offset ?? lines.offset;
      this.#acceptBatch();
      // Nothing behind them tells how many records they were.
      const records = Math.max(lines.beginnings, lines.endings, 1);
      this.#damaged.push(...rangesOf(lines.starts, size, records));
    }
    const tornAt = this.#tornAt;
    const damaged =
      tornAt === undefined
        ? this.#damaged
        : [
            ...this.#damaged.filter(({ offset }) => offset < tornAt),
            { offset: tornAt, length: size - tornAt, isTorn: true as const },
          ];
    return { end: this.#end, lastSeq: this.#lastSeq, damaged };
  }
}

/** Damaged lines, each for itself where each was a record, else together. */
function rangesOf(starts: readonly number[], end: number, missing: number): DamagedRange[] {
  const [offset = end] = starts;
  // A line feed that came or went makes more or fewer lines of the records.
  if (missing > 0 && missing !== starts.length) {
    return [{ offset, length: end - offset, records: missing }];
  }
  return starts.map((start, index) => ({
    offset: start,
    length: (starts[index + 1] ?? end) - start,
  }));
}

/**
 * The lines between two offsets, each with its line feed; the last may lack it. A line is a view of
 * a buffer that is reused: whoever keeps it must copy it.
 */
export function* readLines(
  file: BackendFile,
  from: number,
  to: number,
): Generator<{ readonly offset: number; readonly line: Uint8Array }> {
  let window = new Uint8Array(Math.min(CHUNK_BYTES, Math.max(to - from, 0)));
  /** The offset in the file of the first byte of the window. */
  let start = from;
  /** Bytes of the window that are filled. */
  let filled = 0;

  while (start < to) {
    if (filled === window.length) {
      // One line fills the whole window.
      const wider = new Uint8Array(window.length * 2);
      wider.set(window);
      window = wider;
    }
    const wanted = Math.min(window.length - filled, to - start - filled);
    const read = file.read(window.subarray(filled, filled + wanted), start + filled);
    const atEnd = read < wanted || start + filled + read >= to;
    filled += read;

    let lineStart = 0;
    for (;;) {
      const newline = window.subarray(0, filled).indexOf(NEWLINE, lineStart);
      if (newline === -1) break;
      yield { offset: start + lineStart, line: window.subarray(lineStart, newline + 1) };
      lineStart = newline + 1;
    }
    if (atEnd) {
      if (lineStart < filled) {
        yield { offset: start + lineStart, line: window.subarray(lineStart, filled) };
      }
      return;
    }
    window.copyWithin(0, lineStart, filled);
    start += lineStart;
    filled -= lineStart;
  }
}
