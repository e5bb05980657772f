import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFPanelMessageDTO } from '../../src/shared/model/panel.ts';
import type { TextChunk } from '../store/document-files.ts';
import { documentTextFile, SHARED_SPACE } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import type { IndexHit } from './index-query.ts';
import { panelIdOf, splitDocumentKey } from './keys.ts';
import { ownerOfSpeech } from './panel-owner.ts';

/** Logs that are opened side by side: each takes two files, and Safari has few to give. */
const LOGS_AT_ONCE = 16;

/** What a hit stands for. */
export type Found = FoundMessage | FoundChunk;

export interface FoundMessage {
  readonly type: 'message';
  readonly message: FFMessageDTO;
}

/** A chunk that was hit, with the document that it belongs to. */
export interface FoundChunk {
  readonly type: 'document';
  readonly document: FFDocumentDTO;
  readonly chunk: TextChunk;
}

/** Reads what the hits of a search stand for, as it is now; leaves out what is gone by now. */
export class HitReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** What is there of the hits; messages of panels only where they are the user's. */
  async read(userId: string, hits: readonly IndexHit[]): Promise<Map<IndexHit, Found>> {
    const found = new Map<IndexHit, Found>();
    const logs = groupByKey(hits.filter(({ type }) => type === 'message'));
    const own = logs.filter(([key]) => panelIdOf(key) === undefined);
    if (own.length > 0) {
      await this.#store.read(userId, () =>
        eachOf(own, ([sessionId, some]) => this.#readLog(userId, sessionId, some, found)),
      );
    }
    const panels = logs.filter(([key]) => panelIdOf(key) !== undefined);
    if (panels.length > 0) {
      await this.#store.read(SHARED_SPACE, () =>
        eachOf(panels, ([key, some]) => this.#readPanel(userId, panelIdOf(key) ?? '', some, found)),
      );
    }
    for (const [key, some] of groupByKey(hits.filter(({ type }) => type === 'document'))) {
      // In a turn of its own, because texts are long.
      await this.#store.read(userId, () => this.#readText(userId, key, some, found));
    }
    return found;
  }

  /** Only in the lane of the space. */
  async #readLog(
    spaceId: string,
    sessionId: string,
    hits: readonly IndexHit[],
    found: Map<IndexHit, Found>,
  ): Promise<void> {
    const catalog = await this.#store.user(spaceId);
    if (catalog?.session(sessionId) === undefined) return;
    const log = await this.#store.messages(spaceId, sessionId);
    const messages = await log.atOrdinals(hits.map(({ number }) => number));
    for (const [index, hit] of hits.entries()) {
      const message = messages[index] ?? null;
      if (message !== null) found.set(hit, { type: 'message', message });
    }
  }

  async #readPanel(
    userId: string,
    panelId: string,
    hits: readonly IndexHit[],
    found: Map<IndexHit, Found>,
  ): Promise<void> {
    const shared = await this.#store.shared();
    const panel = shared.session(panelId)?.panel;
    if (panel === undefined) return;
    const messages = new Map<IndexHit, Found>();
    await this.#readLog(SHARED_SPACE, panelId, hits, messages);
    for (const [hit, value] of messages) {
      // A persona may have been deleted since the index was searched.
      const { personaId } = (value as FoundMessage).message as FFPanelMessageDTO;
      if (ownerOfSpeech(shared, panel, personaId) === userId) found.set(hit, value);
    }
  }

  async #readText(
    userId: string,
    key: string,
    hits: readonly IndexHit[],
    found: Map<IndexHit, Found>,
  ): Promise<void> {
    const { sessionId, documentId } = splitDocumentKey(key);
    const catalog = await this.#store.user(userId);
    const document = catalog?.entities.document.get(documentId)?.value;
    if (document?.text.status !== 'ready') return;
    const path = documentTextFile(this.#store.folderOf(userId), sessionId, documentId);
    const chunks = (await this.#store.documents.readText(path)) ?? [];
    const chunkByIndex = new Map(chunks.map((chunk) => [chunk.index, chunk]));
    for (const hit of hits) {
      const chunk = chunkByIndex.get(hit.number);
      if (chunk !== undefined) found.set(hit, { type: 'document', document, chunk });
    }
  }
}

function groupByKey(hits: readonly IndexHit[]): [string, IndexHit[]][] {
  const hitsByKey = new Map<string, IndexHit[]>();
  for (const hit of hits) {
    const others = hitsByKey.get(hit.key);
    if (others === undefined) hitsByKey.set(hit.key, [hit]);
    else others.push(hit);
  }
  return [...hitsByKey];
}

/** Runs a task for each item, a few at a time. */
async function eachOf<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += LOGS_AT_ONCE) {
    // To the end, also when one fails: a lane must not be left while something goes on in it.
    const results = await Promise.allSettled(items.slice(at, at + LOGS_AT_ONCE).map(task));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}
