import { describe, expect, it } from 'vitest';
import { createFaultyBackend, type FaultyBackend } from '../../../support/faulty-backend.ts';
import { createMeteredBackend } from '../../../support/metered-backend.ts';
import { compactMessages } from '../../../../worker/store/compaction.ts';
import { foundBy, openSearchStore, putDocument, type SearchStore } from '../search-store.ts';
import { expectFound, indexFiles, say } from './index-support.ts';

const SESSIONS = 200;

async function createSessions(disk: FaultyBackend): Promise<void> {
  const search = await openSearchStore({ disk });
  await search.createUser('alice', {});
  for (let number = 0; number < SESSIONS; number++) {
    const sessionId = `s${number}`;
    await search.createSession('alice', { sessionId, title: 'x' });
    const word = number === 7 ? 'salt' : 'bread';
    await search.addMessages('alice', sessionId, [say('a', word), say('b', 'oven')]);
  }
  await search.searcher.whenIdle();
  await search.close();
}

async function createOne(disk: FaultyBackend): Promise<SearchStore> {
  const search = await openSearchStore({ disk });
  await search.createUser('alice', {});
  await search.createSession('alice', { sessionId: 's', title: 'x' });
  await search.addMessages('alice', 's', [say('a', 'baked bread'), say('b', 'salt')]);
  const document = { documentId: 'd', sessionId: 's', mimeType: 'text/plain' };
  await putDocument(search, document, ['bread']);
  await search.searcher.whenIdle();
  return search;
}

describe('an index that is opened again', { timeout: 60_000 }, () => {
  it('opens no log that has not changed, only those of the hits', async () => {
    const disk = createFaultyBackend();
    await createSessions(disk);
    const backend = createMeteredBackend(disk);
    const search = await openSearchStore({ disk, backend });
    const opens = () => backend.meter('messages.jsonl').opens;
    const before = opens();
    expect(await foundBy(search, 'alice', 'nothing')).toEqual([]);
    expect(opens() - before).toBe(0);
    expect(await foundBy(search, 'alice', 'salt')).toEqual(['s7/a']);
    expect(opens() - before).toBe(1);
    expect(search.indexer.status()).toMatchObject({ entries: 2 * SESSIONS, pendingSessions: 0 });
    // One more is read, and of it only what is new.
    await search.addMessage('alice', 's50', say('c', 'salt'));
    expect(await foundBy(search, 'alice', 'salt')).toEqual(['s50/c', 's7/a']);
    expect(opens() - before).toBeLessThanOrEqual(3);
    await search.close();
  });

  it('writes nothing when nothing has changed', async () => {
    const disk = createFaultyBackend();
    await (await createOne(disk)).close();
    const files = indexFiles(disk).map((path) => [path, disk.bytesOf(path)]);
    const backend = createMeteredBackend(disk);
    const search = await openSearchStore({ disk, backend });
    expect(await foundBy(search, 'alice', 'bread')).toEqual(['s/a']);
    await search.searcher.whenIdle();
    await search.close();
    expect(indexFiles(disk).map((path) => [path, disk.bytesOf(path)])).toEqual(files);
  });

  it('reads what came while nobody indexed, in logs that were rewritten too', async () => {
    const disk = createFaultyBackend();
    let search = await createOne(disk);
    await search.createSession('alice', { sessionId: 't', title: 'x' });
    await search.addMessages('alice', 't', [say('a', 'oven'), say('b', 'bread')]);
    await search.deleteMessage('alice', 's', 'a');
    await search.updateMessage('alice', 's', 'b', { content: 'yeast' });
    await compactMessages(search.store, 'alice', 's');
    await search.addMessage('alice', 's', say('c', 'bread'));
    await search.close();
    search = await openSearchStore({ disk });
    await expectFound(search);
    await search.close();
  });

  it('tells another session of the same id and length from the one it knows', async () => {
    const disk = createFaultyBackend();
    let search = await createOne(disk);
    const indexed = disk.disk('flushed');
    await search.deleteSession('alice', 's');
    await search.createSession('alice', { sessionId: 's', title: 'x' });
    await search.addMessages('alice', 's', [say('a', 'baked yeast'), say('b', 'oven')]);
    await search.close();
    // The index as it was before, as after a crash.
    const content = new Map(
      disk.paths
        .filter((path) => !path.includes('/search/'))
        .map((path) => [path, disk.bytesOf(path) ?? new Uint8Array(0)]),
    );
    for (const path of indexFiles(indexed)) {
      content.set(path, indexed.bytesOf(path) ?? new Uint8Array(0));
    }
    search = await openSearchStore({ disk: createFaultyBackend({}, content) });
    expect(await foundBy(search, 'alice', 'bread')).toEqual([]);
    expect(await foundBy(search, 'alice', 'yeast')).toEqual(['s/a']);
    await search.close();
  });

  it('is made anew for another language', async () => {
    const disk = createFaultyBackend();
    await (await createOne(disk)).close();
    for (const [language, query, found] of [
      ['none', 'baking', []],
      ['english', 'baking', ['s/a']],
      ['none', 'baked', ['s/a']],
    ] as const) {
      const before = new Set(indexFiles(disk));
      const search = await openSearchStore({ disk, config: { search: { language } } });
      expect(await foundBy(search, 'alice', query)).toEqual(found);
      await search.searcher.whenIdle();
      expect(search.indexer.status()).toMatchObject({ entries: 3, segments: 2 });
      await search.close();
      expect(indexFiles(disk).length).toBe(before.size);
    }
  });

  it('removes what is left over, and nothing else', async () => {
    const disk = createFaultyBackend();
    await (await createOne(disk)).close();
    const files = indexFiles(disk);
    const manifest = files.find((path) => path.includes('manifest')) ?? '';
    const content = new Map(
      disk.paths.map((path) => [path, disk.bytesOf(path) ?? new Uint8Array(0)] as const),
    );
    const bytes = content.get(manifest) ?? new Uint8Array(0);
    const leftovers = {
      '99.segment': bytes,
      '99.vectors': bytes,
      'manifest-98.jsonl': bytes.slice(0, 20),
      unknown: bytes,
    };
    for (const [name, left] of Object.entries(leftovers)) {
      content.set(`users/alice/search/${name}`, left);
    }
    const next = createFaultyBackend({}, content);
    const search = await openSearchStore({ disk: next });
    expect(await foundBy(search, 'alice', 'bread')).toEqual(['s/a']);
    expect(indexFiles(next)).toEqual(files);
    await search.addMessage('alice', 's', say('c', 'oven'));
    await search.searcher.whenIdle();
    // No number comes back: somebody may still have had the old file open.
    expect(indexFiles(next).some((path) => /\/1\d\d\.segment$/.test(path))).toBe(true);
    await search.close();
  });
});

