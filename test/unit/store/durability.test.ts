import { describe, expect, it } from 'vitest';
import type { NewMessage } from '../../../src/shared/contract.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { createMeteredBackend } from '../../support/metered-backend.ts';
import { takeSnapshot } from '../../support/snapshot.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

const LOG = 'messages.jsonl';

function message(messageId: string): NewMessage {
  return { messageId, role: 'user', content: `text of ${messageId}` };
}

async function openWith(durability: 'flushed' | 'written', keepsUnflushedWrites: boolean) {
  const disk = createFaultyBackend({ keepsUnflushedWrites });
  const backend = createMeteredBackend(disk);
  const engine = await openTestEngine(backend, createClock(), { storage: { durability } });
  await engine.api.createUser('alice', {});
  await engine.api.createSession('alice', { sessionId: 's1', title: 'title' });
  return { disk, backend, engine };
}

describe('storage.durability', () => {
  it.each([
    ['flushed', true, 1],
    ['flushed', false, 1],
    ['written', true, 0],
    // A backend that keeps writes in memory until it is flushed would lose them with the tab.
    ['written', false, 1],
  ] as const)(
    '%s, where unflushed writes survive: %j, flushes a message %d times',
    async (...row) => {
      const [durability, keepsUnflushedWrites, flushes] = row;
      const { backend, engine } = await openWith(durability, keepsUnflushedWrites);
      await engine.api.addMessage('alice', 's1', message('a'));
      expect(backend.meter(LOG)).toMatchObject({ writes: 1, flushes });
      await engine.close();
    },
  );

  it('written survives the end of the process at any time', async () => {
    const { disk, engine } = await openWith('written', true);
    for (const id of ['a', 'b', 'c']) await engine.api.addMessage('alice', 's1', message(id));
    const expected = await takeSnapshot(engine);
    expect(await takeSnapshot(await openTestEngine(disk.disk('written')))).toEqual(expected);
  });

  it('written survives a power cut once whenIdle has resolved', async () => {
    const { disk, engine } = await openWith('written', true);
    for (const id of ['a', 'b', 'c']) await engine.api.addMessage('alice', 's1', message(id));
    const expected = await takeSnapshot(engine);
    await engine.api.whenIdle();
    expect(await takeSnapshot(await openTestEngine(disk.disk('flushed')))).toEqual(expected);
  });

  it('written survives a power cut once the store is closed', async () => {
    const { disk, engine } = await openWith('written', true);
    await engine.api.addMessages('alice', 's1', [message('a'), message('b')]);
    const expected = await takeSnapshot(engine);
    await engine.close();
    expect(await takeSnapshot(await openTestEngine(disk.disk('flushed')))).toEqual(expected);
  });

  it('written is never half of a batch after a power cut', async () => {
    const { disk, engine } = await openWith('written', true);
    await engine.api.whenIdle();
    await engine.api.addMessages('alice', 's1', [message('a'), message('b')]);
    const { api } = await openTestEngine(disk.disk('flushed'));
    expect(await api.getMessages('alice', 's1', { offset: 0, reverse: false })).toEqual([]);
    expect(await api.getSession('alice', 's1')).toMatchObject({ messageCount: 0 });
  });
});
