import { FFQuotaExceededError } from '../../src/shared/errors.ts';
import type { BackendFile } from '../backend/backend.ts';
import type { HandleCache } from './handle-cache.ts';
import { findLogFile, type LogFile } from './log-file.ts';
import { scanLog, type DamagedRange, type LocatedRecord, type ScanResult } from './log-scan.ts';
import { nextTask } from '../next-task.ts';
import { encodeRecord, type RecordBody } from './record.ts';
import { isFreeing, type Reserve } from './reserve.ts';

/** What a log needs from the store it belongs to. */
export interface LogContext {
  readonly files: HandleCache;
  /** Whether every commit flushes, see `storage.durability` and `Backend.keepsUnflushedWrites`. */
  readonly flushCommits: boolean;
  /** Told of damage that was found, before the log is used. */
  onDamage(path: string, ranges: readonly DamagedRange[]): Promise<void>;
  /** Room for what frees room, where there is any. */
  readonly reserve?: Reserve;
}

/** Where an appended record came to lie. */
export interface Placement {
  readonly seq: number;
  readonly offset: number;
  readonly length: number;
}

/** An append on its way to the disk. */
export interface Append {
  readonly placements: readonly Placement[];
  /** Resolves when the records are durable; rejects when none of them was kept. */
  readonly committed: Promise<void>;
}

interface PendingBatch {
  readonly lines: readonly Uint8Array[];
  /** Whether it may use what is reserved. */
  readonly isFreeing: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * An append-only log of records in one file. Batches that arrive while the thread is busy are
 * written with one `write` and made durable with one `flush` (group commit), in the order in which
 * they were appended.
 *
 * A commit that fails is taken back, and the log is {@link failed} from then on: whoever keeps state
 * beside it must open both anew, because that state has run ahead of the file.
 */
export class RecordLog {
  /** The file that holds the log, see {@link findLogFile}. */
  readonly file: LogFile;
  /**
   * Whether something is missing that may have been promised. What a power cut has left of a write that
   * had not ended is not: to complete a list from the files for it would bring half of a call into effect.
   */
  readonly isDamaged: boolean;
  readonly #context: LogContext;
  /** Bytes that are committed: the file's size, but for a torn end that is yet to be cut. */
  #committedEnd: number;
  #committedSeq: number;
  /** Where the next record will lie, once everything pending is written. */
  #end: number;
  #lastSeq: number;
  #pending: PendingBatch[] = [];
  /** Whether a batch may lie there of which no later record says that it was flushed. */
  #isInDoubt = true;
  /** Whether what was appended last is flushed before more is written. */
  #isFlushed = false;
  /** The commits that are under way; it never rejects. */
  #committing: Promise<void> | undefined;
  #failure: unknown;

  private constructor(file: LogFile, context: LogContext, { end, lastSeq, damaged }: ScanResult) {
    this.file = file;
    this.isDamaged = damaged.some(({ isTorn }) => isTorn !== true);
    this.#context = context;
    this.#committedEnd = end;
    this.#committedSeq = lastSeq;
    this.#end = end;
    this.#lastSeq = lastSeq;
  }

  /**
   * Opens a log and gives its records, in order, to `onRecord`. What a crash left half-written at the
   * end is cut off; damage is reported and passed over.
   *
   * @param where the log's path, or the file that is known to hold it
   * @param known what is known of the beginning from elsewhere and need not be read again
   */
  static async open(
    where: string | LogFile,
    context: LogContext,
    onRecord: (located: LocatedRecord) => void,
    known: { readonly end: number; readonly lastSeq: number } = { end: 0, lastSeq: 0 },
  ): Promise<RecordLog> {
    const found = typeof where === 'string' ? await findLogFile(where, context.files) : where;
    const { path } = found;
    if (found.leftover !== undefined) {
      // A header that a crash kept from being flushed must not be all that a power cut takes.
      await context.files.use(path, (file) => file.flush());
      // What is left of a rewriting is in nobody's way; the next one starts over.
      await context.files.remove(found.leftover).catch(() => undefined);
    }
    const scan = await context.files.use(path, (file) =>
      scanLog(
        file,
        known.end,
        (located) => {
          if (located.record.type !== 'epoch') onRecord(located);
        },
        known.lastSeq,
      ),
    );
    if (scan === null) return new RecordLog(found, context, { end: 0, lastSeq: 0, damaged: [] });
    // First, because damage at the end is cut off with the rest.
    if (scan.damaged.length > 0) await context.onDamage(path, scan.damaged);
    await context.files.use(path, (file) => {
      // Appending behind a torn line would glue the new record to it.
      if (file.size() > scan.end) file.truncate(scan.end);
    });
    return new RecordLog(found, context, {
      ...scan,
      lastSeq: Math.max(known.lastSeq, scan.lastSeq),
    });
  }

