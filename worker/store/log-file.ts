import type { BackendFile } from '../backend/backend.ts';
import type { HandleCache } from './handle-cache.ts';
import { decodeRecord, encodeRecord, encodeRecordView, type RecordBody } from './record.ts';

/**
 * A log that is compacted is written anew, into the other one of two files: `x.jsonl` and
 * `x.alt.jsonl`. Renaming would be the usual way, but OPFS has no rename that works everywhere.
 *
 * The first line of a file that was written so is its header, with the epoch: how often the log has
 * been rewritten. The header is written last, after everything behind it is flushed; until then its
 * place holds zeros. So a file with a header is whole, and of two files the one with the higher epoch
 * counts. A crash at any point leaves one of them whole.
 */
interface EpochHeader extends RecordBody {
  readonly type: 'epoch';
  /** Digits of a fixed number, so that the header has a fixed length. */
  readonly epoch: string;
}

const EPOCH_DIGITS = 12;

/** Bytes of the header. */
export const HEADER_BYTES = encodeHeader(1).length;

/** The epoch of a file whose rewriting was not finished. */
const UNFINISHED = -1;

function encodeHeader(epoch: number): Uint8Array {
  const header: EpochHeader = { type: 'epoch', epoch: String(epoch).padStart(EPOCH_DIGITS, '0') };
  return encodeRecord(0, 0, header);
}

/** The other one of the two files that a log may lie in. */
function alternateOf(path: string): string {
  return path.endsWith('.alt.jsonl')
    ? path.replace(/\.alt\.jsonl$/, '.jsonl')
    : path.replace(/\.jsonl$/, '.alt.jsonl');
}

/** 0 for a log that was never rewritten, and for one whose header is damaged. */
function readEpoch(file: BackendFile): number {
  const bytes = new Uint8Array(HEADER_BYTES);
  const length = file.read(bytes, 0);
  if (length > 0 && bytes[0] === 0) return UNFINISHED;
  const record = decodeRecord(bytes.subarray(0, length));
  return record?.type === 'epoch' ? Number((record as unknown as EpochHeader).epoch) : 0;
}

/** Which file holds a log. */
export interface LogFile {
  readonly path: string;
  readonly epoch: number;
  /** The other file, where it is there: an unfinished rewriting, or what a finished one left. */
  readonly leftover?: string;
}

/** Finds out which of its two files holds a log; the first one when there is neither. */
export async function findLogFile(path: string, files: HandleCache): Promise<LogFile> {
  const alternate = alternateOf(path);
  const epochOfAlternate = await files.use(alternate, readEpoch);
  const epoch = await files.use(path, readEpoch);
  if (epochOfAlternate === null) return { path, epoch: Math.max(epoch ?? 0, 0) };
  // A log is removed only when the other file is whole, so a single one is the log, come what may.
  if (epoch === null) return { path: alternate, epoch: Math.max(epochOfAlternate, 0) };
  return epochOfAlternate > epoch
    ? { path: alternate, epoch: epochOfAlternate, leftover: path }
    : { path, epoch, leftover: alternate };
}

/** Where a record of a rewritten log came to lie. */
interface Placement {
  readonly offset: number;
  readonly length: number;
}

/** A log that is being written anew beside the one that is in use. */
export class LogRewrite {
  readonly path: string;
  readonly #files: HandleCache;
  readonly #epoch: number;
  /** What is appended on its way to the file. */
  #buffer = new Uint8Array(0);
  #end = HEADER_BYTES;
  #lastSeq = 0;

  private constructor(path: string, epoch: number, files: HandleCache) {
    this.path = path;
    this.#epoch = epoch;
    this.#files = files;
  }

  /** Begins to rewrite a log; the file of an earlier attempt is emptied. */
  static begin(current: LogFile, files: HandleCache): Promise<LogRewrite> {
    return LogRewrite.#create(alternateOf(current.path), current.epoch + 1, files);
  }

  /** Begins a log where there is none. */
  static fresh(path: string, files: HandleCache): Promise<LogRewrite> {
    return LogRewrite.#create(path, 1, files);
  }

  static async #create(path: string, epoch: number, files: HandleCache): Promise<LogRewrite> {
    await files.useCreating(path, (file) => file.truncate(0));
    return new LogRewrite(path, epoch, files);
  }

  /** Where the next record will lie. */
  get end(): number {
    return this.#end;
  }

  /** The sequence number of the last record. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Appends records, one call after another; nothing is durable before {@link commit}. */
  async append(bodies: readonly RecordBody[]): Promise<Placement[]> {
    const start = this.#end;
    let length = 0;
    const placements = bodies.map((body) => {
      const line = encodeRecordView(++this.#lastSeq, 0, body);
      this.#reserve(length + line.length, length);
      this.#buffer.set(line, length);
      const offset = start + length;
      length += line.length;
      return { offset, length: line.length };
    });
    const bytes = this.#buffer.subarray(0, length);
    await this.#files.useCreating(this.path, (file) => file.write(bytes, start));
    this.#end = start + length;
    return placements;
  }

  /** Makes room for so many bytes, of which the first are kept. */
  #reserve(length: number, kept: number): void {
    if (this.#buffer.length >= length) return;
    const larger = new Uint8Array(2 * length);
    larger.set(this.#buffer.subarray(0, kept));
    this.#buffer = larger;
  }

  /** Makes the new file the log. It is whole and durable when this resolves. */
  async commit(): Promise<void> {
    await this.#files.useCreating(this.path, async (file) => {
      await file.flush();
      try {
        file.write(encodeHeader(this.#epoch), 0);
        await file.flush();
      } catch (error) {
        takeBack(file);
        throw error;
      }
    });
  }

  /** Removes what was written; the log is as it was. Only when {@link commit} has not resolved. */
  async abandon(): Promise<void> {
    await this.#files.remove(this.path);
  }
}

/** A header that stayed would make this the log, behind the back of whoever goes on with the other. */
function takeBack(file: BackendFile): void {
  try {
    file.truncate(0);
  } catch {
    // The error that led here is the one to report.
  }
}
