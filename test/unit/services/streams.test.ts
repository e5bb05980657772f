import { describe, expect, it, vi } from 'vitest';
import type { NewMessage } from '../../../src/shared/contract.ts';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import type { StreamCursor, StreamStart } from '../../../src/shared/streams.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { CATALOG, openGrowingStore, readMessages } from '../../support/growing-store.ts';
import { addMessages, createUserWith, testMessage } from '../../support/store-calls.ts';
import { openTestStore } from '../../support/stores.ts';

type Api = Engine['api'];

async function open(disk = createFaultyBackend()) {
  const { engine, events } = await openGrowingStore(disk);
  const { api } = engine;
  await api.createUser('alice', {});
  await api.createSession('alice', { sessionId: 's1', title: '' });
  return { disk, engine, events, api };
}

function message(messageId: string, content = `text of ${messageId}`): NewMessage {
  return { messageId, role: 'user', content };
}

async function openStream(api: Api, from: StreamStart): Promise<StreamCursor> {
  const cursor = await api.openStream('alice', 's1', from);
  if (cursor === null) throw new Error('There is no such session.');
  return cursor;
}

/** Reads on until there is nothing more. */
async function readAll(api: Api, from: StreamCursor, limit = 100) {
  const messages: FFMessageDTO[] = [];
  for (let cursor = from; ;) {
    const batch = await api.readStream('alice', 's1', cursor, limit);
    if (batch === null) throw new Error('The stream has ended.');
    ({ cursor } = batch);
    if (batch.messages.length === 0) return { messages, cursor };
    expect(batch.messages.length).toBeLessThanOrEqual(limit);
    messages.push(...batch.messages);
  }
}

const idsOf = (messages: readonly FFMessageDTO[]) => messages.map(({ messageId }) => messageId);

describe('openStream', { timeout: 30_000 }, () => {
  it('begins at the first message, behind the last, or behind the one that is named', async () => {
    const { api } = await open();
    await api.addMessages(
      'alice',
      's1',
      ['a', 'b', 'c'].map((id) => message(id)),
    );
    await api.deleteMessage('alice', 's1', 'b');
    const starts: StreamStart[] = [
      { at: 'start' },
      { at: 'now' },
      { at: 'message', messageId: 'a' },
      { at: 'message', messageId: 'b' },
    ];
    const cursors = await Promise.all(starts.map((start) => openStream(api, start)));
    await api.addMessage('alice', 's1', message('d'));
    const read = cursors.map(async (cursor) => idsOf((await readAll(api, cursor)).messages));
    expect(await Promise.all(read)).toEqual([['a', 'c', 'd'], ['d'], ['c', 'd'], ['c', 'd']]);
  });

  it('waits for what was growing before, and not for the message that is named', async () => {
    const { api } = await open();
    for (const id of ['a', 'b']) await api.beginMessage('alice', 's1', message(id, ''));
    const now = await openStream(api, { at: 'now' });
    const behind = await openStream(api, { at: 'message', messageId: 'b' });
    for (const id of ['b', 'a']) await api.endMessage('alice', 's1', id, { content: id });
    expect(idsOf((await readAll(api, now)).messages)).toEqual(['a', 'b']);
    expect(idsOf((await readAll(api, behind)).messages)).toEqual(['a']);
  });

  it('gives null without a session, and refuses a message that never was there', async () => {
    const { api } = await open();
    expect(await api.openStream('nobody', 's1', { at: 'start' })).toBeNull();
    expect(await api.openStream('alice', 'none', { at: 'start' })).toBeNull();
    await expect(
      api.openStream('alice', 's1', { at: 'message', messageId: 'none' }),
    ).rejects.toMatchObject({ code: 'validation', field: 'from' });
  });
});

