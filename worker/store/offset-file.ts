import type { HandleCache } from './handle-cache.ts';
import { hashId, messageIdOf, type MessageRecord } from './message-record.ts';
import { encodeOffsetBlock, readOffsetBlocks } from './offset-block.ts';
import { NO_MESSAGES, type MessageStats } from './message-stats.ts';
import { OffsetTable, type Location, type OffsetEntry } from './offset-table.ts';
import { decodeRecord } from './record.ts';

/** Where a session's table and its log lie. */
export interface OffsetPaths {
  readonly offsets: string;
  readonly log: string;
}

/** What was saved of a table. */
export interface SavedOffsets {
  readonly offsetFile: OffsetFile;
  readonly table: OffsetTable;
  /** What is counted of the messages that the table covers. */
  readonly stats: MessageStats;
  /** What the table covers. */
  readonly covered: Committed;
}

/** A beginning of a log: its bytes, and the sequence number of the last record in them. */
export interface Committed {
  readonly end: number;
  readonly lastSeq: number;
}

/** A log up to the end of one of its records. */
export function endOf({ offset, length }: Location, lastSeq: number): Committed {
  return { end: offset + length, lastSeq };
}

/**
 * The offset table as it is kept beside the log, so that an opening need not read the log. Nothing
 * depends on it: it is appended to after the log's records are durable, it is never flushed for its
 * own sake, and it is dropped whenever it does not fit the log.
 */
export class OffsetFile {
  readonly #path: string;
  readonly #files: HandleCache;
  /** Bytes of the file that are of use. */
  #size: number;
  /** Applied to the table, not yet in the file; in the order in which they were committed. */
  #unsaved: OffsetEntry[] = [];
  #saving: Promise<void> = Promise.resolve();

  private constructor(path: string, files: HandleCache, size: number) {
    this.#path = path;
    this.#files = files;
    this.#size = size;
  }

  /** The saved table, or an empty one when there is none or it does not belong to the log. */
  static async load(paths: OffsetPaths, files: HandleCache): Promise<SavedOffsets> {
    const table = new OffsetTable();
    const saved = await files.use(paths.offsets, (file) =>
      readOffsetBlocks(file, (entry) => table.apply(entry)),
    );
    if (saved?.last !== undefined) {
      const { last, covered, lastSeq, stats, size } = saved;
      const record = await files.use(paths.log, (file) => {
        if (file.size() < covered) return undefined;
        const line = new Uint8Array(last.length);
        file.read(line, last.offset);
        return decodeRecord(line);
      });
      // A log that lost its end to a power cut and grew again would be misread without this check.
      const fits =
        record?.seq === lastSeq &&
        hashId(messageIdOf(record as unknown as MessageRecord)) === last.hash &&
        last.offset + last.length === covered;
      if (fits) {
        const offsetFile = new OffsetFile(paths.offsets, files, size);
        return { offsetFile, table, stats, covered: { end: covered, lastSeq } };
      }
    }
    return {
      offsetFile: OffsetFile.create(paths.offsets, files),
      table: new OffsetTable(),
      stats: NO_MESSAGES,
      covered: { end: 0, lastSeq: 0 },
    };
  }

  /** A file that is written anew, whatever it holds. */
  static create(path: string, files: HandleCache): OffsetFile {
    return new OffsetFile(path, files, 0);
  }

  /** Bytes of the file that are of use. */
  get size(): number {
    return this.#size;
  }

  /** Entries that are not saved. */
  get unsavedCount(): number {
    return this.#unsaved.length;
  }

  add(entry: OffsetEntry): void {
    this.#unsaved.push(entry);
  }

  /**
   * Saves the entries whose records are durable. A failure loses nothing but time at the next
   * opening, so it is no reason for the caller to fail.
   *
   * @param committed up to where, and to which sequence number, the log is durable
   * @param stats what is counted of the messages up to there
   */
  save(committed: Committed, stats: MessageStats): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save(committed, stats)).catch(() => undefined);
    return this.#saving;
  }

  /** Resolves when nothing is being saved. */
  async idle(): Promise<void> {
    await this.#saving;
  }

  async #save({ end, lastSeq }: Committed, stats: MessageStats): Promise<void> {
    const pending = this.#unsaved.findIndex(({ offset }) => offset >= end);
    // A copy: more are added while the file is being opened.
    const entries = this.#unsaved.slice(0, pending === -1 ? undefined : pending);
    if (entries.length === 0) return;
    const block = encodeOffsetBlock(entries, end, lastSeq, stats);
    const start = this.#size;
    await this.#files.useCreating(this.#path, (file) => {
      // What lies behind is a block that was cut short, or a table that did not fit the log.
      if (file.size() > start) file.truncate(start);
      file.write(block, start);
    });
    this.#size = start + block.length;
    this.#unsaved = this.#unsaved.slice(entries.length);
  }
}
