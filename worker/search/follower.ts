import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFPanelMessageDTO } from '../../src/shared/model/panel.ts';
import type { Logger } from '../logger.ts';
import type { TextChunk } from '../store/document-files.ts';
import { documentTextFile, SHARED_SPACE } from '../store/layout.ts';
import { HEADER_BYTES } from '../store/log-file.ts';
import type { MessageLog } from '../store/message-log.ts';
import { messageIdOf } from '../store/message-record.ts';
import { nextTask } from '../next-task.ts';
import type { Store } from '../store/store.ts';
import { chunkId, panelIdOf, panelKey } from './keys.ts';
import { ownerOfSpeech, voicesOf } from './panel-owner.ts';
import type { Place, UserIndex } from './user-index.ts';

/** The work that indexing does before it lets others have the thread. */
const SLICE_BYTES = 32_768;

/** The next records of a log, `null` standing for a message that is gone, and the place behind them. */
interface Slice {
  readonly changes: readonly {
    readonly messageId: string;
    readonly message: FFMessageDTO | null;
  }[];
  readonly next: Place;
}

interface ReadableDocument {
  readonly document: FFDocumentDTO;
  readonly chunks: readonly TextChunk[];
}

/**
 * Reads what an index lacks from the logs and documents. Everything is read in the lane that it
 * belongs to, one lane at a time, a slice in each turn.
 */
export class Follower {
  readonly #store: Store;
  readonly #logger: Logger;

  constructor(store: Store, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Brings an index up to date. Only inside of {@link UserIndex.enqueue}. */
  async catchUp(user: UserIndex): Promise<void> {
    do {
      await this.#list(user, 'own', () => this.#listOwn(user));
      await this.#list(user, 'panels', () => this.#listPanels(user));
      await user.removeObsolete();
      for (const key of [...user.behind]) {
        while (!(await this.#followLog(user, key))) continue;
      }
      for (const id of [...user.documentsBehind]) await this.#followDocument(user, id);
      // A space that was replaced meanwhile has stopped what was under way in it.
    } while (!user.isStopped && user.unlisted.size > 0);
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

  #listOwn(user: UserIndex): Promise<void> {
    return this.#store.background(user.userId, async () => {
      const catalog = await this.#store.user(user.userId);
      for (const { sessionId } of catalog?.sessions() ?? []) user.behind.add(sessionId);
      for (const { id, value } of catalog?.entities.document.values() ?? []) {
        if (value.text.status === 'ready') user.documentsBehind.add(id);
      }
    });
  }

  #listPanels(user: UserIndex): Promise<void> {
    return this.#store.background(SHARED_SPACE, async () => {
      const shared = await this.#store.shared();
      for (const { sessionId, panel } of shared.sessions()) {
        if (panel === undefined || voicesOf(shared, panel, user.userId).length === 0) continue;
        user.behind.add(panelKey(sessionId));
      }
    });
  }

  // ── Messages ─────────────────────────────────────────────────────────────────────────────────

  /** @returns whether its end was reached; if not, it is to be followed once more */
  async #followLog(user: UserIndex, key: string): Promise<boolean> {
    // Removed first: what changes from here on must put it back.
    user.behind.delete(key);
    try {
      let place = await user.place(key);
      // Else the session was deleted, and another one of that id may have been created.
      const isCurrent = () => !user.isStopped && user.places.get(key) === place;
      while (isCurrent()) {
        const slice = await this.#readSlice(user.userId, key, place);
        if (!isCurrent()) break;
        if (slice === null) {
          user.forget(key);
          await user.removeObsolete();
          return true;
        }
        if (slice === 'other voices') {
          user.forget(key);
          return false;
        }
        if (slice.next.offset === place.offset && slice.next.epoch === place.epoch) return true;
        await applyChanges(user, key, slice);
        if (!isCurrent()) break;
        user.places.set(key, (place = slice.next));
        await nextTask();
      }
    } catch (error) {
      user.behind.add(key);
      throw error;
    }
    return user.isStopped || !user.behind.has(key);
  }

  /** `null` when there is no such session, or nothing in it is the user's any more. */
  #readSlice(userId: string, key: string, place: Place): Promise<Slice | null | 'other voices'> {
    const panelId = panelIdOf(key);
    return panelId === undefined
      ? this.#readOwnSlice(userId, key, place)
      : this.#readPanelSlice(userId, panelId, place);
  }

  #readOwnSlice(userId: string, sessionId: string, place: Place): Promise<Slice | null> {
    return this.#store.background(userId, async () => {
      const catalog = await this.#store.user(userId);
      if (catalog?.session(sessionId) === undefined) return null;
      return readRecords(await this.#store.messages(userId, sessionId), place, () => true);
    });
  }

  #readPanelSlice(
    userId: string,
    panelId: string,
    place: Place,
  ): Promise<Slice | null | 'other voices'> {
    return this.#store.background(SHARED_SPACE, async () => {
      const shared = await this.#store.shared();
      const panel = shared.session(panelId)?.panel;
      if (panel === undefined) return null;
      // No id contains a slash.
      const voices = voicesOf(shared, panel, userId).join('/');
      if (voices === '') return null;
      // A persona was deleted, or another one has taken its id.
      if (place.offset > 0 && place.voices !== voices) return 'other voices';
      const log = await this.#store.messages(SHARED_SPACE, panelId);
      return readRecords(
        log,
        { ...place, voices },
        (message) =>
          ownerOfSpeech(shared, panel, (message as FFPanelMessageDTO).personaId) === userId,
      );
    });
  }

  // ── Documents ────────────────────────────────────────────────────────────────────────────────

  async #followDocument(user: UserIndex, documentId: string): Promise<void> {
    user.documentsBehind.delete(documentId);
    try {
      if (user.isStopped) return;
      await user.removeObsolete();
      const found = await this.#readDocument(user.userId, documentId);
      await user.removeDocument(documentId);
      if (found !== null) await putDocument(user, found);
    } catch (error) {
      user.documentsBehind.add(documentId);
      throw error;
    }
  }

  /** `null` when there is no such document, or no text of it. */
  #readDocument(userId: string, documentId: string): Promise<ReadableDocument | null> {
    return this.#store.background(userId, async () => {
      const catalog = await this.#store.user(userId);
      const document = catalog?.entities.document.get(documentId)?.value;
      if (document?.text.status !== 'ready') return null;
      const path = documentTextFile(this.#store.folderOf(userId), document.sessionId, documentId);
      const chunks = await this.#store.documents.readText(path);
      if (chunks !== null) return { document, chunks };
      this.#logger.warn(`${path} is missing or damaged, so that no search can find that document`);
      return null;
    });
  }
}

