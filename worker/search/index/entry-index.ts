import type { TextAnalyzer } from '../analysis/analyzer.ts';
import { ENTRY_TYPES, type EntryType } from '../entry.ts';
import { DamagedIndexError } from '../segments/checked-file.ts';
import type { VectorFormat } from '../vectors/vector-block.ts';
import { EntrySet, type TokenizedEntry } from './entry-set.ts';
import type { IndexFiles } from './index-files.ts';
import { Manifest, type IndexCommit, type IndexState } from './manifest.ts';
import type { Place } from './place.ts';
import { segmentFile, StoredSegment } from './stored-segment.ts';

/** What is in memory is written to a file once it has so many documents, or takes so many bytes. */
const MAX_MEMORY_DOCUMENTS = 8_192;
const MAX_MEMORY_BYTES = 8_388_608;

/** A change of the entries of one owner, which a query sees whole or not at all. */
export interface EntryChange {
  readonly type: EntryType;
  readonly ownerKey: string;
  /** What is there is to go: these numbers, or all of the owner. */
  readonly remove: readonly number[] | 'all';
  readonly add: readonly TokenizedEntry[];
}

/**
 * The index of one user on the disk: segments that never change, what came since in memory, and a
 * manifest that says what counts. A commit writes the latter two; what was not committed before a
 * crash is read from the logs again, since the manifest says how far it covers them.
 *
 * Changes and commits come one after another; merges may go on beside them.
 */
export class EntryIndex {
  readonly analyzer: TextAnalyzer;
  readonly files: IndexFiles;
  readonly sets: Readonly<Record<EntryType, EntrySet>>;
  /** By session key; without a place, a log is followed from its beginning. */
  readonly #places: Map<string, Place>;
  /** By the key of the document: what tells its text from an earlier one. */
  readonly #documents: Map<string, string>;
  readonly #manifest: Manifest;
  readonly #changedPlaces = new Set<string>();
  readonly #changedDocuments = new Set<string>();
  /** Of which everything was taken out since the last commit, whatever came in again. */
  readonly #clearedPlaces = new Set<string>();
  readonly #clearedDocuments = new Set<string>();
  #nextNumber: number;
  /** The commit that is under way. */
  #committing: Promise<void> = Promise.resolve();

  private constructor(
    analyzer: TextAnalyzer,
    files: IndexFiles,
    manifest: Manifest,
    segments: readonly StoredSegment[],
    nextNumber: number,
  ) {
    this.analyzer = analyzer;
    this.files = files;
    this.#manifest = manifest;
    this.#nextNumber = nextNumber;
    const ofType = (type: EntryType) => segments.filter((segment) => segment.type === type);
    this.sets = {
      message: new EntrySet('message', files, ofType('message')),
      document: new EntrySet('document', files, ofType('document')),
    };
    this.#places = new Map(manifest.state.places);
    this.#documents = new Map(manifest.state.documents);
  }

  /**
   * Opens what is there, empty when there is nothing or it was made by another analyzer.
   *
   * @throws DamagedIndexError when it cannot be used
   */
  static async open(files: IndexFiles, analyzer: TextAnalyzer): Promise<EntryIndex> {
    const names = await files.list();
    const manifest = await Manifest.open(files, names, analyzer.stamp);
    const segments = await openSegments(files, manifest.state);
    const known = new Set([manifest.fileName, ...segments.map(({ fileName }) => fileName)]);
    const numbers = new Set(segments.map(({ number }) => number));
    let nextNumber = 0;
    for (const name of names) {
      const number = Number.parseInt(name, 10);
      if (number >= nextNumber) nextNumber = number + 1;
      // Vectors go with their segment; which model they must be of is for others to say.
      const isVectors = !name.endsWith('.segment') && numbers.has(number);
      if (known.has(name)) continue;
      if (isVectors) await files.use(name, () => undefined);
      else await files.remove(name);
    }
    return new EntryIndex(analyzer, files, manifest, segments, nextNumber);
  }

  /** Entries that count. */
  get size(): number {
    return ENTRY_TYPES.reduce((sum, type) => sum + this.sets[type].size, 0);
  }

  get segments(): readonly StoredSegment[] {
    return ENTRY_TYPES.flatMap((type) => this.sets[type].segments);
  }

  get places(): ReadonlyMap<string, Place> {
    return this.#places;
  }

  get documents(): ReadonlyMap<string, string> {
    return this.#documents;
  }

  /** Of the vectors that there are in files. */
  get vectorFormat(): VectorFormat | undefined {
    return this.#manifest.state.vectors;
  }

  /** `null`: nothing of it is left. */
  setPlace(key: string, place: Place | null): void {
    if (place === null) {
      this.#places.delete(key);
      this.#clearedPlaces.add(key);
    } else {
      this.#places.set(key, place);
    }
    this.#changedPlaces.add(key);
  }

