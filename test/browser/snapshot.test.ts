import * as Comlink from 'comlink';
import { backendAcceptance } from 'flatfile-chat/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EngineApi, NewMessage } from '../../src/shared/contract.ts';
import { createId } from '../../src/shared/ids.ts';
import { openSnapshot } from '../../worker/backend/select.ts';
import { contentsOf, expectError } from '../contract/support.ts';
import type { RunCase } from './support/acceptance.worker.ts';
import { startThread, type Thread } from './support/engine-threads.ts';
import { uniquePath } from './support/managers.ts';
import { removeIndexedDbStore, removeOpfsStore } from './support/remove-store.ts';
import { storeBytes } from './support/store-bytes.ts';

const removeStore = { opfs: removeOpfsStore, indexeddb: removeIndexedDbStore };

const message = (content: string): NewMessage => ({
  messageId: createId(),
  role: 'user',
  content,
});

function search(api: EngineApi, query: string): Promise<string[]> {
  return api.searchMessages('alice', { query, limit: 10, minRelevanceScore: 0 }).then(contentsOf);
}

/** A store with things of many kinds in it, some of them changed since, and its owner still there. */
async function startOwner(kind: 'opfs' | 'indexeddb', basePath: string): Promise<Thread> {
  const owner = startThread();
  const { host, api } = owner;
  expect(await host.open('owner', kind, basePath)).toBe(kind);
  await api.createUser('alice', { name: 'Alice' });
  for (const sessionId of ['bread', 'bikes', 'gone']) {
    await api.createSession('alice', { sessionId, title: sessionId });
    const messages = Array.from({ length: 200 }, (_, index) => message(`${sessionId} ${index}`));
    await api.addMessages('alice', sessionId, messages);
  }
  await api.addMessage('alice', 'bread', { ...message('sourdough'), messageId: 'm' });
  await api.addMessage('alice', 'bread', { ...message('mistake'), messageId: 'n' });
  await api.updateMessage('alice', 'bread', 'm', { content: 'wholemeal rye' });
  await api.deleteMessage('alice', 'bread', 'n');
  await api.deleteSession('alice', 'gone');
  return owner;
}