describe('readStream', { timeout: 30_000 }, () => {
  it('gives a growing message once, when it has ended, and others meanwhile', async () => {
    const { api } = await open();
    const start = await openStream(api, { at: 'start' });
    await api.beginMessage('alice', 's1', message('a', ''));
    await api.addMessage('alice', 's1', message('b'));
    await api.beginMessage('alice', 's1', message('c', ''));
    const first = await readAll(api, start, 1);
    expect(idsOf(first.messages)).toEqual(['b']);
    expect(first.cursor).toMatchObject({ next: 3, waiting: [0, 2] });
    await api.endMessage('alice', 's1', 'c', { content: 'C', status: 'aborted' });
    await api.addMessage('alice', 's1', message('d'));
    const second = await readAll(api, first.cursor);
    expect(second.messages).toMatchObject([
      { content: 'C', status: 'aborted' },
      { messageId: 'd' },
    ]);
    await api.endMessage('alice', 's1', 'a', { content: 'A' });
    const third = await readAll(api, second.cursor);
    expect(third.messages).toMatchObject([{ content: 'A' }]);
    expect(third.cursor).toMatchObject({ next: 4, waiting: [] });
  });

  it('gives an interrupted message once, also when it is completed afterwards', async () => {
    const { api, engine } = await open();
    const start = await openStream(api, { at: 'start' });
    await engine.call('beginMessage', ['alice', 's1', message('a', 'A')], { caller: 'bob' });
    await engine.interrupt('bob');
    const first = await readAll(api, start);
    expect(first.messages).toMatchObject([{ content: 'A', status: 'interrupted' }]);
    await api.endMessage('alice', 's1', 'a', { content: 'AA' });
    expect((await readAll(api, first.cursor)).messages).toEqual([]);
  });

  it('does not wait for a message that is deleted', async () => {
    const { api } = await open();
    await api.beginMessage('alice', 's1', message('a', ''));
    const { cursor } = await readAll(api, await openStream(api, { at: 'start' }));
    await api.deleteMessage('alice', 's1', 'a');
    expect((await readAll(api, cursor)).cursor.waiting).toEqual([]);
  });

  it('gives about a megabyte at a time, and one message whatever its size', async () => {
    const { api } = await open();
    const sizes = [2_000_000, 400_000, 400_000, 400_000, 400_000];
    for (const [index, size] of sizes.entries()) {
      await api.addMessage('alice', 's1', message(`m${index}`, 'x'.repeat(size)));
    }
    const batches: number[] = [];
    for (let cursor = await openStream(api, { at: 'start' }); ;) {
      const batch = await api.readStream('alice', 's1', cursor, 100);
      if (batch === null || batch.messages.length === 0) break;
      batches.push(batch.messages.length);
      ({ cursor } = batch);
    }
    expect(batches).toEqual([1, 3, 1]);
  });

  it('passes over any number of messages that are deleted, or that grow, to the next one', async () => {
    const { api } = await open();
    const ids = Array.from({ length: 1_100 }, (_, index) => `m${index}`);
    await api.addMessages(
      'alice',
      's1',
      ids.map((id) => message(id, 'x')),
    );
    await Promise.all(ids.map((id) => api.deleteMessage('alice', 's1', id)));
    for (const id of ['a', 'b', 'c']) await api.beginMessage('alice', 's1', message(id, ''));
    await api.addMessage('alice', 's1', message('last'));
    const start = await openStream(api, { at: 'start' });
    const batch = await api.readStream('alice', 's1', start, 1);
    expect(batch).toMatchObject({ messages: [{ messageId: 'last' }], cursor: { next: 1_104 } });
  });

  it('goes on with another owner, and after a compaction', async () => {
    const { api, engine, disk } = await open();
    await api.addMessages(
      'alice',
      's1',
      ['a', 'b', 'c'].map((id) => message(id)),
    );
    const start = await openStream(api, { at: 'start' });
    const first = await api.readStream('alice', 's1', start, 2);
    await api.deleteMessage('alice', 's1', 'a');
    await api.optimizeStorage('alice');
    await api.addMessage('alice', 's1', message('d'));
    await engine.close();
    const next = await openGrowingStore(disk);
    const { messages } = await readAll(next.engine.api, first?.cursor ?? start);
    expect(idsOf(messages)).toEqual(['c', 'd']);
  });

  it('ends with its session, whatever comes in its place', async () => {
    const { api } = await open();
    await api.addMessage('alice', 's1', message('a'));
    await api.backupData('one', {});
    const before = await openStream(api, { at: 'start' });
    await api.restoreData('one', {});
    expect(await api.readStream('alice', 's1', before, 10)).toBeNull();
    const restored = await openStream(api, { at: 'start' });
    expect(idsOf((await readAll(api, restored)).messages)).toEqual(['a']);
    await api.deleteSession('alice', 's1');
    expect(await api.readStream('alice', 's1', restored, 10)).toBeNull();
    await api.createSession('alice', { sessionId: 's1', title: '' });
    expect(await api.readStream('alice', 's1', restored, 10)).toBeNull();
    await api.deleteUser('alice', true);
    expect(await api.readStream('alice', 's1', restored, 10)).toBeNull();
  });

  it('does not wait for ever for a message of which nothing is known but its record', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    await createUserWith(store, 'alice', ['s1']);
    await addMessages(store, 'alice', 's1', [{ ...testMessage('a', 'A'), status: 'streaming' }], 1);
    await store.close();
    const { engine, events } = await openGrowingStore(disk);
    const { api } = engine;
    const { cursor } = await readAll(api, await openStream(api, { at: 'start' }));
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'messages' }));
    const { messages } = await readAll(api, cursor);
    expect(messages).toMatchObject([{ content: 'A', status: 'interrupted' }]);
    expect(await readMessages(engine)).toEqual(messages);
    expect(new TextDecoder().decode(disk.bytesOf(CATALOG))).not.toContain('growing');
  });

  it('gives every message once while many write, and nothing that is not complete', async () => {
    const { api } = await open();
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < 12; round++) {
        const id = `w${writer}-${round}`;
        if ((writer + round) % 3 === 0) {
          await api.addMessage('alice', 's1', message(id));
          continue;
        }
        await api.beginMessage('alice', 's1', message(id, ''));
        for (let at = 0; at < 4; at++) await api.growMessage('alice', 's1', id, at * 2, '..');
        await api.endMessage('alice', 's1', id, { content: `text of ${id}` });
      }
    };
    let isDone = false;
    const written = Promise.all([0, 1, 2, 3, 4].map(write)).then(() => (isDone = true));
    const follow = async (limit: number): Promise<string[]> => {
      const ids: string[] = [];
      let cursor = await openStream(api, { at: 'start' });
      for (let isLast = false; !isLast;) {
        isLast = isDone;
        const some = await readAll(api, cursor, limit);
        ({ cursor } = some);
        for (const { messageId, content, status } of some.messages) {
          expect({ content, status }).toEqual({ content: `text of ${messageId}` });
        }
        ids.push(...idsOf(some.messages));
      }
      return ids;
    };
    const followed = await Promise.all([1, 3, 100].map(follow));
    await written;
    const all = idsOf(await api.getMessages('alice', 's1', { offset: 0, reverse: false }));
    expect(all).toHaveLength(60);
    for (const ids of followed) expect(ids.toSorted()).toEqual(all.toSorted());
  });
});