  /** `null`: nothing of it is left. */
  setDocument(key: string, stamp: string | null): void {
    if (stamp === null) {
      this.#documents.delete(key);
      this.#clearedDocuments.add(key);
    } else {
      this.#documents.set(key, stamp);
    }
    this.#changedDocuments.add(key);
  }

  /**
   * Applies a change; `then` runs in the same turn of the event loop, so that nobody sees the one
   * without the other. Gives up when `isCurrent` says so by then.
   */
  async change(
    { type, ownerKey, remove, add }: EntryChange,
    isCurrent: () => boolean,
    then: () => void,
  ): Promise<boolean> {
    const set = this.sets[type];
    const victims =
      remove === 'all' ? await set.findAll(ownerKey) : await set.find(ownerKey, remove);
    if (!isCurrent()) return false;
    for (const kill of victims) kill();
    for (const entry of add) set.add(entry);
    then();
    return true;
  }

  /** Whether so much is in memory that it should be committed before more comes. */
  get isFull(): boolean {
    return ENTRY_TYPES.some((type) => {
      const { memory } = this.sets[type];
      return memory.documentCount >= MAX_MEMORY_DOCUMENTS || memory.bytes >= MAX_MEMORY_BYTES;
    });
  }

  /** Whether a commit would change anything. */
  get isDirty(): boolean {
    return this.#changedPlaces.size > 0 || this.#changedDocuments.size > 0;
  }

  /** A number that no file of the index has. */
  takeNumber(): number {
    return this.#nextNumber++;
  }

  /** Makes durable what is in memory, with the places up to which it is complete. */
  async commit(): Promise<void> {
    const numbers = ENTRY_TYPES.map(() => this.takeNumber());
    const written: (() => void)[] = [];
    try {
      for (const [index, type] of ENTRY_TYPES.entries()) {
        written.push(await this.#writeMemory(this.sets[type], numbers[index] ?? 0));
      }
    } catch (error) {
      // On a full disk what was written must not stay.
      for (const number of numbers) {
        await this.files.remove(segmentFile(number)).catch(() => undefined);
      }
      throw error;
    }
    const [places, documents] = [[...this.#changedPlaces], [...this.#changedDocuments]];
    await this.#commit(() => {
      for (const takeOver of written) takeOver();
      this.#clearedPlaces.clear();
      this.#clearedDocuments.clear();
      return {
        places: new Map(places.map((key) => [key, this.#places.get(key) ?? null])),
        documents: new Map(documents.map((key) => [key, this.#documents.get(key) ?? null])),
      };
    });
    for (const key of places) this.#changedPlaces.delete(key);
    for (const key of documents) this.#changedDocuments.delete(key);
  }

  /** Makes it durable which segments there are, and which of their documents count. */
  commitSegments(changes: Pick<IndexCommit, 'vectors'> = {}): Promise<void> {
    // What was taken out goes with its place: a place says that everything before it is indexed.
    return this.#commit(() => ({
      ...changes,
      places: new Map([...this.#clearedPlaces].map((key) => [key, null])),
      documents: new Map([...this.#clearedDocuments].map((key) => [key, null])),
    }));
  }

  /** @param prepare runs in the turn in which the segments are listed: a merge commits in between */
  #commit(prepare: () => Omit<IndexCommit, 'segments'>): Promise<void> {
    const commit = this.#committing.then(() => {
      const changes = prepare();
      const segments = this.segments.map((segment) => segment.toEntry());
      return this.#manifest.commit({ ...changes, segments });
    });
    this.#committing = commit.catch(() => undefined);
    return commit;
  }

  /** @returns what makes the file count, in the place of what is in memory */
  async #writeMemory(set: EntrySet, number: number): Promise<() => void> {
    if (set.memory.documentCount === 0) return () => undefined;
    const name = segmentFile(number);
    const segment = await this.files.useCreating(name, async (file) => {
      const documents = await set.memory.write(file, {
        analyzer: this.analyzer.stamp,
        isDead: (document) => !set.isLiveInMemory(document),
      });
      const isEmpty = documents.every((document) => document === -1);
      return isEmpty ? undefined : StoredSegment.ofNew(number, set.type, file);
    });
    if (segment === undefined) await this.files.remove(name);
    return () => set.memoryWasWritten(segment);
  }
}

async function openSegments(files: IndexFiles, { segments }: IndexState): Promise<StoredSegment[]> {
  const opened: StoredSegment[] = [];
  for (const entry of segments) {
    const name = segmentFile(entry.number);
    const segment = await files.use(name, (file) => StoredSegment.open(entry, file));
    if (segment === null) throw new DamagedIndexError(`${name} is missing.`);
    opened.push(segment);
  }
  return opened;
}
