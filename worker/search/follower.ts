import { nextTask } from '../next-task.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { SessionEntry } from '../store/session-table.ts';
import type { Store } from '../store/store.ts';
import { BEGINNING, type Place } from './index/place.ts';
import type { EntryIndex } from './index/entry-index.ts';
import type { TokenizedEntry } from './index/entry-set.ts';
import { documentKey, panelIdOf, panelKey, splitDocumentKey } from './keys.ts';
import type { LogReader, LogSlice } from './log-reader.ts';
import { voicesOf } from './panel-owner.ts';
import { textStamp, type TextReader } from './text-reader.ts';
import { tokenizeEntry } from './tokenize-entry.ts';
import type { UserIndex } from './user-index.ts';

/** UTF-16 units of chunks that are indexed before others may have the thread. */
const SLICE_LENGTH = 32_768;

/** Slices of a log that is scanned take the thread for so long before the next one is indexed. */
const SCAN_TURN_MS = 50;

/**
 * Reads what an index lacks from the logs and documents. Everything is read in the lane that it
 * belongs to, one lane at a time, a slice in each turn.
 */
export class Follower {
  readonly #store: Store;
  readonly #logs: LogReader;
  readonly #texts: TextReader;

  constructor(store: Store, logs: LogReader, texts: TextReader) {
    this.#store = store;
    this.#logs = logs;
    this.#texts = texts;
  }

  /**
   * Brings an index up to date. Only inside of {@link UserIndex.enqueue}.
   *
   * @param afterSlice called whenever something was indexed and all is in order
   */
  async catchUp(user: UserIndex, afterSlice: () => Promise<void>): Promise<void> {
    do {
      await this.list(user);
      await user.removeObsolete();
      for (const key of [...user.behind]) {
        while (!(await this.#followLog(user, key, afterSlice))) continue;
      }
      for (const id of [...user.documentsBehind]) {
        await this.#followDocument(user, id, afterSlice);
      }
      // A space that was replaced meanwhile has stopped what was under way in it.
    } while (!user.isStopped && user.unlisted.size > 0);
  }

  /** Finds out what is behind, where nobody has told. Only inside of {@link UserIndex.enqueue}. */
  async list(user: UserIndex): Promise<void> {
    user.listing = (async () => {
      await this.#list(user, 'own', () => this.#listOwn(user));
      await this.#list(user, 'panels', () => this.#listPanels(user));
    })();
    try {
      await user.listing;
    } finally {
      user.listing = undefined;
    }
  }

  // ── What there is ────────────────────────────────────────────────────────────────────────────

  async #list(user: UserIndex, what: 'own' | 'panels', list: () => Promise<void>): Promise<void> {
    if (user.isStopped || !user.unlisted.delete(what)) return;
    try {
      await list();
    } catch (error) {
      user.unlisted.add(what);
      throw error;
    }
  }

  async #listOwn(user: UserIndex): Promise<void> {
    const entries = await user.entries();
    await this.#store.background(user.userId, async () => {
      const catalog = await this.#store.user(user.userId);
      for (const session of catalog?.sessions() ?? []) {
        const place = entries.places.get(session.sessionId);
        if (!isAt(place, session) || user.isObsolete(session.sessionId)) {
          user.behind.add(session.sessionId);
        }
      }
      for (const key of entries.places.keys()) {
        if (panelIdOf(key) === undefined && catalog?.session(key) === undefined) user.forget(key);
      }
      for (const { id, value, bytes } of catalog?.entities.document.values() ?? []) {
        if (value.text.status !== 'ready') continue;
        const known = entries.documents.get(documentKey(value.sessionId, id));
        if (known !== textStamp(value, bytes ?? 0)) user.documentsBehind.add(id);
      }
      for (const key of entries.documents.keys()) {
        const { documentId } = splitDocumentKey(key);
        const entity = catalog?.entities.document.get(documentId);
        if (entity === undefined) user.documentsBehind.add(documentId);
      }
    });
  }

  async #listPanels(user: UserIndex): Promise<void> {
    const entries = await user.entries();
    await this.#store.background(SHARED_SPACE, async () => {
      const shared = await this.#store.shared();
      const mine = new Set<string>();
      for (const session of shared.sessions()) {
        const { sessionId, panel } = session;
        const voices = panel === undefined ? [] : voicesOf(shared, panel, user.userId);
        if (voices.length === 0) continue;
        const key = panelKey(sessionId);
        mine.add(key);
        const place = entries.places.get(key);
        const isFollowed = isAt(place, session) && place?.voices === voices.join('/');
        // What is to be taken out is not there any more, though its place is.
        if (!isFollowed || user.isObsolete(key)) user.behind.add(key);
      }
      for (const key of entries.places.keys()) {
        if (panelIdOf(key) !== undefined && !mine.has(key)) user.forget(key);
      }
    });
  }

  // ── Messages ─────────────────────────────────────────────────────────────────────────────────

  /** @returns whether its end was reached; if not, it is to be followed once more */
  async #followLog(
    user: UserIndex,
    key: string,
    afterSlice: () => Promise<void>,
  ): Promise<boolean> {
    // Removed first: what changes from here on must put it back.
    user.behind.delete(key);
    user.followed = key;
    try {
      const entries = await user.entries();
      await user.removeObsolete();
      // Else the session was deleted, and another one of that id may have been created.
      const isCurrent = () => !user.isStopped && !user.isObsolete(key);
      while (isCurrent()) {
        const place = entries.places.get(key) ?? BEGINNING;
        const slice = await this.#logs.readSlice(user.userId, key, place);
        if (!isCurrent()) break;
        if (slice === 'end') return true;
        if (slice === 'gone') {
          if (entries.places.has(key)) user.forget(key);
          await user.removeObsolete();
          return true;
        }
        if (slice === 'other') {
          // Its documents are as they were: a log is another one also when it was tidied up.
          await user.removeMessages(key);
          continue;
        }
        await applySlice(entries, key, slice, isCurrent);
        await afterSlice();
        await giveWay(user);
      }
    } catch (error) {
      user.behind.add(key);
      throw error;
    } finally {
      user.followed = undefined;
    }
    return user.isStopped || !(user.behind.has(key) || user.isObsolete(key));
  }

  // ── Documents ────────────────────────────────────────────────────────────────────────────────

  async #followDocument(
    user: UserIndex,
    documentId: string,
    afterSlice: () => Promise<void>,
  ): Promise<void> {
    user.documentsBehind.delete(documentId);
    user.followedText = documentId;
    try {
      if (user.isStopped) return;
      await user.removeObsolete();
      const entries = await user.entries();
      const found = await this.#texts.read(user.userId, documentId);
      for (const key of [...entries.documents.keys()]) {
        if (splitDocumentKey(key).documentId === documentId) await user.removeDocument(key);
      }
      if (found === null) return;
      const { sessionId, mimeType, chunks, stamp, time } = found;
      const key = documentKey(sessionId, documentId);
      const isCurrent = () => !user.isStopped;
      // First, so that what a failure or a crash leaves is known, and is none of this text.
      entries.setDocument(key, '');
      for (let at = 0; at < chunks.length;) {
        const add: TokenizedEntry[] = [];
        for (let length = 0; at < chunks.length && length < SLICE_LENGTH; at++) {
          const { index: number, text } = chunks[at] ?? { index: 0, text: '' };
          length += text.length;
          const tokens = tokenizeEntry(entries.analyzer, text, '');
          add.push({ key, mimeType, number, role: 0, time, tokens });
        }
        const change = { type: 'document', ownerKey: key, remove: [], add } as const;
        if (!(await entries.change(change, isCurrent, () => undefined))) return;
        await afterSlice();
        await giveWay(user);
      }
      entries.setDocument(key, stamp);
    } catch (error) {
      user.documentsBehind.add(documentId);
      throw error;
    } finally {
      user.followedText = undefined;
    }
  }
}

