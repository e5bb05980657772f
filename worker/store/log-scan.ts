import type { BackendFile } from '../backend/backend.ts';
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
 */
export function scanLog(
  file: BackendFile,
  from: number,
  onRecord: (located: LocatedRecord) => void,
): ScanResult {
  const damaged: DamagedRange[] = [];
  let end = from;
  let lastSeq = 0;
  let batch: LocatedRecord[] = [];
  let damageStart: number | undefined;
  /** Whether a whole line is damaged; a write that was cut short ends without its line feed. */
  let damagedLine = false;

  const acceptBatch = (): void => {
    for (const located of batch) {
      onRecord(located);
      lastSeq = Math.max(lastSeq, located.record.seq);
      end = located.offset + located.length;
    }
    batch = [];
  };

  for (const { offset, line } of readLines(file, from, file.size())) {
    const record = decodeRecord(line);
    if (record === undefined) {
      damageStart ??= offset;
      damagedLine ||= line.at(-1) === NEWLINE;
      continue;
    }
    if (damageStart !== undefined) {
      // The batch before the damage lost its end to it, not to a crash: what is left of it counts.
      acceptBatch();
      damaged.push({ offset: damageStart, length: offset - damageStart });
      damageStart = undefined;
      damagedLine = false;
    }
    batch.push({ offset, length: line.length, record });
    if ((record.more ?? 0) === 0) acceptBatch();
  }
  if (damageStart !== undefined && damagedLine) {
    const offset = batch[0]?.offset ?? damageStart;
    damaged.push({ offset, length: file.size() - offset });
  }
  return { end, lastSeq, damaged };
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
