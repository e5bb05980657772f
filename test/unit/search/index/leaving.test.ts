import { describe, expect, it } from 'vitest';
import { createFaultyBackend } from '../../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../../support/stores.ts';
import { createTestEmbedder } from '../../../support/test-embedder.ts';
import { foundBy, putDocument, type SearchStore } from '../search-store.ts';
import { expectFound, expectSimilar, indexFiles, openWithVectors, say } from './index-support.ts';

const ALICE = /^users\/alice[./]/;

async function fill(search: SearchStore): Promise<void> {
  await search.createUser('alice', {});
  await search.createSession('alice', { sessionId: 's', title: 'x' });
  const document = { documentId: 'd', sessionId: 's', mimeType: 'text/plain' };
  await putDocument(search, document, ['bread', 'salt']);
  for (const id of ['a', 'b', 'c']) {
    await search.addMessage('alice', 's', say(id, 'bread'));
    await search.searcher.whenIdle();
  }
  await search.addMessage('alice', 's', say('new', 'salt'));
}

/** Work on an index, and where on the disk it can be held up. */
const WORK: Record<string, { path: RegExp; start(search: SearchStore): Promise<unknown> }> = {
  'is written': {
    path: /search\/\d+\.segment$/,
    start: ({ searcher }) => searcher.whenIdle(),
  },
  'is committed': {
    path: /search\/manifest/,
    start: ({ searcher }) => searcher.whenIdle(),
  },
  'is merged': {
    path: /search\/\d+\.segment$/,
    start: ({ searcher }) => searcher.optimize('alice'),
  },
};

describe('an index that nobody needs any more', { timeout: 30_000 }, () => {
  it.each(Object.entries(WORK))(
    'does not come back when it %s as its user is deleted',
    async (_, work) => {
      const disk = createFaultyBackend();
      const search = await openWithVectors(disk);
      await fill(search);
      const { reached, release } = disk.hold('flush', { path: work.path });
      const working = work.start(search);
      await reached;
      const deleting = search.deleteUser('alice', true);
      const searching = foundBy(search, 'alice', 'bread');
      release();
      expect(await deleting).toBe(true);
      await working;
      expect([[], ['s/a', 's/b', 's/c']]).toContainEqual(await searching);
      await search.searcher.whenIdle();
      expect(disk.paths.filter((path) => ALICE.test(path))).toEqual([]);
      expect(await foundBy(search, 'alice', 'bread')).toEqual([]);
      expect(search.indexer.status()).toEqual({
        entries: 0,
        pendingSessions: 0,
        segments: 0,
        bytes: 0,
      });
      // Another user of that name has an index like any other.
      await search.createUser('alice', {});
      await search.createSession('alice', { sessionId: 's', title: 'x' });
      await search.addMessage('alice', 's', say('a', 'oven'));
      await expectFound(search);
      await expectSimilar(search);
      await search.close();
    },
  );

  it('does not come back when its user is deleted while texts are embedded', async () => {
    const disk = createFaultyBackend();
    const embedder = createTestEmbedder();
    const search = await openWithVectors(disk, embedder);
    await fill(search);
    const { reached, release } = embedder.hold();
    const working = search.searcher.whenIdle();
    await reached;
    expect(await search.deleteUser('alice', true)).toBe(true);
    release();
    await working;
    await search.searcher.whenIdle();
    expect(disk.paths.filter((path) => ALICE.test(path))).toEqual([]);
    expect(search.searcher.embeddingStatus()).toMatchObject({ status: 'ready', embedded: 0 });
    await search.close();
    expect(disk.paths.filter((path) => ALICE.test(path))).toEqual([]);
  });

  it.each(Object.entries(WORK))(
    'forgets a session that is deleted while it %s',
    async (_, work) => {
      const disk = createFaultyBackend();
      const search = await openWithVectors(disk);
      await fill(search);
      await search.createSession('alice', { sessionId: 't', title: 'x' });
      await search.addMessage('alice', 't', say('kept', 'bread'));
      const { reached, release } = disk.hold('flush', { path: work.path });
      const working = work.start(search);
      await reached;
      await search.deleteSession('alice', 's');
      release();
      await working;
      expect(await foundBy(search, 'alice', 'bread')).toEqual(['t/kept']);
      await expectFound(search);
      await search.searcher.whenIdle();
      await search.close();
      const next = await openWithVectors(disk.disk('flushed'));
      await expectFound(next);
      await expectSimilar(next);
      await next.close();
    },
  );

  it('of a user that a restore replaces stays behind', async () => {
    const disk = createFaultyBackend();
    let engine = await openTestEngine(disk, createClock());
    let { api } = engine;
    const find = async (query: string) =>
      (await api.searchMessages('alice', { query, minRelevanceScore: 0 })).map(({ id }) => id);
    await api.createUser('alice', {});
    await api.createSession('alice', { sessionId: 's', title: 'x' });
    await api.addMessage('alice', 's', say('a', 'bread'));
    await api.backupData('copy', {});
    await api.addMessage('alice', 's', say('b', 'bread'));
    await api.updateMessage('alice', 's', 'a', { content: 'salt' });
    expect(await find('bread')).toEqual(['b']);
    const { reached, release } = disk.hold('flush', { path: /search\/\d+\.segment$/ });
    const working = api.whenIdle();
    await reached;
    const restoring = api.restoreData('copy', {});
    release();
    await restoring;
    await working;
    expect(await find('bread')).toEqual(['a']);
    expect(await find('salt')).toEqual([]);
    await api.whenIdle();
    await engine.close();
    expect(disk.paths.filter((path) => path.startsWith('users/alice/'))).toEqual([]);
    expect(indexFiles(disk)).toEqual([]);
    engine = await openTestEngine(disk.disk('flushed'), createClock());
    api = engine.api;
    expect(await find('bread')).toEqual(['a']);
    await engine.close();
  });

  it('is let go of while it is opened, rebuilt and searched, again and again', async () => {
    const disk = createFaultyBackend();
    const search = await openWithVectors(disk);
    for (let round = 0; round < 10; round++) {
      await search.createUser('alice', {});
      await search.createSession('alice', { sessionId: 's', title: 'x' });
      await search.addMessage('alice', 's', say('a', 'bread'));
      const work = [
        search.indexer.rebuild('alice'),
        foundBy(search, 'alice', 'bread'),
        search.searcher.whenIdle(),
        search.searcher.optimize(),
      ];
      // The further the work has come, the later in the list of rounds.
      for (let turn = 0; turn < round * 4; turn++) await Promise.resolve();
      await search.deleteUser('alice', true);
      await Promise.all(work);
      expect(disk.paths.filter((path) => ALICE.test(path))).toEqual([]);
    }
    await search.close();
  });
});
