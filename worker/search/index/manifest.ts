import type { RecordBody } from '../../store/record.ts';
import { decodeRecord, encodeRecord } from '../../store/record.ts';
import { readLines } from '../../store/log-scan.ts';
import type { EntryType } from '../entry.ts';
import type { VectorFormat } from '../vectors/vector-block.ts';
import { IndexStoppedError, type IndexFiles } from './index-files.ts';
import type { Place } from './place.ts';

/** Raised whenever what an older release wrote cannot be read any more: it is then made anew. */
const FORMAT = 1;

/** Appended records may take this much more than the whole, before the whole is written anew. */
const MAX_GROWTH = 4;
const FREE_BYTES = 65_536;

/** A segment that counts. */
export interface SegmentEntry {
  readonly number: number;
  readonly type: EntryType;
  /** Of the file, so that no other one is taken for it. */
  readonly checksum: number;
  /** Documents that do not count any more, as base64 of a bitmap; absent when there are none. */
  readonly dead?: string;
}

/** What an index consists of; everything else in its folder is left over. */
export interface IndexState {
  readonly segments: readonly SegmentEntry[];
  /** By session key. */
  readonly places: ReadonlyMap<string, Place>;
  /** By the key of the document: what tells its text from an earlier one. */
  readonly documents: ReadonlyMap<string, string>;
  /** Of the vectors that there are. */
  readonly vectors: VectorFormat | undefined;
}

/** What a commit changes: all segments, and the places and documents that are others than before. */
export interface IndexCommit {
  readonly segments: readonly SegmentEntry[];
  /** `null`: forgotten. */
  readonly places: ReadonlyMap<string, Place | null>;
  readonly documents: ReadonlyMap<string, string | null>;
  /** Absent: as before. */
  readonly vectors?: VectorFormat | undefined;
}

interface CommitRecord extends RecordBody {
  readonly type: 'commit';
  /** Set in the first record of a file, which stands for itself. */
  readonly whole?: { readonly format: number; readonly analyzer: string };
  readonly segments: readonly SegmentEntry[];
  readonly places: Readonly<Record<string, Place | null>>;
  readonly documents: Readonly<Record<string, string | null>>;
  readonly vectors?: VectorFormat;
}

const NAME = /^manifest-(\d+)\.jsonl$/;

/**
 * Says which files an index consists of and what they cover. Each commit appends a record with a
 * checksum; from time to time the whole is written into the next file, which counts as soon as its
 * first record is there. What a crash left half-written is passed over: the commit before it counts.
 */
export class Manifest {
  readonly #files: IndexFiles;
  readonly #analyzer: string;
  #places: Map<string, Place>;
  #documents: Map<string, string>;
  #segments: readonly SegmentEntry[];
  #vectors: VectorFormat | undefined;
  #number: number;
  #end: number;
  #wholeBytes: number;
  #seq = 0;
  /** Whether the last commit failed, so that the file lacks what was taken over in memory. */
  #isBehind = false;

  private constructor(files: IndexFiles, analyzer: string, number: number) {
    this.#files = files;
    this.#analyzer = analyzer;
    this.#number = number;
    this.#places = new Map();
    this.#documents = new Map();
    this.#segments = [];
    this.#end = 0;
    this.#wholeBytes = 0;
  }

  /**
   * Reads the newest manifest that is readable.
   *
   * @param names of the files in the folder
   * @param analyzer the stamp of the analyzer that is to be used; an index of another one is void
   */
  static async open(
    files: IndexFiles,
    names: readonly string[],
    analyzer: string,
  ): Promise<Manifest> {
    const numbers = names
      .map((name) => Number(NAME.exec(name)?.[1] ?? -1))
      .filter((number) => number >= 0)
      .sort((a, b) => b - a);
    for (const number of numbers) {
      const manifest = new Manifest(files, analyzer, number);
      const isReadable = await files.use(nameOf(number), (file) => {
        for (const { offset, line } of readLines(file, 0, file.size())) {
          const record = decodeRecord(line) as CommitRecord | undefined;
          if (record === undefined || !manifest.#replay(record, offset + line.length)) break;
        }
        return manifest.#end > 0;
      });
      if (isReadable === true) return manifest;
    }
    return new Manifest(files, analyzer, (numbers[0] ?? -1) + 1);
  }

  get state(): IndexState {
    return {
      segments: this.#segments,
      places: this.#places,
      documents: this.#documents,
      vectors: this.#vectors,
    };
  }

  /** The name of the file that it is in; others of its kind are left over. */
  get fileName(): string {
    return nameOf(this.#number);
  }

  static isManifest(name: string): boolean {
    return NAME.test(name);
  }

  /** Makes a change part of the index, durably. Only one at a time; the next makes good for one that failed. */
  async commit(commit: IndexCommit): Promise<void> {
    this.#apply(commit);
    const hasGrown = this.#end > MAX_GROWTH * this.#wholeBytes + FREE_BYTES;
    const needsWhole = this.#end === 0 || hasGrown || this.#isBehind;
    this.#isBehind = true;
    if (needsWhole) await this.#writeWhole();
    else await this.#write(this.#recordOf(commit));
    this.#isBehind = false;
  }

  #apply({ segments, places, documents, vectors }: IndexCommit): void {
    this.#segments = segments;
    if (vectors !== undefined) this.#vectors = vectors;
    applyChanges(this.#places, places);
    applyChanges(this.#documents, documents);
  }

  /** Whether it follows from what was read before it. */
  #replay(record: CommitRecord, end: number): boolean {
    const { whole, segments, places, documents, vectors } = record;
    if (this.#end === 0) {
      if (whole?.format !== FORMAT || whole.analyzer !== this.#analyzer) return false;
      this.#wholeBytes = end;
    }
    this.#apply({
      segments,
      places: new Map(Object.entries(places)),
      documents: new Map(Object.entries(documents)),
      vectors,
    });
    this.#end = end;
    this.#seq++;
    return true;
  }

  #recordOf({ segments, places, documents, vectors }: IndexCommit): CommitRecord {
    return {
      type: 'commit',
      segments,
      places: Object.fromEntries(places),
      documents: Object.fromEntries(documents),
      ...(vectors === undefined ? {} : { vectors }),
    };
  }

  async #writeWhole(): Promise<void> {
    const before = this.#end > 0 ? this.fileName : undefined;
    if (before !== undefined) this.#number++;
    this.#end = 0;
    this.#seq = 0;
    const whole = { format: FORMAT, analyzer: this.#analyzer };
    await this.#write({ ...this.#recordOf(this.state), whole });
    this.#wholeBytes = this.#end;
    // It is left over from now on; whoever opens the index next passes it over.
    if (before !== undefined) await this.#files.remove(before).catch(onlyWhileRunning);
  }

  async #write(record: CommitRecord): Promise<void> {
    const line = encodeRecord(++this.#seq, 0, record);
    await this.#files.useCreating(this.fileName, async (file) => {
      // A torn record may lie there still.
      if (file.size() > this.#end) file.truncate(this.#end);
      file.write(line, this.#end);
      await file.flush();
    });
    this.#end += line.length;
  }
}

function nameOf(number: number): string {
  return `manifest-${number}.jsonl`;
}

function applyChanges<T>(target: Map<string, T>, changes: ReadonlyMap<string, T | null>): void {
  for (const [key, value] of changes) {
    if (value === null) target.delete(key);
    else target.set(key, value);
  }
}

function onlyWhileRunning(error: unknown): void {
  if (error instanceof IndexStoppedError) throw error;
}
