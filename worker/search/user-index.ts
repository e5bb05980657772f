import type { EntryIndex } from './index/entry-index.ts';
import type { IndexFiles } from './index/index-files.ts';
import { panelIdOf, splitDocumentKey } from './keys.ts';

/**
 * A user's index, what of the user's logs and documents is in it, and what is not yet. Changes only
 * leave a note here, at any time; the entries are changed in {@link enqueue} alone.
 */
export class UserIndex {
  readonly userId: string;
  /** Of which language it was made. */
  readonly language: string;
  readonly files: IndexFiles;
  /** Resolves when the files are not those of an earlier index any more. */
  readonly left: Promise<void>;
  /** Sessions and panels whose log may have grown. */
  readonly behind = new Set<string>();
  /** Documents that may have come, gone or been read anew. */
  readonly documentsBehind = new Set<string>();
  /** What has to be listed, because nobody tells of what was there before. */
  readonly unlisted = new Set<'own' | 'panels'>(['own', 'panels']);
  /** Searches that are looking through what is behind. */
  scans = 0;
  /** The listing that is under way. */
  listing: Promise<void> | undefined;
  /** The log that is being followed, and the document that is being read. */
  followed: string | undefined;
  followedText: string | undefined;
  /** Panels that were deleted, whether or not another one has taken the id. */
  readonly #obsolete = new Set<string>();
  readonly #open: () => Promise<EntryIndex>;
  readonly #stopping = new AbortController();
  #opening: Promise<EntryIndex> | undefined;
  #entries: EntryIndex | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #running = 0;

  constructor(
    userId: string,
    language: string,
    files: IndexFiles,
    left: Promise<void>,
    open: (files: IndexFiles) => Promise<EntryIndex>,
  ) {
    this.userId = userId;
    this.language = language;
    this.files = files;
    this.left = left;
    this.#open = () => open(files);
  }

  /** Opens what is on the disk, the first time. */
  async entries(): Promise<EntryIndex> {
    const opening = (this.#opening ??= this.#open());
    try {
      this.#entries = await opening;
    } catch (error) {
      // Whoever heard of it first may have begun another one.
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
    return this.#entries;
  }

  /** The same, once it is open. */
  get openEntries(): EntryIndex | undefined {
    return this.#entries;
  }

  /** Aborted when nothing is to be done for the index any more. */
  get stopped(): AbortSignal {
    return this.#stopping.signal;
  }

  get isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Sessions and panels of which something may not be indexed yet. */
  get logsBehind(): ReadonlySet<string> {
    const { behind, followed } = this;
    return followed === undefined ? behind : new Set([...behind, followed]);
  }

  /** Documents that may not be indexed as they are. */
  get textsBehind(): ReadonlySet<string> {
    const { documentsBehind, followedText } = this;
    return followedText === undefined
      ? documentsBehind
      : new Set([...documentsBehind, followedText]);
  }

  /** Whether a task is under way. */
  get isBusy(): boolean {
    return this.#running > 0;
  }

  /** Sessions, panels and documents that may have something that is not indexed yet. */
  get pending(): number {
    const { behind, documentsBehind, unlisted } = this;
    const waiting = behind.size + documentsBehind.size + unlisted.size + this.#obsolete.size;
    return waiting + this.#running;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Runs a task when everything that was asked for before is done. */
  enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#work.then(async () => {
      this.#running++;
      try {
        return await task();
      } finally {
        this.#running--;
      }
    });
    this.#work = result.catch(() => undefined);
    return result;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  // ── Notes ────────────────────────────────────────────────────────────────────────────────────

  /** What is indexed of a session or panel is to go; what is behind of it stays so. */
  forget(sessionKey: string): void {
    this.#obsolete.add(sessionKey);
  }

  /** What {@link forget} was called with since {@link removeObsolete}. */
  get obsoleteKeys(): readonly string[] {
    return [...this.#obsolete];
  }

  /** Whether {@link forget} was called since {@link removeObsolete}. */
  isObsolete(sessionKey: string): boolean {
    return this.#obsolete.has(sessionKey);
  }

  // ── Only inside of enqueue() ─────────────────────────────────────────────────────────────────

  async removeObsolete(): Promise<void> {
    const entries = await this.entries();
    for (const key of this.#obsolete) {
      this.#obsolete.delete(key);
      try {
        await this.#removeAll(entries, key);
      } catch (error) {
        this.#obsolete.add(key);
        throw error;
      }
    }
  }

  /** What is indexed of a log is to be read from its beginning again. */
  async removeMessages(sessionKey: string): Promise<void> {
    const entries = await this.entries();
    await entries.change(
      { type: 'message', ownerKey: sessionKey, remove: 'all', add: [] },
      () => !this.isStopped,
      () => entries.setPlace(sessionKey, null),
    );
  }

  async #removeAll(entries: EntryIndex, key: string): Promise<void> {
    await this.removeMessages(key);
    if (panelIdOf(key) !== undefined) return;
    for (const ownerKey of [...entries.documents.keys()]) {
      if (splitDocumentKey(ownerKey).sessionId === key) await this.removeDocument(ownerKey);
    }
  }

  async removeDocument(ownerKey: string): Promise<void> {
    const entries = await this.entries();
    if (!entries.documents.has(ownerKey)) return;
    await entries.change(
      { type: 'document', ownerKey, remove: 'all', add: [] },
      () => !this.isStopped,
      () => entries.setDocument(ownerKey, null),
    );
  }
}
