import type { Logger } from '../logger.ts';
import type { Store } from '../store/store.ts';
import type { Embedding } from './embedding.ts';
import { EntryTexts } from './entry-texts.ts';
import type { EntryIndex } from './index/entry-index.ts';
import { mergeAll, mergeOnce } from './index/merge.ts';
import { SegmentVectors } from './index/segment-vectors.ts';
import type { StoredSegment } from './index/stored-segment.ts';
import type { UserIndex } from './user-index.ts';
import { VectorMemory } from './vectors/vector-memory.ts';

/** Texts that are embedded at once. A query has to wait for one batch at most. */
const BATCH = 32;

/** The same for the model in the package, which needs a tenth of a millisecond for each. */
const STATIC_BATCH = 256;

/** What is being done for a user's index. */
interface Work {
  readonly done: Promise<void>;
  /** Whether something has come up since it looked. */
  again: boolean;
}

/**
 * What is done for the indexes behind everything else: segments are merged, and what has no vector
 * yet is embedded, the newest first. It can be interrupted anywhere, and goes on where it was.
 */
export class Upkeep {
  readonly #embedding: Embedding;
  readonly #logger: Logger;
  readonly #texts: EntryTexts;
  readonly #memory = new VectorMemory();
  readonly #workByUser = new Map<UserIndex, Work>();
  readonly #vectorsByUser = new WeakMap<UserIndex, SegmentVectors>();
  readonly #openingByUser = new WeakMap<UserIndex, Promise<SegmentVectors | undefined>>();

  constructor(store: Store, embedding: Embedding, logger: Logger) {
    this.#embedding = embedding;
    this.#logger = logger;
    this.#texts = new EntryTexts(store, logger);
  }

  get memory(): VectorMemory {
    return this.#memory;
  }