  /** The sequence number of the last durable record. */
  get committedSeq(): number {
    return this.#committedSeq;
  }

  /** Where the durable records end. */
  get committedEnd(): number {
    return this.#committedEnd;
  }

  /** Where the records end once everything that was appended is on the disk. */
  get end(): number {
    return this.#end;
  }

  /** Whether a commit failed, so that the log must be opened anew. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Appends records that stand or fall together. */
  append(bodies: readonly RecordBody[]): Append {
    if (this.#failure !== undefined) {
      return { placements: [], committed: Promise.reject(this.#failure) };
    }
    const lines = this.#encode(bodies);
    const placements = lines.map((line, index): Placement => {
      const offset = this.#end;
      this.#end += line.length;
      return { seq: this.#lastSeq - (lines.length - 1 - index), offset, length: line.length };
    });
    const committed = new Promise<void>((resolve, reject) => {
      this.#pending.push({ lines, isFreeing: isFreeing(bodies), resolve, reject });
    });
    this.#committing ??= this.#commitPending();
    return { placements, committed };
  }

  #encode(bodies: readonly RecordBody[]): Uint8Array[] {
    const count = bodies.length;
    const { flushCommits } = this.#context;
    // What is pending already is written together with this.
    const vouches = this.#pending.length === 0 && this.#isFlushed && flushCommits;
    const sync = vouches && this.#isInDoubt ? { sync: 1 } : {};
    this.#isInDoubt = count > 1 || (this.#isInDoubt && !vouches);
    this.#isFlushed = flushCommits;
    const of = count > 1 ? { of: count } : {};
    return bodies.map((body, index) =>
      encodeRecord(++this.#lastSeq, count - 1 - index, {
        ...of,
        ...(index === 0 ? sync : {}),
        ...body,
      }),
    );
  }

  /** Whether something is on its way to the disk. */
  get isCommitting(): boolean {
    return this.#committing !== undefined;
  }

  /** Resolves when nothing is on its way to the disk any more, whether it got there or not. */
  async settled(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing;
  }

  /** Resolves when everything appended so far is durable; rejects when some of it was not kept. */
  async durable(): Promise<void> {
    await this.settled();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Runs a read on the file, which holds what is committed by now; `null` when there is no file. */
  read<T>(task: (file: BackendFile) => T): Promise<T | null> {
    return this.#context.files.use(this.file.path, task);
  }

  async #commitPending(): Promise<void> {
    // Calls that are waiting in the event loop by now get into the same commit.
    await nextTask();
    while (this.#pending.length > 0) {
      const batches = this.#pending;
      this.#pending = [];
      try {
        await this.#commitWith(batches);
      } catch (error) {
        this.#failure = error;
        for (const { reject } of [...batches, ...this.#pending]) reject(error);
        this.#pending = [];
        break;
      }
      for (const { resolve } of batches) resolve();
    }
    this.#committing = undefined;
  }

  async #commitWith(batches: readonly PendingBatch[]): Promise<void> {
    const lines = batches.flatMap((batch) => batch.lines);
    const { reserve } = this.#context;
    try {
      await this.#commit(lines);
    } catch (error) {
      const mayBorrow = error instanceof FFQuotaExceededError && batches.every((b) => b.isFreeing);
      if (reserve === undefined || !mayBorrow) throw error;
      await reserve.lend(() => this.#commit(lines));
    }
  }

  async #commit(lines: readonly Uint8Array[]): Promise<void> {
    const bytes = concat(lines);
    const start = this.#committedEnd;
    await this.#context.files.useCreating(this.file.path, async (file) => {
      try {
        file.write(bytes, start);
        if (this.#context.flushCommits) await file.flush();
      } catch (error) {
        takeBack(file, start);
        throw error;
      }
    });
    this.#committedEnd = start + bytes.length;
    this.#committedSeq += lines.length;
  }
}

/** Cuts a failed write off. Should even that fail, the next opening does it: the batch is torn. */
function takeBack(file: BackendFile, size: number): void {
  try {
    file.truncate(size);
  } catch {
    // The error that led here is the one to report.
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