describe('a full disk', { timeout: 60_000 }, () => {
  it('keeps neither searches nor writes from going on, and costs nothing for good', async () => {
    const disk = createFaultyBackend();
    const search = await createOne(disk);
    const used = () => disk.paths.reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);
    const before = indexFiles(disk);
    for (const room of [2_000, 2_600, 3_200]) {
      // Enough for messages and their offsets, not for a segment.
      disk.setQuota(used() + room);
      await search.addMessage('alice', 's', say(`room ${room}`, 'oven'));
      disk.setQuota(used() + 10);
      await search.searcher.whenIdle();
      await expectFound(search);
      await search.searcher.optimize('alice').catch(() => undefined);
      await expectFound(search);
      expect(indexFiles(disk)).toEqual(before);
      await expect(
        search.addMessage('alice', 's', say('too long', 'bread '.repeat(500))),
      ).rejects.toMatchObject({ code: 'quota' });
      await expectFound(search);
    }
    disk.setQuota(Infinity);
    await search.searcher.whenIdle();
    expect(indexFiles(disk).length).toBeGreaterThan(before.length);
    await expectFound(search);
    await search.close();
    const next = await openSearchStore({ disk: disk.disk('flushed') });
    await expectFound(next);
    await next.close();
  });

  it('while a merge writes leaves everything as it was', async () => {
    const disk = createFaultyBackend();
    const search = await createOne(disk);
    for (const id of ['c', 'd']) {
      await search.addMessage('alice', 's', say(id, 'bread'));
      await search.searcher.whenIdle();
    }
    const before = indexFiles(disk);
    for (const [kind, path] of [
      ['write', /\.segment$/],
      ['flush', /\.segment$/],
      ['write', /manifest/],
    ] as const) {
      expect(indexFiles(disk)).toEqual(before);
      disk.failOnce(kind, { path });
      await expect(search.searcher.optimize('alice')).rejects.toMatchObject({ code: 'io' });
      await expectFound(search);
      const left = await openSearchStore({ disk: disk.disk('written') });
      await expectFound(left);
      await left.close();
    }
    await search.addMessage('alice', 's', say('e', 'bread'));
    await search.searcher.whenIdle();
    await search.searcher.optimize('alice');
    await expectFound(search);
    await search.close();
    const next = await openSearchStore({ disk: disk.disk('flushed') });
    await expectFound(next);
    expect(indexFiles(next.disk).filter((path) => path.endsWith('.segment'))).toHaveLength(2);
    await next.close();
  });
});
