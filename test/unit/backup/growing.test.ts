import { describe, expect, it } from 'vitest';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { openGrowingStore, readMessages } from '../../support/growing-store.ts';
import { exportBytes, importBytes } from './support.ts';

async function openWithReply() {
  const store = await openGrowingStore(createFaultyBackend());
  const { api } = store.engine;
  await api.createUser('alice', {});
  await api.createSession('alice', { sessionId: 's1', title: '' });
  await api.addMessage('alice', 's1', { messageId: 'q', role: 'user', content: 'Why?' });
  await api.beginMessage('alice', 's1', { messageId: 'a', role: 'assistant', content: '' });
  await api.growMessage('alice', 's1', 'a', 0, 'Because');
  await api.whenIdle();
  return store;
}

describe('a backup of a message that grows', { timeout: 30_000 }, () => {
  it('holds its text so far, as that of a message that was interrupted', async () => {
    const { engine } = await openWithReply();
    const archive = await exportBytes(engine);
    await engine.api.growMessage('alice', 's1', 'a', 7, ' of that');
    expect(await readMessages(engine)).toMatchObject([
      {},
      { content: 'Because of that', status: 'streaming' },
    ]);

    const other = await openGrowingStore(createFaultyBackend());
    expect(await importBytes(other.engine, archive)).toMatchObject({ messages: 2 });
    const [, restored] = await readMessages(other.engine);
    expect(restored).toMatchObject({ content: 'Because', status: 'interrupted', parentId: 'q' });
    // Nobody is waited for: it is found, and can be completed.
    const { api } = other.engine;
    const hits = await api.searchMessages('alice', { query: 'because', minRelevanceScore: 0 });
    expect(hits).toMatchObject([{ id: 'a' }]);
    expect(await api.endMessage('alice', 's1', 'a', { content: 'Because.' })).toMatchObject({
      content: 'Because.',
    });
  });

  it('ends what was growing in the place of what it restores', async () => {
    const { engine } = await openWithReply();
    await engine.api.backupData('one', {});
    await engine.api.beginMessage('alice', 's1', {
      messageId: 'b',
      role: 'assistant',
      content: '',
    });
    await engine.api.restoreData('one', {});
    expect(await engine.api.growMessage('alice', 's1', 'a', 7, '!')).toBeNull();
    expect(await engine.api.growMessage('alice', 's1', 'b', 0, '!')).toBeNull();
    expect(await engine.api.endMessage('alice', 's1', 'b', { content: '!' })).toBeNull();
    expect(await readMessages(engine)).toMatchObject([
      { messageId: 'q' },
      { messageId: 'a', content: 'Because', status: 'interrupted' },
    ]);
  });
});