/** Lets others have the thread: most of it a search that looks through what is not indexed yet. */
function giveWay({ scans }: UserIndex): Promise<void> {
  if (scans === 0) return nextTask();
  return new Promise((resolve) => setTimeout(resolve, SCAN_TURN_MS));
}

/** Whether all of a log is indexed, as far as the catalog tells; the log itself stays closed. */
function isAt(place: Place | undefined, { createdAt, bytes }: SessionEntry): boolean {
  if (place === undefined) return bytes.messages === 0;
  return place.createdAt === createdAt && place.offset === bytes.messages;
}

/** What a slice says last of each of its messages counts. */
async function applySlice(
  entries: EntryIndex,
  key: string,
  { changes, next, count }: LogSlice,
  isCurrent: () => boolean,
): Promise<void> {
  const last = new Map(changes.map((change) => [change.ordinal, change]));
  const remove = [...last.keys()].filter((ordinal) => ordinal < count);
  const add = [...last.values()].flatMap(({ ordinal, message }): TokenizedEntry[] => {
    if (message === null) return [];
    const { content, name, role, time } = message;
    const tokens = tokenizeEntry(entries.analyzer, content, name);
    return [{ key, mimeType: '', number: ordinal, role, time, tokens }];
  });
  await entries.change({ type: 'message', ownerKey: key, remove, add }, isCurrent, () =>
    entries.setPlace(key, next),
  );
}
