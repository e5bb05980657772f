import { panelIdOf } from './keys.ts';
import type { TextIndex } from './text-index.ts';

/** How far a log has been followed; an offset of 0 says nothing of the rest. */
export interface Place {
  /** Up to which byte it is indexed. */
  readonly offset: number;
  /** Of which file: a log that is rewritten goes on in another one. */
  readonly epoch: number;
  /** Of a panel: the personas whose messages are indexed, see `voicesOf`. */
  readonly voices: string;
}

const BEGINNING: Place = { offset: 0, epoch: 0, voices: '' };

/**
 * A user's index, what of the user's logs and documents is in it, and what is not yet. Changes only
 * leave a note here, at any time; the index itself is touched in {@link enqueue} alone.
 */
export class UserIndex {
  readonly userId: string;
  readonly text: TextIndex;
  /** Of which language it was made. */
  readonly language: string;
  /** By session key; without a place, a log is followed from its beginning. */
  readonly places = new Map<string, Place>();
  /** Sessions and panels whose log may have grown. */
  readonly behind = new Set<string>();
  /** Documents that may have come, gone or been read anew. */
  readonly documentsBehind = new Set<string>();
  /** What has to be listed, because nobody tells of what was there before. */
  readonly unlisted = new Set<'own' | 'panels'>(['own', 'panels']);
  timer?: ReturnType<typeof setTimeout>;
  /** Sessions and panels that have entries still, none of which counts any more. */
  readonly #obsolete = new Set<string>();
  readonly #chunksByDocument = new Map<string, { sessionId: string; chunkIds: string[] }>();
  #work: Promise<unknown> = Promise.resolve();
  #running = 0;
  #isStopped = false;

  constructor(userId: string, text: TextIndex, language: string) {
    this.userId = userId;
    this.text = text;
    this.language = language;
  }

  /** Set when the index is not needed any more: whoever fills it can leave it as it is. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Sessions, panels and documents that may have something that is not indexed yet. */
  get pending(): number {
    const { behind, documentsBehind, unlisted } = this;
    const waiting = behind.size + documentsBehind.size + unlisted.size + this.#obsolete.size;
    return waiting + this.#running;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.timer);
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
    this.places.delete(sessionKey);
    this.#obsolete.add(sessionKey);
  }

  /** What is indexed of panels is to go, and all of them are to be looked at anew. */
  forgetPanels(): void {
    for (const key of [...this.places.keys()]) {
      if (panelIdOf(key) !== undefined) this.forget(key);
    }
    this.unlisted.add('panels');
  }

  // ── Only inside of enqueue() ─────────────────────────────────────────────────────────────────

  /**
   * How far a log has been followed. Whoever follows it on has to stop when, by that time, the place
   * in {@link places} is another one.
   */
  async place(sessionKey: string): Promise<Place> {
    // Entries that are added from here on must not be obsolete already, so nothing may come between.
    while (this.#obsolete.size > 0) await this.removeObsolete();
    let place = this.places.get(sessionKey);
    if (place === undefined) this.places.set(sessionKey, (place = { ...BEGINNING }));
    return place;
  }

  async removeObsolete(): Promise<void> {
    for (const key of this.#obsolete) {
      this.#obsolete.delete(key);
      await this.#removeSession(key);
    }
  }

  async #removeSession(sessionKey: string): Promise<void> {
    await this.text.removeSession(sessionKey);
    for (const [documentId, { sessionId }] of this.#chunksByDocument) {
      if (sessionId === sessionKey) this.#chunksByDocument.delete(documentId);
    }
  }

  /** Takes note of which entries a document is about to have. */
  addDocument(sessionId: string, documentId: string, chunkIds: string[]): void {
    this.#chunksByDocument.set(documentId, { sessionId, chunkIds });
  }

  async removeDocument(documentId: string): Promise<void> {
    const known = this.#chunksByDocument.get(documentId);
    if (known === undefined) return;
    for (const id of known.chunkIds) await this.text.remove('document', known.sessionId, id);
    this.#chunksByDocument.delete(documentId);
  }
}