  /** Looks whether there is something to do for an index. */
  poke(user: UserIndex): void {
    const work = this.#workByUser.get(user);
    if (work !== undefined) {
      work.again = true;
      return;
    }
    const started: Work = { again: true, done: Promise.resolve().then(() => this.#run(user)) };
    this.#workByUser.set(user, started);
  }

  /** Resolves when nothing is left to do for these indexes, or the model cannot be used. */
  async whenIdle(users: readonly UserIndex[]): Promise<void> {
    for (const user of users) await this.#workByUser.get(user)?.done;
  }

  #vectorsOf(user: UserIndex): SegmentVectors | undefined {
    return this.#vectorsByUser.get(user);
  }

  /** Opens the vectors of an index; `undefined` when there are none, or no model can be used. */
  async open(user: UserIndex): Promise<SegmentVectors | undefined> {
    const known = this.#vectorsOf(user);
    if (known !== undefined) return known;
    return this.#openVectors(user, await user.entries());
  }

  /** Makes one segment of all. */
  async optimize(user: UserIndex): Promise<void> {
    await this.#workByUser.get(user)?.done;
    const entries = await user.entries();
    const work = mergeAll(entries, { vectors: this.#vectorsOf(user), signal: user.stopped });
    const done = work.catch(() => undefined);
    this.#workByUser.set(user, { again: false, done });
    try {
      await work;
    } finally {
      this.#workByUser.delete(user);
    }
  }

  /** Messages and chunks that have vectors, and that wait for one. */
  status(users: readonly UserIndex[]): { readonly embedded: number; readonly pending: number } {
    let [embedded, pending] = [0, 0];
    for (const user of users) {
      const entries = user.openEntries;
      if (entries === undefined) continue;
      const vectors = this.#vectorsOf(user);
      let ofUser = 0;
      for (const segment of entries.segments) {
        const { count = 0 } = vectors?.of(segment) ?? {};
        ofUser += Math.max(count - (segment.documentCount - segment.liveCount), 0);
      }
      embedded += ofUser;
      pending += Math.max(entries.size - ofUser, 0);
    }
    return { embedded, pending };
  }

  async #run(user: UserIndex): Promise<void> {
    try {
      for (;;) {
        const work = this.#workByUser.get(user);
        if (work !== undefined) work.again = false;
        while (await this.#step(user)) continue;
        if (work?.again !== true || user.isStopped) break;
      }
    } catch (error) {
      if (!user.isStopped) {
        this.#logger.warn(`The index of ${user.userId} could not be tidied up`, error);
      }
    } finally {
      this.#workByUser.delete(user);
    }
  }

  /** @returns whether there was something to do */
  async #step(user: UserIndex): Promise<boolean> {
    const entries = user.openEntries;
    if (user.isStopped || entries === undefined) return false;
    const vectors = await this.#openVectors(user, entries);
    if (await mergeOnce(entries, { vectors, signal: user.stopped })) return true;
    return vectors !== undefined && (await this.#embedSome(user, entries, vectors));
  }

  /** One after another: two that are opened side by side would not know of each other's rows. */
  #openVectors(user: UserIndex, entries: EntryIndex): Promise<SegmentVectors | undefined> {
    const before = this.#openingByUser.get(user) ?? Promise.resolve(undefined);
    const opening = before.then(() => this.#openCurrent(user, entries));
    this.#openingByUser.set(
      user,
      opening.catch(() => undefined),
    );
    return opening;
  }

  /** Vectors of the model in use; it is loaded only if that is the only way to know them. */
  async #openCurrent(user: UserIndex, entries: EntryIndex): Promise<SegmentVectors | undefined> {
    const embedding = this.#embedding;
    const known = this.#vectorsOf(user);
    if (embedding.isOff || embedding.isResting) return embedding.isOff ? undefined : known;
    if (entries.segments.length === 0) return known;
    let format = embedding.formatLike(known?.format ?? entries.vectorFormat);
    try {
      format ??= embedding.formatOf(await embedding.get());
    } catch {
      // It is told by the state of the model.
      return known;
    }
    if (known !== undefined && JSON.stringify(known.format) === JSON.stringify(format)) return known;
    known?.close();
    const vectors = await SegmentVectors.open(entries, format, this.#memory);
    this.#vectorsByUser.set(user, vectors);
    if (JSON.stringify(entries.vectorFormat) !== JSON.stringify(format)) {
      await entries.commitSegments({ vectors: format });
    }
    return vectors;
  }

  async #embedSome(
    user: UserIndex,
    entries: EntryIndex,
    vectors: SegmentVectors,
  ): Promise<boolean> {
    if (this.#embedding.isResting) return false;
    const missing = await nextMissing(entries, vectors, this.#batchSize);
    if (missing === undefined) return false;
    const { segment, documents } = missing;
    const texts = await this.#texts.read(user, segment, documents);
    try {
      const embedder = await this.#embedding.get();
      if (this.#embedding.formatOf(embedder).stamp !== vectors.format.stamp) return true;
      const found = documents.filter((_, index) => texts[index] !== '');
      const result = await embedder.embed(texts.filter((text) => text !== ''));
      await vectors.append(segment, found, result);
      // What is empty, or gone by now, is similar to nothing.
      const empty = documents.filter((_, index) => texts[index] === '');
      const nothing = new Float32Array(empty.length * vectors.format.dimensions);
      await vectors.append(segment, empty, nothing);
      return true;
    } catch (error) {
      if (user.isStopped) return false;
      this.#embedding.failed(error);
      return false;
    }
  }

  get #batchSize(): number {
    return this.#embedding.isFast ? STATIC_BATCH : BATCH;
  }
}

/** The next documents of a segment that have no vector, of the newest segment first. */
async function nextMissing(
  entries: EntryIndex,
  vectors: SegmentVectors,
  limit: number,
): Promise<{ segment: StoredSegment; documents: number[] } | undefined> {
  for (const segment of entries.segments.toReversed()) {
    const ofSegment = await vectors.openFor(segment);
    if (ofSegment.count >= segment.documentCount) continue;
    const documents: number[] = [];
    for (const document of ofSegment.missing(segment.documentCount)) {
      documents.push(document);
      if (documents.length === limit) break;
    }
    if (documents.length > 0) return { segment, documents };
  }
  return undefined;
}