/** Only in the lane of the log. */
async function readRecords(
  log: MessageLog,
  place: Place,
  isVisible: (message: FFMessageDTO) => boolean,
): Promise<Slice> {
  const { epoch } = log.file;
  const start = epoch > 0 ? HEADER_BYTES : 0;
  // A rewritten log holds all that counts, tombstones too: following it from its start will do.
  const from = place.epoch === epoch ? Math.max(place.offset, start) : start;
  const { records, next: offset } = await log.recordsFrom(from, SLICE_BYTES);
  return {
    changes: records.map((record) => {
      const isThere = record.type !== 'delete' && isVisible(record.message);
      return { messageId: messageIdOf(record), message: isThere ? record.message : null };
    }),
    next: { ...place, offset, epoch },
  };
}

async function applyChanges({ text }: UserIndex, key: string, { changes }: Slice): Promise<void> {
  for (const { messageId, message } of changes) {
    if (message === null) {
      await text.remove('message', key, messageId);
    } else {
      const { content, name = '' } = message;
      await text.put({ type: 'message', sessionKey: key, id: messageId, content, name });
    }
  }
}

async function putDocument(user: UserIndex, { document, chunks }: ReadableDocument): Promise<void> {
  const { documentId, sessionId: sessionKey, mimeType } = document;
  const entries = chunks.map(({ index, text }) => ({ id: chunkId(documentId, index), text }));
  // First, so that what a failure leaves can be removed.
  user.addDocument(
    sessionKey,
    documentId,
    entries.map(({ id }) => id),
  );
  let length = 0;
  for (const { id, text: content } of entries) {
    if (user.isStopped) return;
    await user.text.put({ type: 'document', sessionKey, id, content, name: '', mimeType });
    length += content.length;
    if (length < SLICE_BYTES) continue;
    length = 0;
    await nextTask();
  }
}
