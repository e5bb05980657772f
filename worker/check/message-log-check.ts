import type { BackendFile } from '../backend/backend.ts';
import { messagesFile, offsetsFile } from '../store/layout.ts';
import { findLogFile } from '../store/log-file.ts';
import { scanLog, type DamagedRange, type LocatedRecord } from '../store/log-scan.ts';
import { hashId, messageIdOf, type MessageRecord } from '../store/message-record.ts';
import { readOffsetBlocks } from '../store/offset-block.ts';
import type { OffsetEntry } from '../store/offset-table.ts';
import type { CheckSource, View } from './source.ts';

/** Bytes that are read before others get their turn. */
const SLICE_BYTES = 1_048_576;

/** How often a log is begun anew that is rewritten while it is being read. */
const ATTEMPTS = 3;

const OFFSET_HEADER_BYTES = 32;
const OFFSET_ENTRY_BYTES = 24;

/** What a session's messages come to, by looking at every record. */
export interface CheckedLog {
  /** The file that was read. */
  readonly path: string;
  readonly bytes: number;
  /** Messages that are not deleted. */
  readonly live: number;
  readonly damaged: readonly DamagedRange[];
  /** What is left of a rewriting, or of what was rewritten. */
  readonly leftover?: string;
  readonly offsets: {
    readonly path: string;
    /** 0 where there is no table. */
    readonly bytes: number;
    /** Whether a table that is there says something else than the log does. */
    readonly isWrong: boolean;
  };
}

/**
 * Reads a session's log from one end to the other, in slices between which others have their turn,
 * and compares the offset table with it. What is added meanwhile is not looked at.
 *
 * @returns a generator of bytes read, which ends with `null` where there is no log
 */
export async function* checkMessageLog(
  source: CheckSource,
  spaceId: string,
  folder: string,
  sessionId: string,
): AsyncGenerator<number, CheckedLog | null> {
  const path = messagesFile(folder, sessionId);
  for (let attempt = 1; ; attempt++) {
    const begun = await source.turn(spaceId, (view) => begin(view, path));
    if (begun === null) return null;
    const reader = new LogReader(begun);
    // One that is rewritten again and again is read without a break.
    const sliceBytes = attempt < ATTEMPTS ? SLICE_BYTES : Infinity;
    for (;;) {
      const read = await source.turn(spaceId, async (view) => {
        const now = await findLogFile(path, view.files);
        if (now.path !== begun.path || now.epoch !== begun.epoch) return null;
        return view.files.use(begun.path, (file) => reader.step(file, sliceBytes));
      });
      if (read === null) break;
      yield read;
      if (reader.isDone) return reader.result();
    }
    if (attempt > ATTEMPTS) return null;
  }
}

interface Begun {
  readonly path: string;
  readonly epoch: number;
  readonly leftover?: string;
  readonly bytes: number;
  readonly offsets: SavedTable;
}

interface SavedTable {
  readonly path: string;
  readonly bytes: number;
  readonly covered: number;
  /** By where the record lies. */
  readonly entries: Map<number, OffsetEntry>;
  readonly isDamaged: boolean;
}

async function begin(view: View, path: string): Promise<Begun | null> {
  const { path: found, epoch, leftover } = await findLogFile(path, view.files);
  const bytes = await view.files.use(found, (file) => file.size());
  if (bytes === null) return null;
  const offsetsPath = offsetsFile(found);
  const none = { bytes: 0, covered: 0, entries: new Map<number, OffsetEntry>(), isDamaged: false };
  const offsets = (await view.files.use(offsetsPath, readTable)) ?? none;
  return {
    path: found,
    epoch,
    ...(leftover === undefined ? {} : { leftover }),
    bytes,
    offsets: { ...offsets, path: offsetsPath },
  };
}

function readTable(file: BackendFile): Omit<SavedTable, 'path'> {
  const entries = new Map<number, OffsetEntry>();
  const { covered, size } = readOffsetBlocks(file, (entry) => entries.set(entry.offset, entry));
  return { bytes: file.size(), covered, entries, isDamaged: hasWholeBlockAt(file, size) };
}

