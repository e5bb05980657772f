import * as Comlink from 'comlink';
import { FFStorageError, type BackendKind } from 'flatfile-chat';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectError, say } from '../contract/support.ts';
import type { UseStore } from './support/manager.worker.ts';
import { createManager, uniquePath } from './support/managers.ts';

const withoutAccessHandles = () =>
  new Worker(new URL('./support/no-access-handles.worker.ts', import.meta.url), { type: 'module' });

const inPrivateWindow = () =>
  new Worker(new URL('./support/private-window.worker.ts', import.meta.url), { type: 'module' });

describe('the default backend', () => {
  it('is opfs where there are access handles', async () => {
    const storage = createManager();
    expect(storage.backend).toBeUndefined();
    await storage.initialize();
    expect(storage.backend).toBe('opfs');
    await storage.close();
    expect(storage.backend).toBeUndefined();
  });

  it.each([
    ['there are no access handles', withoutAccessHandles],
    ['the file system is refused', inPrivateWindow],
  ])('is indexeddb where %s', async (_, worker) => {
    const storage = createManager({}, { worker });
    await storage.initialize();
    expect(storage.backend).toBe('indexeddb');
    await storage.createUser('alice');
    const sessionId = await storage.createSession('alice');
    await storage.addMessage('alice', sessionId, say('kept all the same'));
    await storage.close();

    await storage.initialize();
    expect(storage.backend).toBe('indexeddb');
    expect(await storage.searchMessages('alice', 'kept')).toHaveLength(1);
  });

  it.each([
    ['there are no access handles', withoutAccessHandles],
    ['the file system is refused', inPrivateWindow],
  ])('is not replaced when it was asked for by name and %s', async (_, worker) => {
    const storage = createManager({}, { worker, backend: 'opfs' });
    await expectError(storage.initialize(), { type: FFStorageError, code: 'unavailable' });
    expect(storage.backend).toBeUndefined();
  });
});

describe('a manager inside of a dedicated worker', () => {
  it.each<BackendKind>(['opfs', 'indexeddb', 'memory'])('works on %s', async (backend) => {
    const basePath = uniquePath();
    const script = new URL('./support/manager.worker.ts', import.meta.url);
    const worker = new Worker(script, { type: 'module' });
    onTestFinished(() => worker.terminate());
    expect(await Comlink.wrap<UseStore>(worker)(basePath, backend)).toStrictEqual({
      hasDom: false,
      backend,
      created: true,
      found: ['from a worker'],
    });
  });
});
