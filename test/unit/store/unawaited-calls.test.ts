import { describe, expect, it } from 'vitest';
import { nextTask } from '../../../worker/next-task.ts';
import type { NewMessage } from '../../../src/shared/contract.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestEngine } from '../../support/stores.ts';

const ROOT_CATALOG = 'catalog.jsonl';
const USER_CATALOG = 'users/alice/catalog.jsonl';
const LOG = 'users/alice/sessions/s1/messages.jsonl';

function message(messageId: string): NewMessage {
  return { messageId, role: 'user', content: `text of ${messageId}`, parentId: null };
}

const session = (sessionId: string) => ({ sessionId, title: 'x' });

/** Whether a promise resolves while nothing else happens for a while. */
async function resolvesByItself(promise: Promise<unknown>): Promise<boolean> {
  let resolved = false;
  promise.then(
    () => (resolved = true),
    () => undefined,
  );
  for (let turn = 0; turn < 50; turn++) await nextTask();
  return resolved;
}

async function idsOn(disk: FaultyBackend, sessionId = 's1'): Promise<string[]> {
  const { api, close } = await openTestEngine(disk);
  const messages = await api.getMessages('alice', sessionId, { offset: 0, reverse: false });
  await close();
  return messages.map(({ messageId }) => messageId);
}