/** A block that is longer than what is left of the file was cut short by a crash, which is no damage. */
function hasWholeBlockAt(file: BackendFile, at: number): boolean {
  const rest = file.size() - at;
  if (rest < OFFSET_HEADER_BYTES) return false;
  const header = new Uint8Array(OFFSET_HEADER_BYTES);
  file.read(header, at);
  const view = new DataView(header.buffer);
  const entryBytes = view.getUint32(4, true) * OFFSET_ENTRY_BYTES;
  return OFFSET_HEADER_BYTES + entryBytes + view.getUint32(28, true) <= rest;
}

/** Goes through a log, slice by slice, as recovery would read it. */
class LogReader {
  readonly #begun: Begun;
  readonly #liveIds = new Set<string>();
  readonly #damaged: DamagedRange[] = [];
  /** Of the table, what no record was met for yet. */
  readonly #unmet: Map<number, OffsetEntry>;
  #isTableWrong: boolean;
  #at = 0;
  #lastSeq = 0;
  isDone = false;

  constructor(begun: Begun) {
    this.#begun = begun;
    this.#unmet = new Map(begun.offsets.entries);
    this.#isTableWrong = begun.offsets.isDamaged || begun.offsets.covered > begun.bytes;
  }

  /** Reads on; gives how many bytes it has read. */
  step(file: BackendFile, maxBytes: number): number {
    const { bytes } = this.#begun;
    const from = this.#at;
    for (let size = maxBytes; ; size *= 2) {
      const limit = Math.min(from + size, bytes);
      const scan = scanLog(
        bounded(file, limit),
        from,
        (located) => this.#meet(located),
        this.#lastSeq,
      );
      this.isDone = limit >= bytes;
      // What is damaged at the end of a slice is not known to be before what follows is read.
      const known = this.isDone ? Infinity : scan.end;
      this.#damaged.push(...scan.damaged.filter(({ offset }) => offset < known));
      this.#at = this.isDone ? bytes : scan.end;
      this.#lastSeq = Math.max(this.#lastSeq, scan.lastSeq);
      // Else nothing was accepted: one batch, or damage, is longer than the slice.
      if (this.#at > from || this.isDone) return this.#at - from;
    }
  }

  result(): CheckedLog {
    const { path, bytes, leftover, offsets } = this.#begun;
    const isInDamage = ({ offset }: OffsetEntry) =>
      this.#damaged.some((range) => offset >= range.offset && offset < range.offset + range.length);
    const isWrong = this.#isTableWrong || ![...this.#unmet.values()].every(isInDamage);
    return {
      path,
      bytes,
      live: this.#liveIds.size,
      damaged: this.#damaged,
      ...(leftover === undefined ? {} : { leftover }),
      offsets: { path: offsets.path, bytes: offsets.bytes, isWrong },
    };
  }

  #meet({ record, offset, length }: LocatedRecord): void {
    if (record.type === 'epoch') return;
    const found = record as unknown as MessageRecord;
    if (found.type === 'delete') this.#liveIds.delete(found.messageId);
    // Where the first record of a message is damaged, its edit stands for it.
    else if (found.type === 'message' || found.type === 'edit') {
      this.#liveIds.add(found.message.messageId);
    } else return;
    const entry = this.#unmet.get(offset);
    this.#unmet.delete(offset);
    if (entry === undefined) {
      // An edit of what is deleted, which a rewriting may bring, has none.
      this.#isTableWrong ||= found.type !== 'edit' && offset < this.#begun.offsets.covered;
      return;
    }
    this.#isTableWrong ||= entry.length !== length || entry.hash !== hashId(messageIdOf(found));
  }
}

/** The beginning of a file. */
function bounded(file: BackendFile, end: number): BackendFile {
  return {
    ...file,
    size: () => Math.min(end, file.size()),
    read: (into, at) =>
      file.read(into.subarray(0, Math.max(Math.min(into.length, end - at), 0)), at),
  };
}
