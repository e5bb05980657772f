import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { messagesFile, offsetsFile, spaceFolder } from '../../../worker/store/layout.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine, openTestStore } from '../../support/stores.ts';

const LOG = messagesFile(spaceFolder('alice'), 's1');
const OFFSETS = offsetsFile(LOG);
const CATALOG = 'users/alice/catalog.jsonl';

/** Damages the line of a file that holds a text, and gives where that line lies. */
function damageLine(
  disk: FaultyBackend,
  path: string,
  text: string,
): { disk: FaultyBackend; offset: number; line: Uint8Array } {
  const bytes = disk.bytesOf(path) ?? new Uint8Array(0);
  const at = new TextDecoder('latin1').decode(bytes).indexOf(text);
  if (at === -1) throw new Error(`${path} does not hold ${text}`);
  bytes[at] = 0x7e;
  const offset = bytes.lastIndexOf(0x0a, at) + 1;
  const line = bytes.slice(offset, bytes.indexOf(0x0a, at) + 1);
  const content = new Map(
    disk.paths.map((name) => [name, disk.bytesOf(name) ?? new Uint8Array(0)]),
  );
  return { disk: createFaultyBackend({}, content.set(path, bytes)), offset, line };
}

async function createStore(): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const { api, close } = await openTestEngine(disk, createClock());
  await api.createUser('alice', { name: 'Alice' });
  for (const sessionId of ['s1', 's2']) {
    await api.createSession('alice', { sessionId, title: `title of ${sessionId}` });
    for (const messageId of ['a', 'b', 'c', 'd']) {
      await api.addMessage('alice', sessionId, {
        messageId,
        role: 'user',
        content: `text of ${messageId}`,
      });
    }
  }
  await close();
  return disk.disk('flushed');
}

/** What a store finds: how many damaged places, and which messages are left. */
async function read(disk: FaultyBackend, withOffsets: boolean) {
  if (!withOffsets) await disk.remove(OFFSETS);
  const store = await openTestStore(disk);
  const messages = await store.read('alice', async (): Promise<FFMessageDTO[]> => {
    await store.user('alice');
    return (await store.messages('alice', 's1')).page(0, Infinity);
  });
  const damaged = store.damage.count;
  await store.close();
  return { damaged, ids: messages.map(({ messageId }) => messageId) };
}

describe('a damaged message', () => {
  it.each([
    ['first', 'a', ['b', 'c', 'd']],
    ['in the middle', 'c', ['a', 'b', 'd']],
    ['last', 'd', ['a', 'b', 'c']],
  ])('that is %s is reported and kept aside; the others are read', async (_, id, others) => {
    for (const withOffsets of [true, false]) {
      const { disk, offset, line } = damageLine(await createStore(), LOG, `text of ${id}`);
      expect(await read(disk, withOffsets)).toEqual({ damaged: 1, ids: others });
      const copies = disk.paths.filter((path) => path.startsWith('quarantine/'));
      expect(copies).toEqual([
        `quarantine/users=2falice=2fsessions=2fs1=2fmessages=2ejsonl-${offset}`,
      ]);
      expect(disk.bytesOf(copies[0] ?? '')).toEqual(line);
    }
  });

  it('is counted once, however often it is met', async () => {
    const { disk } = damageLine(await createStore(), LOG, 'text of b');
    const store = await openTestStore(disk);
    for (let time = 0; time < 3; time++) {
      await store.read('alice', async () => {
        const log = await store.messages('alice', 's1');
        await log.page(0, 10);
        await log.find('b');
      });
    }
    expect(store.damage.count).toBe(1);
    await store.close();
  });

  it('whose line feed is damaged does not take the one behind it along, nor keep it from being found', async () => {
    const store = await createStore();
    const bytes = store.bytesOf(LOG) ?? new Uint8Array(0);
    const at = new TextDecoder('latin1').decode(bytes).indexOf('text of b');
    bytes[bytes.indexOf(0x0a, at)] = 0x7e;
    for (const withOffsets of [true, false]) {
      const content = new Map(
        store.paths.map((path) => [path, store.bytesOf(path) ?? new Uint8Array(0)]),
      );
      const disk = createFaultyBackend({}, content.set(LOG, bytes));
      if (!withOffsets) await disk.remove(OFFSETS);
      const { api, close } = await openTestEngine(disk);
      const page = { offset: 0, reverse: false };
      const messages = await api.getMessages('alice', 's1', page);
      expect(messages.map(({ messageId }) => messageId)).toEqual(['a', 'c', 'd']);
      const hits = await api.searchMessages('alice', {
        query: 'text',
        sessionIds: ['s1'],
        minRelevanceScore: 0,
      });
      expect(hits.map(({ id }) => id).sort()).toEqual(['a', 'c', 'd']);
      expect((await api.getStorageStats()).damagedRecords).toBe(1);
      await close();
    }
  });

  it('is no message any more, and its neighbours can still be changed', async () => {
    const { disk } = damageLine(await createStore(), LOG, 'text of b');
    const { api, close } = await openTestEngine(disk);
    expect(await api.getMessage('alice', 's1', 'b')).toBeNull();
    expect(await api.updateMessage('alice', 's1', 'b', { content: 'x' })).toBe(false);
    expect(await api.updateMessage('alice', 's1', 'c', { content: 'edited' })).toBe(true);
    expect(await api.deleteMessage('alice', 's1', 'a')).toBe(true);
    await api.addMessage('alice', 's1', { messageId: 'e', role: 'user', content: 'new' });
    await close();
    expect((await read(disk.disk('flushed'), false)).ids).toEqual(['c', 'd', 'e']);
  });

  it('comes back with a later edit of it, which holds it whole', async () => {
    const store = await createStore();
    const { api, close } = await openTestEngine(store);
    await api.updateMessage('alice', 's1', 'b', { content: 'edited' });
    await close();
    const { disk } = damageLine(store.disk('flushed'), LOG, 'text of b');
    expect(new Set((await read(disk, false)).ids)).toEqual(new Set(['a', 'b', 'c', 'd']));
  });

  it('does not keep the store from opening when there is no space to keep it aside', async () => {
    const { disk } = damageLine(await createStore(), LOG, 'text of b');
    disk.setQuota(0);
    expect(await read(disk, true)).toEqual({ damaged: 1, ids: ['a', 'c', 'd'] });
  });

  it('does not keep the others from being searched', async () => {
    const { disk } = damageLine(await createStore(), LOG, 'text of b');
    const { api, close } = await openTestEngine(disk);
    const hits = await api.searchMessages('alice', {
      query: 'text',
      sessionIds: ['s1'],
      minRelevanceScore: 0,
    });
    expect(hits.map(({ id }) => id).sort()).toEqual(['a', 'c', 'd']);
    await close();
  });
});

