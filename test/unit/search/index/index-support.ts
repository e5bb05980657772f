import { expect } from 'vitest';
import type { NewMessage } from '../../../../src/shared/contract.ts';
import { documentTextFile, searchFolder } from '../../../../worker/store/layout.ts';
import type { FaultyBackend } from '../../../support/faulty-backend.ts';
import { createTestEmbedder, type TestEmbedder } from '../../../support/test-embedder.ts';
import { foundBy, openSearchStore, type SearchStore } from '../search-store.ts';

export const WORDS = ['bread', 'salt', 'oven', 'yeast'];

/** Alike are texts of the very same words, also when the vectors are rounded. */
const SAME = 0.98;

const ALL = { offset: 0, reverse: false };

export const say = (messageId: string, content: string): NewMessage => ({
  messageId,
  role: 'user',
  content,
});

/** A store in which vectors are made by a model for tests. */
export function openWithVectors(
  disk: FaultyBackend,
  embedder: TestEmbedder = createTestEmbedder(),
  model = 'words',
): Promise<SearchStore> {
  return openSearchStore({ disk, config: { vector: { model } }, createEmbedder: embedder.create });
}

/** The files of the index of alice. */
export function indexFiles(disk: FaultyBackend): string[] {
  return disk.paths.filter((path) => path.startsWith(`${searchFolder('users/alice')}/`));
}

/** What the messages and documents of alice say now, read without the index: text by key. */
export async function readAll(search: SearchStore) {
  const { listSessions, getMessages, listPanels, getPanelMessages, store } = search;
  const textByMessage = new Map<string, string>();
  const textBySpeech = new Map<string, string>();
  const textByChunk = new Map<string, string>();
  for (const { sessionId } of await listSessions('alice', { offset: 0, includeMetadata: false })) {
    for (const { messageId, content } of await getMessages('alice', sessionId, ALL)) {
      textByMessage.set(`${sessionId}/${messageId}`, content);
    }
  }
  for (const { panelId } of await listPanels()) {
    for (const { messageId, content } of await getPanelMessages(panelId, ALL)) {
      textBySpeech.set(`${panelId}/${messageId}`, content);
    }
  }
  await store.read('alice', async () => {
    const catalog = await store.user('alice');
    for (const { id, value } of catalog?.entities.document.values() ?? []) {
      const path = documentTextFile(store.folderOf('alice'), value.sessionId, id);
      for (const { index, text } of (await store.documents.readText(path)) ?? []) {
        textByChunk.set(`${value.sessionId}/${id}/${index}`, text);
      }
    }
  });
  return { textByMessage, textBySpeech, textByChunk };
}

/** The keys of the texts that hold a word. */
function keysWith(textByKey: ReadonlyMap<string, string>, word: string): string[] {
  return [...textByKey]
    .flatMap(([key, text]) => (text.split(' ').includes(word) ? [key] : []))
    .sort();
}

/** The keys of the texts that consist of one word. */
function keysOf(textByKey: ReadonlyMap<string, string>, word: string): string[] {
  return [...textByKey].flatMap(([key, text]) => (text === word ? [key] : [])).sort();
}

/** Expects that text search finds what there is, once each, and nothing else. */
export async function expectFound(search: SearchStore): Promise<void> {
  const { textByMessage, textBySpeech, textByChunk } = await readAll(search);
  for (const word of WORDS) {
    expect(await foundBy(search, 'alice', word), word).toEqual(
      [...keysWith(textByMessage, word), ...keysWith(textBySpeech, word)].sort(),
    );
    const chunks = await search.searchDocuments('alice', { query: word, limit: 1_000 });
    expect(
      chunks.map(({ sessionId, id, chunk }) => `${sessionId}/${id}/${chunk?.index}`).sort(),
      word,
    ).toEqual(keysWith(textByChunk, word));
  }
  // A search that looks through what is behind leaves it so.
  if (search.indexer.maxBytesBehind < 0) await search.searcher.whenIdle();
  expect(search.indexer.status().entries).toBe(
    textByMessage.size + textBySpeech.size + textByChunk.size,
  );
}

/** The same of the vectors, once everything is embedded. */
export async function expectSimilar(search: SearchStore): Promise<void> {
  // Only of users who were opened is anything done.
  await search.getUserProfile('alice');
  await search.searcher.whenIdle();
  const { textByMessage, textBySpeech, textByChunk } = await readAll(search);
  for (const word of WORDS) {
    expect(await similarTo(search, word), word).toEqual(keysOf(textByMessage, word));
    // Whoever speaks in a panel has a name, which is a part of what is embedded.
    expect(await similarTo(search, `Ada says: ${word}`), word).toEqual(keysOf(textBySpeech, word));
  }
  const count = textByMessage.size + textBySpeech.size + textByChunk.size;
  expect(search.searcher.embeddingStatus()).toMatchObject({ embedded: count, pending: 0 });
}

/** The messages whose vectors are as good as that of a text, as `session/message`, sorted. */
export async function similarTo(
  { searchSimilarMessages }: SearchStore,
  query: string,
  similarityThreshold = SAME,
): Promise<string[]> {
  const hits = await searchSimilarMessages('alice', { query, similarityThreshold, limit: 1_000 });
  return hits.map(({ sessionId, id }) => `${sessionId}/${id}`).sort();
}
