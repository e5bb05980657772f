import type { Logger } from '../logger.ts';
import type { Store } from '../store/store.ts';
import { RETRY_MS, type Embedding } from './embedding.ts';
import { EntryTexts } from './entry-texts.ts';
import type { EntryIndex } from './index/entry-index.ts';
import { mergeAll, mergeOnce } from './index/merge.ts';
import { SegmentVectors } from './index/segment-vectors.ts';
import type { StoredSegment } from './index/stored-segment.ts';
import { DamagedIndexError } from './segments/checked-file.ts';
import type { UserIndex } from './user-index.ts';
import type { VectorFormat } from './vectors/vector-block.ts';
import { VectorMemory } from './vectors/vector-memory.ts';

/** Texts that are embedded at once. A query has to wait for one batch at most. */
const BATCH = 32;

/** The same for the model in the package, which needs a tenth of a millisecond for each. */
const STATIC_BATCH = 256;

/** How long embedding lets new messages go first. */
const GIVE_WAY_MS = 250;

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
  /** Told when a file of an index turned out to be damaged. */
  onDamage: (user: UserIndex, error: DamagedIndexError) => void = () => undefined;
  readonly #embedding: Embedding;
  readonly #logger: Logger;
  readonly #store: Store;
  #memory: VectorMemory | undefined;
  readonly #workByUser = new Map<UserIndex, Work>();
  readonly #vectorsByUser = new WeakMap<UserIndex, SegmentVectors>();
  readonly #openingByUser = new WeakMap<UserIndex, Promise<SegmentVectors | undefined>>();
  /** Indexes that wait for the model to be tried again. */
  readonly #waiting = new Set<UserIndex>();
  /** Indexes that are looked at again in a moment, because an import goes first. */
  readonly #givingWay = new WeakSet<UserIndex>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  /** Calls of {@link whenIdle} that wait, so that nothing may be put off. */
  #waitingCalls = 0;

  constructor(store: Store, embedding: Embedding, logger: Logger) {
    this.#embedding = embedding;
    this.#logger = logger;
    this.#store = store;
  }

  /** Made when vectors are needed first: text search has no use for it. */
  get memory(): VectorMemory {
    return (this.#memory ??= new VectorMemory());
  }

  /** Looks whether there is something to do for an index. */
  poke(user: UserIndex): void {
    if (this.#isClosed || user.isStopped) return;
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
    this.#waitingCalls++;
    try {
      for (const user of users) {
        this.poke(user);
        await this.#workByUser.get(user)?.done;
      }
    } finally {
      this.#waitingCalls--;
    }
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
    // Two merges side by side would both make something of the same segments.
    for (;;) {
      const before = this.#workByUser.get(user);
      if (before === undefined) break;
      await before.done;
    }
    const merging = this.#mergeAll(user);
    const done = merging.catch(() => undefined);
    this.#workByUser.set(user, { again: false, done });
    try {
      await merging;
    } catch (error) {
      if (error instanceof DamagedIndexError) this.onDamage(user, error);
      else if (!user.isStopped) throw error;
    } finally {
      this.#workByUser.delete(user);
      // Whoever has poked meanwhile was not heard.
      this.poke(user);
    }
  }

  async #mergeAll(user: UserIndex): Promise<void> {
    const entries = await user.entries();
    const vectors = await this.#openVectors(user, entries);
    await mergeAll(entries, { vectors, signal: user.stopped });
  }

  /** Lets go of what is kept of an index that is not needed any more. */
  release(user: UserIndex): void {
    this.#vectorsOf(user)?.close();
    this.#vectorsByUser.delete(user);
    this.#waiting.delete(user);
  }

  /** Begins nothing from here on. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
  }

  /** Messages and chunks that have vectors, and that wait for one. */
  status(users: readonly UserIndex[]): { readonly embedded: number; readonly pending: number } {
    let [embedded, pending] = [0, 0];
    if (this.#embedding.isOff) return { embedded, pending };
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
    // Not for longer: it remembers a document's text.
    const texts = new EntryTexts(this.#store, this.#logger);
    try {
      for (;;) {
        const work = this.#workByUser.get(user);
        if (work !== undefined) work.again = false;
        while (await this.#step(user, texts)) continue;
        if (work?.again !== true || user.isStopped) break;
      }
    } catch (error) {
      if (user.isStopped) return;
      if (error instanceof DamagedIndexError) this.onDamage(user, error);
      else this.#logger.warn(`The index of ${user.userId} could not be tidied up`, error);
    } finally {
      this.#workByUser.delete(user);
    }
  }

  /** @returns whether there was something to do */
  async #step(user: UserIndex, texts: EntryTexts): Promise<boolean> {
    const entries = user.openEntries;
    if (user.isStopped || entries === undefined) return false;
    const vectors = await this.#openVectors(user, entries);
    if (await mergeOnce(entries, { vectors, signal: user.stopped })) return true;
    return vectors !== undefined && (await this.#embedSome(user, entries, { vectors, texts }));
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
    const known = this.#vectorsOf(user);
    if (entries.segments.length === 0) return known;
    const before = known?.format ?? entries.vectorFormat;
    // While no model can be used, what there is of the last one must not get lost in merges.
    const format = (await this.#currentFormat(user, before)) ?? before;
    if (format === undefined || user.isStopped) return known;
    if (known !== undefined && isSameFormat(known.format, format)) return known;
    known?.close();
    this.#vectorsByUser.delete(user);
    const vectors = await SegmentVectors.open(entries, format, this.memory);
    this.#vectorsByUser.set(user, vectors);
    if (entries.vectorFormat === undefined || !isSameFormat(entries.vectorFormat, format)) {
      await entries.commitSegments({ vectors: format });
    }
    return vectors;
  }

  /** What vectors of the model in use are like; `undefined` when it cannot be used. */
  async #currentFormat(
    user: UserIndex,
    before: VectorFormat | undefined,
  ): Promise<VectorFormat | undefined> {
    const embedding = this.#embedding;
    if (embedding.isOff) return undefined;
    const format = embedding.formatLike(before);
    if (format !== undefined) return format;
    if (!embedding.isResting) {
      try {
        return embedding.formatOf(await embedding.get());
      } catch {
        // It is told by the state of the model.
      }
    }
    this.#tryLater(user);
    return undefined;
  }

  async #embedSome(
    user: UserIndex,
    entries: EntryIndex,
    { vectors, texts: reader }: { readonly vectors: SegmentVectors; readonly texts: EntryTexts },
  ): Promise<boolean> {
    if (this.#embedding.isOff) return false;
    if (user.behind.size > 0 && this.#waitingCalls === 0) return this.#giveWay(user);
    const missing = await nextMissing(entries, vectors, this.#batchSize);
    if (missing === undefined) return false;
    if (this.#embedding.isResting) return this.#tryLater(user);
    const { segment, documents } = missing;
    const live = documents.filter((document) => segment.isLive(document));
    const texts = await reader.read(user, segment, live);
    const found = live.filter((_, index) => texts[index] !== '');
    let result: Float32Array | null = new Float32Array(0);
    try {
      if (found.length > 0)
        result = await this.#embedding.run(async (embedder) =>
          embedder.stamp === vectors.format.stamp
            ? embedder.embed(texts.filter((text) => text !== ''))
            : null,
        );
    } catch {
      // It is told by the state of the model.
      return user.isStopped ? false : this.#tryLater(user);
    }
    // Another model is in use by now: its vectors are to be opened first.
    if (result === null) return this.#embedding.formatLike(vectors.format) === undefined;
    await vectors.append(segment, found, result);
    // What is empty, or gone by now, is similar to nothing.
    const others = documents.filter((document) => !found.includes(document));
    const nothing = new Float32Array(others.length * vectors.format.dimensions);
    await vectors.append(segment, others, nothing);
    return true;
  }

  /**
   * Lets an import go first: it needs the processor, and what it brings has to be indexed before it
   * is embedded.
   *
   * @returns that there is nothing to do for now
   */
  #giveWay(user: UserIndex): false {
    // Else each commit of a long import would add one more timer that begins anew and anew.
    if (this.#givingWay.has(user)) return false;
    this.#givingWay.add(user);
    setTimeout(() => {
      this.#givingWay.delete(user);
      this.poke(user);
    }, GIVE_WAY_MS);
    return false;
  }

  /** @returns that there is nothing to do for now */
  #tryLater(user: UserIndex): false {
    this.#waiting.add(user);
    if (!this.#isClosed) this.#retry ??= setTimeout(() => this.tryAgain(), RETRY_MS + 1);
    return false;
  }

  /** Goes on where the model had failed. */
  tryAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const user of waiting) this.poke(user);
  }

  get #batchSize(): number {
    return this.#embedding.isFast ? STATIC_BATCH : BATCH;
  }
}

function isSameFormat(a: VectorFormat, b: VectorFormat): boolean {
  return a.stamp === b.stamp && a.dimensions === b.dimensions && a.precision === b.precision;
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
