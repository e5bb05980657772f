import { expect, it } from 'vitest';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { openTestEngine } from '../../support/stores.ts';

it('keeps the order of sessions whose last activity falls into the same millisecond', async () => {
  const disk = createFaultyBackend();
  const first = await openTestEngine(disk, () => 1_000);
  await first.api.createUser('alice', {});
  for (const sessionId of ['a', 'b'])
    await first.api.createSession('alice', { sessionId, title: '' });
  await first.api.addMessage('alice', 'a', { messageId: 'm', role: 'user', content: 'x' });
  await first.api.createSession('alice', { sessionId: 'c', title: '' });
  const page = { offset: 0, includeMetadata: false };
  const before = await first.api.listSessions('alice', page);
  expect(before.map(({ sessionId }) => sessionId)).toEqual(['c', 'a', 'b']);
  await first.close();
  const second = await openTestEngine(disk.disk('flushed'), () => 1_000);
  expect(await second.api.listSessions('alice', page)).toEqual(before);
});
