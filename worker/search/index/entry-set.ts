import type { Owner } from '../segments/readable-segment.ts';
import { Bitmap } from '../segments/bitmap.ts';
import { DamagedIndexError } from '../segments/checked-file.ts';
import { MemorySegment, type IndexToken } from '../segments/memory-segment.ts';
import type { SegmentReader } from '../segments/segment.ts';
import type { EntryType } from '../entry.ts';
import type { IndexFiles } from './index-files.ts';
import type { StoredSegment } from './stored-segment.ts';

/** An entry as a segment takes it: its terms, and what it can be filtered by. */
export interface TokenizedEntry extends Owner {
  readonly number: number;
  readonly role: number;
  readonly time: number;
  readonly tokens: readonly IndexToken[];
}

/** A document that is about to be taken out. */
type Victim = () => void;

/** All entries of one type: what is in files, and what came since. */
export class EntrySet {
  readonly type: EntryType;
  readonly #files: IndexFiles;
  /** The oldest first. */
  #segments: readonly StoredSegment[];
  #memory = new MemorySegment();
  #deadInMemory = new Bitmap();

  constructor(type: EntryType, files: IndexFiles, segments: readonly StoredSegment[]) {
    this.type = type;
    this.#files = files;
    this.#segments = segments;
  }

  get segments(): readonly StoredSegment[] {
    return this.#segments;
  }

  get memory(): MemorySegment {
    return this.#memory;
  }

  isLiveInMemory(document: number): boolean {
    return !this.#deadInMemory.has(document);
  }

  /** Entries that count. */
  get size(): number {
    const inMemory = this.#memory.documentCount - this.#deadInMemory.count;
    return this.#segments.reduce((sum, { liveCount }) => sum + liveCount, inMemory);
  }

  add(entry: TokenizedEntry): void {
    this.#memory.add(entry, entry.tokens);
  }

  /** Finds entries, so that they can be taken out at once. */
  async find(ownerKey: string, numbers: readonly number[]): Promise<Victim[]> {
    if (numbers.length === 0) return [];
    const victims = await this.#findInFiles((reader) =>
      numbers.map((number) => reader.find(ownerKey, number)).filter((document) => document !== -1),
    );
    // Looked for when it is their turn: the same one may be added twice in one go.
    for (const number of numbers) victims.push(() => this.#killInMemory(ownerKey, number));
    return victims;
  }

  /** Finds all entries of an owner. */
  async findAll(ownerKey: string): Promise<Victim[]> {
    const victims = await this.#findInFiles((reader) => [...reader.documentsOf(ownerKey)]);
    victims.push(() => {
      for (const document of this.#memory.documentsOf(ownerKey)) this.#deadInMemory.add(document);
    });
    return victims;
  }

  async #findInFiles(find: (reader: SegmentReader) => readonly number[]): Promise<Victim[]> {
    for (;;) {
      const segments = this.#segments;
      const victims: Victim[] = [];
      let isWhole = true;
      for (const segment of segments) {
        const found = await this.#files.use(segment.fileName, (file) =>
          find(segment.segment.reader(file)),
        );
        if (found === null) isWhole = false;
        for (const document of found ?? []) victims.push(() => segment.kill(document));
      }
      if (isWhole) return victims;
      // A merge has taken files away, and what was in them lies in another one.
      if (segments === this.#segments) throw new DamagedIndexError('A segment is missing.');
    }
  }

  #killInMemory(ownerKey: string, number: number): void {
    const document = this.#memory.find(ownerKey, number);
    if (document !== -1) this.#deadInMemory.add(document);
  }

  /** What was in memory is in a file from now on. */
  memoryWasWritten(segment: StoredSegment | undefined): void {
    if (segment !== undefined) this.#segments = [...this.#segments, segment];
    this.#memory = new MemorySegment();
    this.#deadInMemory = new Bitmap();
  }

  /** One segment, or none, stands for several from now on. */
  replace(merged: readonly StoredSegment[], by: StoredSegment | undefined): void {
    const others = this.#segments.filter((segment) => !merged.includes(segment));
    this.#segments = by === undefined ? others : [...others, by];
  }
}
