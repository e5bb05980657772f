import { describe, expect, it } from 'vitest';
import { createFaultyBackend, type FaultyBackend } from '../../../support/faulty-backend.ts';
import { createTestEmbedder } from '../../../support/test-embedder.ts';
import { putDocument, removeDocument, type SearchStore } from '../search-store.ts';
import { expectFound, expectSimilar, indexFiles, openWithVectors, say } from './index-support.ts';

const commit = ({ searcher }: SearchStore) => searcher.whenIdle();
const add = (session: string, id: string, word: string) => (search: SearchStore) =>
  search.addMessage('alice', session, say(id, word));

/** With commits between all kinds of changes, and with merges beside them. */
const WORKLOAD: readonly ((search: SearchStore) => Promise<unknown>)[] = [
  add('s0', 'a', 'bread'),
  ({ addMessages }) =>
    addMessages('alice', 's1', [say('b', 'salt'), say('c', 'oven'), say('d', 'salt')]),
  commit,
  ({ updateMessage }) => updateMessage('alice', 's1', 'b', { content: 'yeast' }),
  (search) => putDocument(search, DOCUMENT, ['bread', 'salt', 'oven']),
  commit,
  ({ deleteMessage }) => deleteMessage('alice', 's1', 'd'),
  add('s0', 'e', 'oven'),
  (search) => Promise.all([commit(search), search.searcher.optimize('alice')]),
  async (search) => {
    const merging = search.searcher.optimize('alice');
    await putDocument(search, { ...DOCUMENT, documentId: 'other' }, ['salt', 'salt']);
    await search.updateMessage('alice', 's0', 'e', { content: 'bread' });
    await Promise.all([merging, commit(search)]);
  },
  async ({ deleteSession, createSession }) => {
    await deleteSession('alice', 's1');
    await createSession('alice', { sessionId: 's1', title: 'x' });
  },
  add('s1', 'b', 'bread'),
  (search) => Promise.all([search.searcher.optimize(), commit(search)]),
  (search) => removeDocument(search, DOCUMENT.documentId),
  add('s1', 'c', 'yeast'),
  ({ close }) => close(),
];

const DOCUMENT = { documentId: 'd', sessionId: 's0', mimeType: 'text/plain' };

async function createBase(): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const search = await openWithVectors(disk);
  await search.createUser('alice', {});
  for (const sessionId of ['s0', 's1']) {
    await search.createSession('alice', { sessionId, title: 'x' });
  }
  await search.close();
  return disk.disk('flushed');
}

/** Runs the workload until the disk is dead. */
async function work(disk: FaultyBackend): Promise<void> {
  const search = await openWithVectors(disk);
  try {
    for (const step of WORKLOAD) await step(search);
  } catch (error) {
    if (!disk.crashed) throw error;
  }
  await search.close().catch(() => undefined);
}

describe('a crash while an index is written', { timeout: 60_000 }, () => {
  it('leaves one that is right, wherever it happens', async () => {
    const base = await createBase();
    let step = 0;
    for (; ; step++) {
      const disk = base.disk('flushed');
      disk.crashAt({ step, part: step % 2 === 0 ? 0 : 0.5 });
      await work(disk);
      if (!disk.crashed) break;
      // After a power cut, or after the end of the process only.
      const left = disk.disk(step % 3 === 0 ? 'written' : 'flushed');
      const search = await openWithVectors(left);
      await expectFound(search);
      if (step % 5 === 0) await expectSimilar(search);
      await search.close();
      // What the crash has left over is gone.
      const manifests = indexFiles(left).filter((path) => path.includes('manifest'));
      expect(manifests.length).toBeLessThanOrEqual(1);
    }
    expect(step).toBeGreaterThan(60);
  });

  it('costs no vector that was made and flushed', async () => {
    const disk = await createBase();
    const embedder = createTestEmbedder();
    let search = await openWithVectors(disk, embedder);
    for (const id of ['a', 'b', 'c']) {
      await add('s0', id, `bread ${id}`)(search);
      await commit(search);
    }
    await search.searcher.optimize();
    const made = [...embedder.texts];
    expect(made.sort()).toEqual(['words: bread a', 'words: bread b', 'words: bread c']);
    const left = search;
    search = await openWithVectors(disk.disk('flushed'), embedder);
    await left.close();
    await search.getUserProfile('alice');
    await search.searcher.whenIdle();
    expect(search.searcher.embeddingStatus()).toMatchObject({ embedded: 3, pending: 0 });
    expect([...embedder.texts].sort()).toEqual(made);
    await search.close();
  });
});
