import { describe, expect, it } from 'vitest';
import type { NewMessage } from '../../../src/shared/contract.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createMemoryBackend } from '../../../worker/backend/memory.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createMeteredBackend } from '../../support/metered-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

function message(messageId: string): NewMessage {
  return { messageId, role: 'user', content: `text of ${messageId}` };
}

async function createUserWithSessions(disk: FaultyBackend, count: number): Promise<Engine> {
  const engine = await openTestEngine(disk, createClock());
  await engine.api.createUser('alice', {});
  for (let index = 0; index < count; index++) {
    await engine.api.createSession('alice', { sessionId: `s${index}`, title: 'title' });
  }
  return engine;
}

async function listOf({ api }: Engine): Promise<[string, number, string][]> {
  const sessions = await api.listSessions('alice', { offset: 0, includeMetadata: false });
  return sessions.map(({ sessionId, messageCount, updatedAt }) => [
    sessionId,
    messageCount,
    updatedAt,
  ]);
}

describe('counts and the order of activity', () => {
  it('are the same after a crash as before it, however many sessions were written to', async () => {
    const disk = createFaultyBackend();
    const engine = await createUserWithSessions(disk, 30);
    for (let step = 0; step < 200; step++) {
      const sessionId = `s${(step * 7) % 30}`;
      await engine.api.addMessage('alice', sessionId, message(`m${step}`));
      if (step % 5 === 0) await engine.api.deleteMessage('alice', sessionId, `m${step}`);
    }
    const expected = await listOf(engine);
    expect(await listOf(await openTestEngine(disk.disk('flushed')))).toEqual(expected);
    expect(expected.reduce((sum, [, count]) => sum + count, 0)).toBe(160);
  });

  it('are the same after the store was closed, without a log being opened', async () => {
    const disk = createFaultyBackend();
    const engine = await createUserWithSessions(disk, 30);
    for (let step = 0; step < 100; step++) {
      await engine.api.addMessage('alice', `s${(step * 7) % 30}`, message(`m${step}`));
    }
    const expected = await listOf(engine);
    await engine.close();
    const backend = createMeteredBackend(disk.disk('flushed'));
    expect(await listOf(await openTestEngine(backend))).toEqual(expected);
    expect(backend.meter('messages.jsonl').opens).toBe(0);
  });

  it('cost an opening after a crash the reading of a few sessions', async () => {
    const disk = createFaultyBackend();
    const engine = await createUserWithSessions(disk, 30);
    for (let index = 0; index < 30; index++) {
      await engine.api.addMessage('alice', `s${index}`, message('m'));
    }
    const backend = createMeteredBackend(disk.disk('flushed'));
    await listOf(await openTestEngine(backend));
    expect(backend.meter('messages.jsonl').opens).toBeLessThanOrEqual(8);
  });

  it('follow what is done within one millisecond', async () => {
    const disk = createFaultyBackend();
    const engine = await openTestEngine(disk, () => 1_000);
    await engine.api.createUser('alice', {});
    for (const sessionId of ['s1', 's2', 's3']) {
      await engine.api.createSession('alice', { sessionId, title: 'title' });
      await engine.api.addMessage('alice', sessionId, message('m'));
    }
    const ids = async () => (await listOf(engine)).map(([sessionId]) => sessionId);
    expect(await ids()).toEqual(['s3', 's2', 's1']);
    await engine.api.updateMessage('alice', 's1', 'm', { content: 'edited' });
    expect(await ids()).toEqual(['s1', 's3', 's2']);
    await engine.api.updateSession('alice', 's2', { title: 'renamed' });
    expect(await ids()).toEqual(['s2', 's1', 's3']);
    await engine.api.deleteMessage('alice', 's3', 'm');
    expect(await ids()).toEqual(['s3', 's2', 's1']);
  });

  it('do not follow a call that changes nothing', async () => {
    const engine = await createUserWithSessions(createFaultyBackend(), 2);
    await engine.api.addMessage('alice', 's0', message('m'));
    await engine.api.addMessage('alice', 's1', message('m'));
    const expected = await listOf(engine);
    await engine.api.addMessage('alice', 's0', message('m'));
    await engine.api.updateMessage('alice', 's0', 'm', { content: message('m').content });
    await engine.api.updateMessage('alice', 's0', 'none', { content: 'x' });
    await engine.api.deleteMessage('alice', 's0', 'none');
    await engine.api.getMessages('alice', 's0', { offset: 0, reverse: false });
    expect(await listOf(engine)).toEqual(expected);
  });

  it('are right again after a write that failed', async () => {
    const disk = createFaultyBackend();
    const engine = await createUserWithSessions(disk, 2);
    await engine.api.addMessage('alice', 's0', message('m'));
    await engine.api.addMessage('alice', 's1', message('m'));
    const expected = await listOf(engine);
    disk.failOnce('write', { path: 'users/alice/sessions/s0/messages.jsonl' });
    await expect(engine.api.addMessage('alice', 's0', message('lost'))).rejects.toMatchObject({
      code: 'io',
    });
    expect(new Map((await listOf(engine)).map(([id, count]) => [id, count]))).toEqual(
      new Map(expected.map(([id, count]) => [id, count])),
    );
    await engine.close();
    expect(new Set(await listOf(await openTestEngine(disk.disk('flushed'))))).toEqual(
      new Set(expected),
    );
  });
});

describe('a session of a store that was closed', () => {
  it('is opened and paged without reading its log', async () => {
    const disk = createFaultyBackend();
    const engine = await createUserWithSessions(disk, 1);
    const batch = Array.from({ length: 500 }, (_, index) => message(`m${index}`));
    await engine.api.addMessages('alice', 's0', batch);
    await engine.close();
    const backend = createMeteredBackend(disk.disk('flushed'));
    const { api } = await openTestEngine(backend);
    const page = { offset: 0, limit: 10, reverse: true };
    expect(await api.getMessages('alice', 's0', page)).toHaveLength(10);
    expect(backend.meter('messages.jsonl').bytesRead).toBeLessThan(4_096);
  });
});

describe('many sessions', () => {
  it('are read and written with few files open', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const { api, close } = await openTestEngine(backend, createClock(), {
      storage: { maxOpenHandles: 4 },
    });
    await api.createUser('alice', {});
    for (let index = 0; index < 100; index++) {
      await api.createSession('alice', { sessionId: `s${index}`, title: 'title' });
      await api.addMessage('alice', `s${index}`, message('m'));
    }
    for (let index = 0; index < 100; index++) {
      expect(await api.getMessage('alice', `s${index}`, 'm')).not.toBeNull();
      expect(backend.openCount).toBeLessThanOrEqual(6);
    }
    await close();
    expect(backend.openCount).toBe(0);
  });
});