describe('a damaged catalog', () => {
  it('still has the sessions that are not damaged, and a bare profile', async () => {
    const { disk } = damageLine(await createStore(), CATALOG, '"name":"Alice"');
    const { api, close } = await openTestEngine(disk);
    expect(await api.getUserProfile('alice')).toEqual({
      userId: 'alice',
      createdAt: '1970-01-01T00:00:00.000Z',
      updatedAt: '1970-01-01T00:00:00.000Z',
    });
    expect(await api.listSessions('alice', { offset: 0, includeMetadata: false })).toHaveLength(2);
    await close();
    const store = await openTestStore(disk.disk('flushed'));
    await store.read('alice', () => store.user('alice'));
    expect(store.damage.count).toBe(1);
    await store.close();
  });

  it('counts anew a session whose count is damaged', async () => {
    const { disk } = damageLine(await createStore(), CATALOG, '"messageCount":4');
    const { api, close } = await openTestEngine(disk);
    expect(await api.listSessions('alice', { offset: 0, includeMetadata: false })).toMatchObject([
      { sessionId: 's2', messageCount: 4 },
      { sessionId: 's1', messageCount: 4 },
    ]);
    await close();
  });
});

describe('a list of sessions', () => {
  const idsOf = async (disk: FaultyBackend) => {
    const { api, close } = await openTestEngine(disk);
    const sessions = await api.listSessions('alice', { offset: 0, includeMetadata: false });
    const messages = await api.getMessages('alice', 's1', { offset: 0, reverse: false });
    const deleted = await api.deleteUser('alice', false);
    await close();
    return {
      counts: Object.fromEntries(sessions.map((one) => [one.sessionId, one.messageCount])),
      messages: messages.length,
      deleted,
    };
  };
  const whole = { counts: { s1: 4, s2: 4 }, messages: 4, deleted: false };

  it('that is damaged is completed from the folders of the sessions', async () => {
    const { disk } = damageLine(await createStore(), CATALOG, 'title of s1');
    expect(await idsOf(disk)).toEqual(whole);
    expect(await idsOf(disk)).toEqual(whole);
  });

  it('that is lost is made anew from the folders of the sessions', async () => {
    const disk = await createStore();
    await disk.remove(CATALOG);
    expect(await idsOf(disk)).toEqual(whole);
  });

  it('that is damaged does not bring a deleted session back', async () => {
    const first = await createStore();
    const { api, close } = await openTestEngine(first);
    await api.deleteSession('alice', 's1');
    await close();
    const { disk } = damageLine(first.disk('flushed'), CATALOG, 'title of s2');
    expect((await idsOf(disk)).counts).toEqual({ s2: 4 });
  });
});