describe('calls that do not wait for one another', () => {
  it('take effect in their order', async () => {
    const disk = createFaultyBackend();
    const { api } = await openTestEngine(disk);
    const results = await Promise.all([
      api.createUser('alice', {}),
      api.createSession('alice', session('s1')),
      api.addMessage('alice', 's1', message('a')),
      api.updateMessage('alice', 's1', 'a', { content: 'edited' }),
      api.getMessage('alice', 's1', 'a'),
      api.deleteMessage('alice', 's1', 'a'),
      api.addMessage('alice', 's1', message('a')),
      api.listUsers(),
      api.deleteUser('alice', true),
      api.listUsers(),
      api.userExists('alice'),
    ]);
    expect(results).toEqual([
      true,
      's1',
      true,
      true,
      expect.objectContaining({ content: 'edited' }),
      true,
      false,
      ['alice'],
      true,
      [],
      false,
    ]);
  });

  it('are there up to one of them after a crash, those that had resolved among them', async () => {
    const run = async (disk: FaultyBackend): Promise<number> => {
      const { api } = await openTestEngine(disk);
      await api.createUser('alice', {});
      await api.createSession('alice', session('s1'));
      let resolved = 0;
      const calls: Promise<unknown>[] = [];
      for (let index = 0; index < 12; index++) {
        const call = api.addMessage('alice', 's1', message(`${index}`));
        calls.push(call.then(() => resolved++).catch(() => undefined));
        // Some get into one commit, some into the next.
        if (index % 3 === 2) await nextTask();
      }
      await Promise.all(calls);
      return resolved;
    };
    const whole = createFaultyBackend();
    await run(whole);
    for (let step = 0; step < whole.steps; step++) {
      for (const part of [0, 0.3, 0.7, 1]) {
        const disk = createFaultyBackend();
        disk.crashAt({ step, part });
        const resolved = await run(disk).catch(() => 0);
        const ids = await idsOn(disk.disk('written'));
        expect(ids).toEqual(ids.map((_, index) => `${index}`));
        expect(ids.length, `step ${step}, part ${part}`).toBeGreaterThanOrEqual(resolved);
      }
    }
  });

  it('are done before the store closes', async () => {
    const disk = createFaultyBackend();
    const { api, close } = await openTestEngine(disk);
    const calls = [
      api.createUser('alice', {}),
      api.createSession('alice', session('s1')),
      api.addMessage('alice', 's1', message('a')),
    ];
    await close();
    expect(await Promise.all(calls)).toEqual([true, 's1', true]);
    expect(await idsOn(disk.disk('flushed'))).toEqual(['a']);
  });

  it('find their session although more are open than are kept', async () => {
    const disk = createFaultyBackend();
    const { api } = await openTestEngine(disk);
    await api.createUser('alice', {});
    const sessionIds = Array.from({ length: 150 }, (_, index) => `s${index}`);
    await Promise.all(sessionIds.map((id) => api.createSession('alice', session(id))));
    await Promise.all(
      ['a', 'b', 'c'].flatMap((messageId) =>
        sessionIds.map((id) => api.addMessage('alice', id, message(messageId))),
      ),
    );
    const survivor = disk.disk('flushed');
    for (const id of ['s0', 's75', 's149'])
      expect(await idsOn(survivor.disk('flushed'), id)).toEqual(['a', 'b', 'c']);
    const sessions = await api.listSessions('alice', { offset: 0, includeMetadata: false });
    expect(sessions.map(({ messageCount }) => messageCount)).toEqual(sessionIds.map(() => 3));
  });

  it('resolve only when what they stand on is durable: a session on its user', async () => {
    const disk = createFaultyBackend();
    const { api } = await openTestEngine(disk);
    const flush = disk.hold('flush', { path: ROOT_CATALOG });
    const created = api.createUser('alice', {});
    const sessionId = api.createSession('alice', session('s1'));
    await flush.reached;
    expect(await resolvesByItself(sessionId)).toBe(false);
    flush.release();
    expect(await Promise.all([created, sessionId])).toEqual([true, 's1']);
  });

  it('resolve only when what they stand on is durable: a message on its session', async () => {
    const disk = createFaultyBackend();
    const { api } = await openTestEngine(disk);
    await api.createUser('alice', {});
    const flush = disk.hold('flush', { path: USER_CATALOG });
    const sessionId = api.createSession('alice', session('s1'));
    const added = api.addMessage('alice', 's1', message('a'));
    await flush.reached;
    expect(await resolvesByItself(added)).toBe(false);
    flush.release();
    await Promise.all([sessionId, added]);
    expect(await idsOn(disk.disk('flushed'))).toEqual(['a']);
  });

  it.each([
    ['createUser', 0, (api: Api) => api.createUser('alice', {}), ROOT_CATALOG],
    ['createSession', 1, (api: Api) => api.createSession('alice', session('s1')), USER_CATALOG],
    ['addMessage', 2, (api: Api) => api.addMessage('alice', 's1', message('a')), LOG],
    [
      'updateMessage',
      3,
      (api: Api) => api.updateMessage('alice', 's1', 'a', { content: 'b' }),
      LOG,
    ],
  ])(
    'resolve only when it is durable what a repeated %s found done',
    async (_, before, call, path) => {
      const disk = createFaultyBackend();
      const { api } = await openTestEngine(disk);
      if (before > 0) await api.createUser('alice', {});
      if (before > 1) await api.createSession('alice', session('s1'));
      if (before > 2) await api.addMessage('alice', 's1', message('a'));
      const flush = disk.hold('flush', { path });
      const first = call(api);
      const repeated = call(api);
      await flush.reached;
      expect(await resolvesByItself(repeated)).toBe(false);
      flush.release();
      await Promise.all([first, repeated]);
    },
  );

  it('fail with the call that they stand on', async () => {
    const disk = createFaultyBackend();
    const { api } = await openTestEngine(disk);
    await api.createUser('first', {});
    disk.failOnce('write', { path: ROOT_CATALOG });
    const calls = await Promise.allSettled([
      api.createUser('alice', {}),
      api.createSession('alice', session('s1')),
      api.addMessage('alice', 's1', message('a')),
    ]);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    for (const engine of [api, (await openTestEngine(disk.disk('flushed'))).api]) {
      expect(await engine.listUsers()).toEqual(['first']);
    }
  });

  it('of two users go on side by side after the list of users could not be written', async () => {
    for (let lead = 0; lead < 30; lead++) {
      const disk = createFaultyBackend();
      const { api } = await openTestEngine(disk);
      await api.createUser('first', {});
      disk.failOnce('write', { path: ROOT_CATALOG });
      await expect(api.createUser('refused', {})).rejects.toMatchObject({ code: 'io' });
      const alice = api.createUser('alice', {});
      for (let turn = 0; turn < lead; turn++) await Promise.resolve();
      expect(await Promise.all([alice, api.createUser('Bob', {})])).toEqual([true, true]);
      const { api: later } = await openTestEngine(disk.disk('flushed'));
      expect((await later.listUsers()).sort(), `${lead}`).toEqual(['Bob', 'alice', 'first']);
    }
  });

  it('leave no files of a session that is deleted behind them', async () => {
    const disk = createFaultyBackend();
    const { api } = await openTestEngine(disk);
    await api.createUser('alice', {});
    await api.createSession('alice', session('s1'));
    const flush = disk.hold('flush', { path: LOG });
    const adds = [api.addMessage('alice', 's1', message('a'))];
    await flush.reached;
    for (const id of ['b', 'c']) {
      adds.push(api.addMessage('alice', 's1', message(id)));
      await nextTask();
    }
    const deleted = api.deleteSession('alice', 's1');
    await resolvesByItself(deleted);
    flush.release();
    await Promise.all([...adds, deleted]);
    expect(disk.paths.filter((path) => path.includes('/sessions/'))).toEqual([]);
  });
});

type Api = Awaited<ReturnType<typeof openTestEngine>>['api'];
