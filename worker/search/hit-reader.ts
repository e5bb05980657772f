import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFPanelMessageDTO } from '../../src/shared/model/panel.ts';
import type { TextChunk } from '../store/document-files.ts';
import { documentTextFile, SHARED_SPACE } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { panelIdOf, splitChunkId } from './keys.ts';
import { ownerOfSpeech } from './panel-owner.ts';
import type { IndexHit } from './text-index.ts';

/** Logs that are opened side by side: each takes two files, and Safari has few to give. */
const LOGS_AT_ONCE = 8;

/** A chunk that was hit, with the document that it belongs to. */
export interface FoundChunk {
  readonly document: FFDocumentDTO;
  readonly chunk: TextChunk;
}

/** Reads what the hits of a search stand for, as it is now; leaves out what is gone by now. */
export class HitReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The messages, by their hits; those of panels only where they are the user's. */
  async messages(userId: string, hits: readonly IndexHit[]): Promise<Map<IndexHit, FFMessageDTO>> {
    const found = new Map<IndexHit, FFMessageDTO>();
    const hitsByKey = new Map<string, IndexHit[]>();
    for (const hit of hits) {
      const others = hitsByKey.get(hit.sessionKey);
      if (others === undefined) hitsByKey.set(hit.sessionKey, [hit]);
      else others.push(hit);
    }
    const own = [...hitsByKey].filter(([key]) => panelIdOf(key) === undefined);
    if (own.length > 0) {
      await this.#store.read(userId, () =>
        eachOf(own, ([sessionId, some]) => this.#readLog(userId, sessionId, some, found)),
      );
    }
    const panels = [...hitsByKey].filter(([key]) => panelIdOf(key) !== undefined);
    if (panels.length > 0) {
      await this.#store.read(SHARED_SPACE, () =>
        eachOf(panels, ([key, some]) => this.#readPanel(userId, panelIdOf(key) ?? '', some, found)),
      );
    }
    return found;
  }

  /** The chunks of documents, by their hits. */
  async chunks(userId: string, hits: readonly IndexHit[]): Promise<Map<IndexHit, FoundChunk>> {
    const found = new Map<IndexHit, FoundChunk>();
    const hitsByDocument = new Map<string, Map<number, IndexHit>>();
    for (const hit of hits) {
      const { documentId, index } = splitChunkId(hit.id);
      const others = hitsByDocument.get(documentId);
      if (others === undefined) hitsByDocument.set(documentId, new Map([[index, hit]]));
      else others.set(index, hit);
    }
    for (const [documentId, hitByIndex] of hitsByDocument) {
      // In a turn of its own, because texts are long.
      await this.#store.read(userId, () => this.#readText(userId, documentId, hitByIndex, found));
    }
    return found;
  }

  /** Only in the lane of the space. */
  async #readLog(
    spaceId: string,
    sessionId: string,
    hits: readonly IndexHit[],
    found: Map<IndexHit, FFMessageDTO>,
  ): Promise<void> {
    const catalog = await this.#store.user(spaceId);
    if (catalog?.session(sessionId) === undefined) return;
    const log = await this.#store.messages(spaceId, sessionId);
    for (const hit of hits) {
      const message = (await log.find(hit.id))?.message ?? null;
      if (message !== null) found.set(hit, message);
    }
  }

  async #readPanel(
    userId: string,
    panelId: string,
    hits: readonly IndexHit[],
    found: Map<IndexHit, FFMessageDTO>,
  ): Promise<void> {
    const shared = await this.#store.shared();
    const panel = shared.session(panelId)?.panel;
    if (panel === undefined) return;
    await this.#readLog(SHARED_SPACE, panelId, hits, found);
    for (const hit of hits) {
      // A persona may have been deleted since the index was searched.
      const { personaId = '' } = (found.get(hit) ?? {}) as Partial<FFPanelMessageDTO>;
      if (ownerOfSpeech(shared, panel, personaId) !== userId) found.delete(hit);
    }
  }

  async #readText(
    userId: string,
    documentId: string,
    hitByIndex: ReadonlyMap<number, IndexHit>,
    found: Map<IndexHit, FoundChunk>,
  ): Promise<void> {
    const catalog = await this.#store.user(userId);
    const document = catalog?.entities.document.get(documentId)?.value;
    if (document?.text.status !== 'ready') return;
    const { sessionId } = document;
    const path = documentTextFile(this.#store.folderOf(userId), sessionId, documentId);
    for (const chunk of (await this.#store.documents.readText(path)) ?? []) {
      const hit = hitByIndex.get(chunk.index);
      if (hit !== undefined) found.set(hit, { document, chunk });
    }
  }
}

/** Runs a task for each item, a few at a time. */
async function eachOf<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += LOGS_AT_ONCE) {
    // To the end, also when one fails: a lane must not be left while something goes on in it.
    const results = await Promise.allSettled(items.slice(at, at + LOGS_AT_ONCE).map(task));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}