describe.each(['opfs', 'indexeddb'] as const)(
  'a snapshot of a store in %s',
  { timeout: 60_000 },
  (kind) => {
    describe('as a backend', () => {
      const removals: (() => Promise<void>)[] = [];
      let worker: Worker;
      let runCase: Comlink.Remote<RunCase>;

      beforeAll(() => {
        const script = new URL('./support/acceptance.worker.ts', import.meta.url);
        worker = new Worker(script, { type: 'module' });
        runCase = Comlink.wrap<RunCase>(worker);
      });

      afterAll(async () => {
        worker.terminate();
        for (const remove of removals) await remove();
      });

      it.each(backendAcceptance.map(({ name }) => name))('%s', async (name) => {
        const basePath = `snapshot-${crypto.randomUUID()}`;
        removals.push(() => removeStore[kind](basePath));
        await runCase(kind, basePath, name, 'snapshot');
        // Nothing of what the case has written.
        expect(await storeBytes[kind](basePath)).toStrictEqual({});
      });
    });

    it('shows all that has resolved in a thread that does not answer any more', async () => {
      const basePath = uniquePath();
      const owner = await startOwner(kind, basePath);
      const stored = await owner.host.readAll();
      void owner.host.freeze();

      const reader = startThread();
      expect(await reader.host.open('snapshot', kind, basePath)).toBe(kind);
      expect(await reader.host.readAll()).toStrictEqual(stored);
      const counts = stored.users[0]?.sessions.map(({ messageCount }) => messageCount);
      expect(counts?.toSorted()).toStrictEqual([200, 201]);
      expect(await search(reader.api, 'rye')).toStrictEqual(['wholemeal rye']);
      expect(await search(reader.api, 'mistake')).toStrictEqual([]);
      await reader.host.close();
    });

    it('takes writes and forgets them, and changes no byte of the store', async () => {
      const basePath = uniquePath();
      const owner = await startOwner(kind, basePath);
      void owner.host.freeze();
      const before = await storeBytes[kind](basePath);

      const { host, api } = startThread();
      await host.open('snapshot', kind, basePath);
      const stored = await host.readAll();
      await api.addMessages('alice', 'bikes', [message('puncture'), message('pump')]);
      await api.updateMessage('alice', 'bread', 'm', { content: 'spelt' });
      await api.createUser('bob', { name: 'Bob' });
      await api.createSession('bob', { sessionId: 'new', title: 'New' });
      await api.addMessage('bob', 'new', message('hello'));
      await api.whenIdle();
      expect(await search(api, 'puncture')).toStrictEqual(['puncture']);
      expect(await search(api, 'spelt')).toStrictEqual(['spelt']);
      await api.optimizeStorage();
      await api.deleteSession('alice', 'bread');
      expect(await api.listUsers()).toStrictEqual(['alice', 'bob']);
      await api.deleteUser('alice', true);
      expect(await api.listUsers()).toStrictEqual(['bob']);
      await host.close();
      expect(await storeBytes[kind](basePath)).toStrictEqual(before);

      await host.open('snapshot', kind, basePath);
      expect(await host.readAll()).toStrictEqual(stored);
      await host.close();
      expect(await storeBytes[kind](basePath)).toStrictEqual(before);
    });

    it('recovers from a torn end in memory only', async () => {
      const basePath = uniquePath();
      const owner = await startOwner(kind, basePath);
      const stored = await owner.host.readAll();
      await owner.host.close();
      await owner.host.hold(kind, basePath, {
        'catalog.jsonl': '{"seq":99,"ty',
        'users/alice/catalog.jsonl': '{"seq":',
        'users/alice/sessions/bread/messages.jsonl': '{"seq":205,"type":"message","messa',
      });
      const torn = await storeBytes[kind](basePath);

      const { host, api } = startThread();
      await host.open('snapshot', kind, basePath);
      expect(await host.readAll()).toStrictEqual(stored);
      await api.addMessage('alice', 'bread', message('behind the torn end'));
      expect(await search(api, 'torn')).toStrictEqual(['behind the torn end']);
      await host.close();
      expect(await storeBytes[kind](basePath)).toStrictEqual(torn);
    });

    it('is whole while the owner goes on writing', async () => {
      const basePath = uniquePath();
      const owner = await startOwner(kind, basePath);
      const { host, api } = startThread();
      let resolved = 200;
      let goesOn = true;
      const writing = (async () => {
        while (goesOn) {
          await owner.api.addMessage('alice', 'bikes', message(`bikes ${resolved}`));
          resolved++;
        }
      })();
      for (let round = 0; round < 5; round++) {
        const least = resolved;
        await host.open('snapshot', kind, basePath);
        const contents = contentsOf(
          await api.getMessages('alice', 'bikes', { offset: 0, reverse: false }),
        );
        expect(contents.length).toBeGreaterThanOrEqual(least);
        expect(contents).toStrictEqual(contents.map((_, index) => `bikes ${index}`));
        await host.close();
      }
      goesOn = false;
      await writing;
      expect(resolved).toBeGreaterThan(200);
    });

    it('is refused where there is no store, and creates none', async () => {
      const basePath = uniquePath();
      const { host } = startThread();
      const opening = host.open('snapshot', kind, basePath);
      const error = await expectError(opening, { code: 'unavailable' });
      expect(error.message).toContain(`"${basePath}"`);
      const databases = await indexedDB.databases();
      expect(databases.filter(({ name }) => name?.includes(basePath))).toStrictEqual([]);
      const folders: string[] = [];
      const origin = await navigator.storage.getDirectory();
      for await (const name of origin.keys()) folders.push(name);
      expect(folders).not.toContain(basePath);
    });
  },
);

describe('a file in OPFS that is replaced while it is read', () => {
  it('is read again', async () => {
    const basePath = uniquePath();
    const origin = await navigator.storage.getDirectory();
    const folder = await origin.getDirectoryHandle(basePath, { create: true });
    const replace = async (content: string): Promise<void> => {
      await folder.removeEntry('file').catch(() => undefined);
      const handle = await folder.getFileHandle('file', { create: true });
      const writable = await handle.createWritable();
      await writable.write(content);
      await writable.close();
    };
    await replace('before');

    const snapshot = await openSnapshot('opfs', basePath);
    const getFile = vi.spyOn(FileSystemFileHandle.prototype, 'getFile');
    onTestFinished(() => getFile.mockRestore());
    let outdated: File | undefined;
    getFile.mockImplementationOnce(async function (this: FileSystemFileHandle) {
      outdated = await this.getFile();
      await replace('afterwards');
      return outdated;
    });
    const file = await snapshot.open('file');
    await expect(outdated?.arrayBuffer()).rejects.toThrow(DOMException);
    expect(file?.size()).toBe('afterwards'.length);
  });
});

describe('a snapshot of a store in memory', () => {
  it('is refused', async () => {
    const opening = startThread().host.open('snapshot', 'memory', uniquePath());
    await expectError(opening, { code: 'unavailable' });
  });
});
