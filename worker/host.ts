import {
  NAME_PREFIX,
  PROTOCOL_VERSION,
  type EngineMethod,
  type HelloReply,
  type Host,
  type OpenRequest,
  type Page,
} from '../src/shared/contract.ts';
import { FFStorageError } from '../src/shared/errors.ts';
import { createId } from '../src/shared/ids.ts';
import { selectBackend } from './backend/select.ts';
import { createEmbedder } from './embedding/embedder.ts';
import { openEngine, type Engine } from './engine.ts';
import { becomeOwner, hasLocks, holdLock, type HeldLock } from './owner.ts';

/** Longest wait for another tab to let go of the store; a page that reloads needs milliseconds. */
const MAX_OWNER_WAIT_MS = 10_000;

interface OpenStore {
  readonly engine: Engine;
  readonly lock: HeldLock;
}

/** What the worker exposes: it opens an engine and passes calls on to it. */
export function createHost(): Host {
  let store: OpenStore | undefined;
  let greeting: Promise<HelloReply> | undefined;

  return {
    hello: () => (greeting ??= greet()),

    open: async (request, page) => {
      const opened = await openStore(request, page);
      store = opened;
      return { backend: opened.backend, savedConfig: opened.engine.savedConfig };
    },

    call: async (method, args) => {
      if (store === undefined) {
        throw new FFStorageError(`${method}: the store is not open.`, { code: 'closed' });
      }
      return invoke(store.engine, method, args);
    },

    close: async () => {
      const closing = store;
      store = undefined;
      await closing?.engine.close();
      closing?.lock.release();
    },
  };
}

async function greet(): Promise<HelloReply> {
  if (!hasLocks()) return { protocol: PROTOCOL_VERSION };
  const aliveLock = `${NAME_PREFIX}alive:${createId()}`;
  // Never released: only the death of this thread frees it.
  await holdLock(aliveLock);
  return { protocol: PROTOCOL_VERSION, aliveLock };
}

async function openStore({ config, backend: kind, embedder }: OpenRequest, page?: Page) {
  const { basePath } = config.storage;
  // Each worker has a memory of its own, so nobody can get in another's way.
  const lock =
    kind === 'memory'
      ? { release: () => undefined }
      : await becomeOwner(basePath, Math.min(MAX_OWNER_WAIT_MS, config.runtime.callTimeoutMs / 2));
  try {
    const backend = await selectBackend(kind, basePath);
    const engine = await openEngine({
      backend,
      config,
      createEmbedder: (vector, onProgress) =>
        createEmbedder(vector, {
          onProgress: (progress) => {
            onProgress(progress);
            page?.onModelProgress(progress);
          },
          ...(embedder === undefined || page === undefined
            ? {}
            : { appEmbedder: { ...embedder, embed: (texts) => page.embed(texts) } }),
        }),
    });
    return { engine, lock, backend: backend.kind };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function invoke(engine: Engine, method: EngineMethod, args: readonly unknown[]): Promise<never> {
  if (!Object.hasOwn(engine.api, method)) {
    throw new FFStorageError(`${method}: this worker has no such method.`, { code: 'version' });
  }
  // Host['call'] has tied the arguments to the method; TypeScript cannot follow that by name.
  const run = engine.api[method] as (...args: readonly unknown[]) => Promise<never>;
  return run(...args);
}
