import * as Comlink from 'comlink';
import { FFStorageManager, type BackendKind } from 'flatfile-chat';

/** Uses a store from inside of a worker, where there is no DOM, and tells what it found. */
async function useStore(basePath: string, backend: BackendKind) {
  await using storage = new FFStorageManager({ storage: { basePath } }, { backend });
  await storage.initialize();
  const created = await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  await storage.addMessage('alice', sessionId, { role: 'user', content: 'from a worker' });
  const hits = await storage.searchMessages('alice', 'worker');
  return {
    hasDom: 'document' in globalThis || 'window' in globalThis,
    backend: storage.backend,
    created,
    found: hits.map(({ content }) => content),
  };
}

export type UseStore = typeof useStore;

Comlink.expose(useStore);
