import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

async function createStore(): Promise<{ disk: FaultyBackend; engine: Engine }> {
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk, createClock());
  await engine.api.createUser('alice', {});
  for (const sessionId of ['s1', 's2']) await addSession(engine, sessionId);
  return { disk, engine };
}

async function addSession({ api }: Engine, sessionId: string): Promise<void> {
  await api.createSession('alice', { sessionId, title: 'title' });
  await api.addMessage('alice', sessionId, { messageId: 'm1', role: 'user', content: 'hello' });
}

async function sessionIds({ api }: Engine): Promise<string[]> {
  const sessions = await api.listSessions('alice', { offset: 0, includeMetadata: false });
  return sessions.map(({ sessionId }) => sessionId);
}

function foldersOf(disk: FaultyBackend): string[] {
  const folders = disk.paths.map((path) => path.split('/').slice(0, -1).join('/'));
  return [...new Set(folders)].filter((folder) => folder.startsWith('users/'));
}

describe('a deleted session', () => {
  it('leaves no file', async () => {
    const { disk, engine } = await createStore();
    expect(await engine.api.deleteSession('alice', 's1')).toBe(true);
    expect(foldersOf(disk)).toEqual(['users/alice', 'users/alice/sessions/s2']);
    expect(await engine.api.deleteSession('alice', 's1')).toBe(false);
  });

  it('is deleted although its files cannot be removed, which the next opening does', async () => {
    const { disk, engine } = await createStore();
    disk.failOnce('remove');
    expect(await engine.api.deleteSession('alice', 's1')).toBe(true);
    expect(await engine.api.getMessages('alice', 's1', { offset: 0, reverse: false })).toEqual([]);
    expect(foldersOf(disk)).toContain('users/alice/sessions/s1');

    const survivor = disk.disk('flushed');
    const later = await openTestEngine(survivor);
    expect(await sessionIds(later)).toEqual(['s2']);
    await later.close();
    expect(foldersOf(survivor)).toEqual(['users/alice', 'users/alice/sessions/s2']);
  });

  it('is still there when its deletion could not be written', async () => {
    const { disk, engine } = await createStore();
    disk.failOnce('write', { path: 'users/alice/catalog.jsonl' });
    await expect(engine.api.deleteSession('alice', 's1')).rejects.toMatchObject({ code: 'io' });
    expect(await sessionIds(engine)).toEqual(['s2', 's1']);
    expect(await engine.api.getMessage('alice', 's1', 'm1')).toMatchObject({ content: 'hello' });
    expect(await sessionIds(await openTestEngine(disk.disk('flushed')))).toEqual(['s2', 's1']);
  });
});

describe('a deleted user', () => {
  it('leaves no file', async () => {
    const { disk, engine } = await createStore();
    expect(await engine.api.deleteUser('alice', true)).toBe(true);
    expect(foldersOf(disk)).toEqual([]);
  });

  it('is left alone without force while there are sessions', async () => {
    const { engine } = await createStore();
    expect(await engine.api.deleteUser('alice', false)).toBe(false);
    expect(await sessionIds(engine)).toEqual(['s2', 's1']);
    for (const sessionId of ['s1', 's2']) await engine.api.deleteSession('alice', sessionId);
    expect(await engine.api.deleteUser('alice', false)).toBe(true);
  });

  it('is deleted although the files cannot be removed, which the next opening does', async () => {
    const { disk, engine } = await createStore();
    disk.failOnce('remove');
    expect(await engine.api.deleteUser('alice', true)).toBe(true);
    expect(await engine.api.userExists('alice')).toBe(false);
    const survivor = disk.disk('flushed');
    const later = await openTestEngine(survivor);
    expect(await later.api.listUsers()).toEqual([]);
    await later.close();
    expect(foldersOf(survivor)).toEqual([]);
  });

  it('may be created again at once, without anything of before, and nothing sweeps the new one', async () => {
    const { disk, engine } = await createStore();
    disk.failOnce('remove');
    await engine.api.deleteUser('alice', true);
    const survivor = disk.disk('flushed');
    survivor.failOnce('remove');
    const later = await openTestEngine(survivor);
    expect(await later.api.userExists('alice')).toBe(false);
    expect(await later.api.createUser('alice', {})).toBe(true);
    expect(await sessionIds(later)).toEqual([]);
    await addSession(later, 's3');
    await later.close();
    expect(await sessionIds(await openTestEngine(survivor.disk('flushed')))).toEqual(['s3']);
  });

  it('is not found by a search any more, nor is anything of before in one of the same name', async () => {
    const { engine } = await createStore();
    const query = { query: 'hello', minRelevanceScore: 0 };
    expect(await engine.api.searchMessages('alice', query)).toHaveLength(2);
    await engine.api.deleteSession('alice', 's1');
    expect(await engine.api.searchMessages('alice', query)).toHaveLength(1);
    await engine.api.deleteUser('alice', true);
    expect(await engine.api.searchMessages('alice', query)).toEqual([]);
    await engine.api.createUser('alice', {});
    expect(await engine.api.searchMessages('alice', query)).toEqual([]);
  });
});
