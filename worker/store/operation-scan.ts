import type { BackendFile } from '../backend/backend.ts';
import { findRecordWithin } from './damaged-lines.ts';
import type { DoneOperation, OperationsRecord } from './operations.ts';
import { decodeRecord } from './record.ts';
import type { RecordLog } from './record-log.ts';

/** What is read at once, from the end of a log to its beginning. */
const BLOCK_BYTES = 262_144;

/** No operation, and nothing before it in a record, is longer. */
const HEAD_BYTES = 256;

/** A clock that was set back in the meantime may have put records out of the order of their times. */
const SLACK_MS = 60_000;

/** So many may be kept in mind; with more, they are looked for again. */
const MAX_KNOWN = 16_384;

const NEWLINE = 0x0a;

/** Up to the operation, a record of a message log is made of nothing that an app has written. */
const HEAD =
  /^\{"seq":\d+,(?:"more":\d+,)?(?:"of":\d+,)?(?:"sync":1,)?"type":"([a-z]+)"(?:,"at":(\d+))?(?:,"op":"([^"]*)")?/;

/** Latin-1, because a head that is cut off in the middle of a character is a head all the same. */
const decoder = new TextDecoder('latin1');

/**
 * The operations in a message log. Nothing is known of them before somebody asks, because most logs are
 * never asked; after a change of the owner many calls ask, one after another.
 */
export class LogOperations {
  readonly #log: RecordLog;
  #known: { readonly since: number; readonly found: Map<string, DoneOperation> } | undefined;

  constructor(log: RecordLog) {
    this.#log = log;
  }

  /** Those that have written since a time, by their ids; what is on its way to the disk is waited for. */
  async since(at: number): Promise<ReadonlyMap<string, DoneOperation>> {
    await this.#log.settled();
    if (this.#known === undefined || this.#known.since > at) {
      const { committedEnd: end, isDamaged } = this.#log;
      const found = await this.#log.read((file) => findOperations(file, end, at, isDamaged));
      this.#known = { since: at, found: found ?? new Map() };
    }
    return this.#known.found;
  }

  /** Takes note of records that were appended. */
  note(done: DoneOperation): void {
    if (this.#known === undefined) return;
    const { found } = this.#known;
    add(found, done);
    if (found.size > MAX_KNOWN) this.#known = undefined;
  }
}

/**
 * What operations have written into a message log since a time, with how many records each has. Reads
 * the log from its end and no further than it has to: so far back that everything is older, by a
 * minute, which is short for a call that is repeated.
 *
 * @param end where the last record ends
 * @param since in milliseconds since 1970
 * @param isDamaged whether a record may lie in the end of a line, as the line feed before it is damaged
 */
export function findOperations(
  file: BackendFile,
  end: number,
  since: number,
  isDamaged = false,
): Map<string, DoneOperation> {
  const found = new Map<string, DoneOperation>();
  for (const lines of readBlocksBackwards(file, end)) {
    let oldest: number | undefined;
    for (const whole of lines) {
      const line = isDamaged ? recordOn(whole) : whole;
      const [, type, time, op] = HEAD.exec(decoder.decode(line.subarray(0, HEAD_BYTES))) ?? [];
      if (time !== undefined) oldest ??= Number(time);
      if (op !== undefined) add(found, { op, at: Number(time) });
      if (type !== 'operations') continue;
      const record = decodeRecord(line) as unknown as OperationsRecord | undefined;
      for (const done of record?.done ?? []) add(found, done);
    }
    if (oldest !== undefined && oldest < since - SLACK_MS) break;
  }
  return found;
}

/** The bytes of the record on a line. */
function recordOn(line: Uint8Array): Uint8Array {
  if (decodeRecord(line) !== undefined) return line;
  return line.subarray(findRecordWithin(line)?.at ?? 0);
}

function add(found: Map<string, DoneOperation>, { op, at, records = 1 }: DoneOperation): void {
  found.set(op, { op, at, records: (found.get(op)?.records ?? 0) + records });
}

/** The lines of a file in blocks, the last block first; in a block they are in the file's order. */
function* readBlocksBackwards(file: BackendFile, fileEnd: number): Generator<Uint8Array[]> {
  let size = BLOCK_BYTES;
  for (let end = fileEnd; end > 0;) {
    const start = Math.max(end - size, 0);
    const bytes = new Uint8Array(end - start);
    file.read(bytes, start);
    // The first line of a block has most likely begun in the one before it.
    const first = start === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    if (first === bytes.length || (first === 0 && start > 0)) {
      // One line fills the whole block.
      size *= 2;
      continue;
    }
    yield splitLines(bytes.subarray(first));
    end = start + first;
    size = BLOCK_BYTES;
  }
}

function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}
