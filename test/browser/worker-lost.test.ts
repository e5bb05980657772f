import { FFStorageError, type BackendKind, type FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { addAll, contentsOf, expectError, say } from '../contract/support.ts';
import { createManager, createStorageWorker } from './support/managers.ts';

/** An open store whose worker a test can terminate, as a crash or the browser might. */
async function openTerminable(backend: BackendKind) {
  const workers: Worker[] = [];
  const worker = () => {
    const created = createStorageWorker();
    workers.push(created);
    return created;
  };
  const storage = createManager({}, { backend, worker });
  await storage.initialize();
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  return { storage, sessionId, terminate: () => workers.at(-1)?.terminate() };
}

const workerLost = { type: FFStorageError, code: 'worker-lost' } as const;

/** The contents of those messages whose additions resolved; the others must fail as the worker is lost. */
async function settle(
  additions: readonly (readonly [content: string, added: Promise<unknown>])[],
): Promise<string[]> {
  const resolved: string[] = [];
  for (const [content, added] of additions) {
    await added.then(
      () => resolved.push(content),
      (error: unknown) => expectError(Promise.reject(error), workerLost),
    );
  }
  return resolved;
}

function addOneByOne(storage: FFStorageManager, sessionId: string, contents: readonly string[]) {
  return contents.map(
    (content) => [content, storage.addMessage('alice', sessionId, say(content))] as const,
  );
}

describe('a worker that is terminated', () => {
  it('fails the calls that are under way and those that come later', async () => {
    const { storage, sessionId, terminate } = await openTerminable('opfs');
    const batch = Array.from({ length: 20_000 }, (_, index) => say(`m${index}`));
    const pending = storage.addMessages('alice', sessionId, batch);
    terminate();
    await expectError(pending, workerLost);
    const error = await expectError(storage.listUsers(), workerLost);
    expect(error.message).toContain('initialize()');
    await expectError(storage.addMessage('alice', sessionId, say('later')), workerLost);
  });

  it('can be closed', async () => {
    const { storage, terminate } = await openTerminable('opfs');
    terminate();
    await expectError(storage.listUsers(), workerLost);
    await storage.close();
    await expectError(storage.listUsers(), { code: 'closed' });
  });

  it.each(['opfs', 'indexeddb'] as const)(
    'loses no write on %s that had resolved',
    async (backend) => {
      const { storage, sessionId, terminate } = await openTerminable(backend);
      const expected: string[] = [];
      for (const round of [1, 2, 3, 4]) {
        const contents = Array.from(
          { length: 60 },
          (_, index) => `round ${round} message ${index}`,
        );
        const additions = addOneByOne(storage, sessionId, contents);
        // In the middle of the commits: some of them are through, others are not.
        await additions[round * 10]?.[1];
        terminate();
        const resolved = await settle(additions);
        expect(resolved.length).toBeGreaterThan(round * 10);

        expect(await storage.initialize()).toBe(true);
        const read = contentsOf(await storage.getAllMessages('alice', sessionId));
        const ofRound = read.slice(expected.length);
        expect(read.slice(0, expected.length)).toStrictEqual(expected);
        // What resolved is there; of the rest a beginning may be, each whole and in its order.
        expect(ofRound.slice(0, resolved.length)).toStrictEqual(resolved);
        expect(ofRound).toStrictEqual(contents.slice(0, ofRound.length));
        expected.push(...ofRound);

        const session = await storage.getSession('alice', sessionId);
        expect(session?.messageCount).toBe(expected.length);
        const hits = await storage.searchMessages('alice', `${round}`, { limit: 1_000 });
        expect(contentsOf(hits)).toContain(resolved.at(-1));
      }
    },
  );

  it.each(['opfs', 'indexeddb'] as const)(
    'leaves a batch on %s whole or absent',
    async (backend) => {
      const { storage, sessionId, terminate } = await openTerminable(backend);
      await addAll(storage, sessionId, ['before']);
      const batch = Array.from({ length: 2_000 }, (_, index) =>
        say(`m${index} ${'x'.repeat(500)}`),
      );
      const small = storage.addMessage('alice', sessionId, say('small'));
      const added = storage.addMessages('alice', sessionId, batch);
      await small;
      terminate();
      const resolved = await added.then(
        () => true,
        () => false,
      );

      await storage.initialize();
      const messages = await storage.getAllMessages('alice', sessionId);
      const wholeOrAbsent = resolved ? [2_002] : [2, 2_002];
      expect(wholeOrAbsent).toContain(messages.length);
      expect(contentsOf(messages.slice(0, 2))).toStrictEqual(['before', 'small']);
    },
  );

  it('is noticed by an initialize() that comes at once', async () => {
    const { storage, terminate } = await openTerminable('opfs');
    terminate();
    expect(await storage.initialize()).toBe(true);
    expect(await storage.listUsers()).toStrictEqual(['alice']);
  });

  it('makes room for the next manager', async () => {
    const { storage, terminate } = await openTerminable('opfs');
    const { basePath } = storage.getConfiguration().storage;
    terminate();
    const next = createManager({ storage: { basePath } });
    expect(await next.initialize()).toBe(true);
    expect(await next.listUsers()).toStrictEqual(['alice']);
  });
});
