import { describe, expect, it } from 'vitest';
import type { NewMessage } from '../../../src/shared/contract.ts';
import { FFQuotaExceededError } from '../../../src/shared/errors.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot } from '../../support/snapshot.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

function message(messageId: string, content = `text of ${messageId}`): NewMessage {
  return { messageId, role: 'user', content };
}

function usedBytes(disk: FaultyBackend): number {
  return disk.paths.reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);
}

async function createStore(): Promise<{ disk: FaultyBackend; engine: Engine }> {
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk, createClock());
  await engine.api.createUser('alice', { name: 'Alice' });
  await engine.api.createSession('alice', { sessionId: 's1', title: 'title' });
  await engine.api.addMessages('alice', 's1', [message('a'), message('b')]);
  return { disk, engine };
}

const CALLS: readonly [string, (api: Engine['api']) => Promise<unknown>][] = [
  ['createUser', (api) => api.createUser('Bob', {})],
  ['updateUserProfile', (api) => api.updateUserProfile('alice', { name: 'x'.repeat(200) })],
  ['createSession', (api) => api.createSession('alice', { sessionId: 's2', title: 'second' })],
  ['updateSession', (api) => api.updateSession('alice', 's1', { title: 'renamed' })],
  ['addMessage', (api) => api.addMessage('alice', 's1', message('c'))],
  ['addMessages', (api) => api.addMessages('alice', 's1', [message('c'), message('d')])],
  ['updateMessage', (api) => api.updateMessage('alice', 's1', 'a', { content: 'edited' })],
  ['deleteMessage', (api) => api.deleteMessage('alice', 's1', 'a')],
];

describe('a full disk', () => {
  it.each(CALLS)(
    'refuses %s, keeps what was there, and goes on once there is space',
    async (_, call) => {
      // However much of the write still fits.
      for (const room of [0, 1, 60]) {
        const { disk, engine } = await createStore();
        const before = await takeSnapshot(engine);
        disk.setQuota(usedBytes(disk) + room);
        await expect(call(engine.api)).rejects.toBeInstanceOf(FFQuotaExceededError);
        expect(await takeSnapshot(engine)).toEqual(before);

        disk.setQuota(Infinity);
        await call(engine.api);
        const after = await takeSnapshot(engine);
        expect(after).not.toEqual(before);
        const reopened = await openTestEngine(disk.disk('flushed'));
        expect(await takeSnapshot(reopened)).toEqual(after);
      }
    },
  );

  it('leaves nothing of the first user, who can be created once there is space', async () => {
    for (const room of [0, 100, 200, 300]) {
      const disk = createFaultyBackend();
      const { api } = await openTestEngine(disk, createClock());
      disk.setQuota(usedBytes(disk) + room);
      const created = await api.createUser('alice', {}).catch((error: unknown) => error);
      if (created === true) continue;
      expect(created).toBeInstanceOf(FFQuotaExceededError);
      for (const later of [api, (await openTestEngine(disk.disk('written'))).api]) {
        expect(await later.userExists('alice'), `${room}`).toBe(false);
      }
      disk.setQuota(Infinity);
      expect(await api.createUser('alice', {})).toBe(true);
    }
  });

  it('is read and searched like any other', async () => {
    const { disk, engine } = await createStore();
    const before = await takeSnapshot(engine);
    disk.setQuota(0);
    const reopened = disk.disk('flushed');
    reopened.setQuota(0);
    const again = await openTestEngine(reopened);
    expect(await takeSnapshot(again)).toEqual(before);
    const hits = await again.api.searchMessages('alice', { query: 'text', minRelevanceScore: 0 });
    expect(hits).toHaveLength(2);
    await again.close();
  });

  it('refuses one message that is too long and takes a shorter one', async () => {
    const { disk, engine } = await createStore();
    await engine.api.addMessage('alice', 's1', message('c'));
    disk.setQuota(usedBytes(disk) + 1_000);
    const long = engine.api.addMessage('alice', 's1', message('long', 'x'.repeat(2_000)));
    await expect(long).rejects.toBeInstanceOf(FFQuotaExceededError);
    expect(await engine.api.addMessage('alice', 's1', message('short'))).toBe(true);
    const messages = await engine.api.getMessages('alice', 's1', { offset: 0, reverse: false });
    expect(messages.map(({ messageId }) => messageId)).toEqual(['a', 'b', 'c', 'short']);
  });

  it('does not keep the store from closing', async () => {
    const { disk, engine } = await createStore();
    disk.setQuota(0);
    await engine.close();
    const { api } = await openTestEngine(disk.disk('written'));
    expect(await api.getMessages('alice', 's1', { offset: 0, reverse: false })).toHaveLength(2);
  });

  it('refuses each of many calls that are made at once, whole', async () => {
    const { disk, engine } = await createStore();
    disk.setQuota(usedBytes(disk) + 500);
    const calls = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        engine.api.addMessage('alice', 's1', message(`m${index}`)),
      ),
    );
    const accepted = calls.flatMap(({ status }, index) =>
      status === 'fulfilled' ? [`m${index}`] : [],
    );
    expect(accepted.length).toBeLessThan(40);
    const { api } = await openTestEngine(disk.disk('written'));
    const ids = (await api.getMessages('alice', 's1', { offset: 2, reverse: false })).map(
      ({ messageId }) => messageId,
    );
    expect(ids).toEqual(accepted);
  });
});
