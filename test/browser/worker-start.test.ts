import { FFStorageError } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { expectError } from '../contract/support.ts';
import { createManager, createStorageWorker, uniquePath } from './support/managers.ts';

const scriptOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;

describe('a worker', () => {
  it.each([
    ['cannot be found', '/no/such/worker.js', 'could not be loaded'],
    ['throws', scriptOf('throw new Error("broken")'), 'broken'],
  ])('whose script %s fails initialize(), saying so', async (_, script, reason) => {
    const worker = () => new Worker(script, { type: 'module' });
    const storage = createManager({}, { worker });
    const error = await expectError(storage.initialize(), {
      type: FFStorageError,
      code: 'worker-lost',
    });
    expect(error.message).toContain(reason);
    await expectError(storage.listUsers(), { code: 'closed' });
    expect(storage.backend).toBeUndefined();
  });

  it('that never answers fails initialize() when the time is up', async () => {
    const worker = () => new Worker(scriptOf(''), { type: 'module' });
    const storage = createManager({ runtime: { callTimeoutMs: 100 } }, { worker });
    const error = await expectError(storage.initialize(), { code: 'timeout' });
    expect(error.message).toContain('callTimeoutMs');
  });

  it('is made anew by each initialize() that finds none', async () => {
    const scripts = [scriptOf('throw new Error("broken")')];
    const worker = () => {
      const script = scripts.pop();
      return script === undefined ? createStorageWorker() : new Worker(script, { type: 'module' });
    };
    const storage = createManager({}, { worker });
    await expectError(storage.initialize(), { code: 'worker-lost' });
    expect(await storage.initialize()).toBe(true);
    expect(await storage.createUser('alice')).toBe(true);
  });

  it('that stops answering fails the call when the time is up, and the store can be opened again', async () => {
    const workers: Worker[] = [];
    const worker = () => {
      const script = new URL('./support/hanging.worker.ts', import.meta.url);
      const created = new Worker(script, { type: 'module' });
      workers.push(created);
      return created;
    };
    const storage = createManager({ runtime: { callTimeoutMs: 3_000 } }, { worker });
    await storage.initialize();
    await storage.createUser('alice');
    workers[0]?.postMessage('hang');
    await expectError(storage.createUser('bob'), { code: 'timeout' });

    workers[0]?.terminate();
    await expectError(storage.createUser('bob'), { code: 'worker-lost' });
    expect(await storage.initialize()).toBe(true);
    expect(await storage.userExists('alice')).toBe(true);
  });
});

describe('two managers', () => {
  it('of one store take turns: the second waits until the first has closed', async () => {
    const storage = { basePath: uniquePath() };
    const first = createManager({ storage });
    const second = createManager({ storage });
    await first.initialize();
    let opened = false;
    const opening = second.initialize().then(() => (opened = true));
    await first.createUser('alice');
    expect(opened).toBe(false);
    await first.close();
    await opening;
    expect(await second.listUsers()).toStrictEqual(['alice']);
    await expectError(first.listUsers(), { code: 'closed' });
  });

  it('of one store: the second asks the first, and goes on when that closes', async () => {
    const storage = { basePath: uniquePath() };
    const [first, second] = [createManager({ storage }), createManager({ storage })];
    await first.initialize();
    expect(await second.initialize()).toBe(true);
    expect([first.role, second.role]).toStrictEqual(['owner', 'follower']);
    expect(await first.createUser('alice')).toBe(true);
    expect(await second.listUsers()).toStrictEqual(['alice']);
    await first.close();
    expect(await second.createUser('alice')).toBe(false);
    expect(await second.createUser('bob')).toBe(true);
  });

  it('of two stores run side by side', async () => {
    const [first, second] = [createManager(), createManager()];
    await Promise.all([first.initialize(), second.initialize()]);
    await Promise.all([first.createUser('alice'), second.createUser('bob')]);
    expect(await first.listUsers()).toStrictEqual(['alice']);
    expect(await second.listUsers()).toStrictEqual(['bob']);
  });

  it('of stores whose paths begin alike run side by side', async () => {
    const basePath = uniquePath();
    const first = createManager({ storage: { basePath: `${basePath}/chat` } });
    const second = createManager({ storage: { basePath: `${basePath}/chats` } });
    await Promise.all([first.initialize(), second.initialize()]);
    await first.createUser('alice');
    expect(await second.listUsers()).toStrictEqual([]);
  });
});
