import { FFStorageError } from '../src/shared/errors.ts';
import { topicOf, type StoreEvent } from '../src/shared/events.ts';
import {
  PROTOCOL_VERSION,
  type HelloReply,
  type Host,
  type OpenRequest,
  type Page,
} from '../src/shared/host.ts';
import { createId } from '../src/shared/ids.ts';
import { NAME_PREFIX } from '../src/shared/names.ts';
import { bestKind } from './backend/select.ts';
import { createEmbedder } from './embedding/embedder.ts';
import { openEngine } from './engine.ts';
import { createLogger } from './logger.ts';
import type { CreateEngine, StoreAccess } from './tabs/access.ts';
import { FilesAccess } from './tabs/files-access.ts';
import { hasLocks, holdLock, type HeldLock } from './tabs/locks.ts';
import { PrivateStore } from './tabs/private-store.ts';
import { SharedStore } from './tabs/shared-store.ts';

/** What the worker exposes: it reaches the store and passes calls on to it. */
export function createHost(): Host {
  /** Short, as the ids of calls begin with it; of the many there are, two tabs never get the same. */
  const self = createId().replaceAll('-', '').slice(-10);
  let store: StoreAccess | undefined;
  let alive: Promise<AliveLock> | undefined;
  let topics: ReadonlySet<string> = new Set();
  /** Putting aside and taking up again, one after the other. */
  let turns: Promise<unknown> = Promise.resolve();

  const takeTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = turns.then(task);
    turns = result.catch(() => undefined);
    return result;
  };
  const greet = async (): Promise<HelloReply> => {
    alive ??= holdAliveLock();
    const { name } = await alive;
    return { protocol: PROTOCOL_VERSION, ...(name === undefined ? {} : { aliveLock: name }) };
  };
  const isWanted = (event: StoreEvent): boolean => {
    switch (event.type) {
      case 'settings':
      case 'resync':
        return true;
      case 'gone':
        return topics.size > 0;
      case 'messages':
      case 'grew':
      case 'ended':
        return topics.has(topicOf(event.userId, event.sessionId));
    }
  };

  return {
    hello: greet,

    open: async (request, page) => {
      const { aliveLock = self } = await greet();
      const opening = await createAccess(request, page, self, aliveLock, (event) => {
        if (isWanted(event)) page.onEvent(event);
      });
      const reply = await opening.open();
      store = opening;
      return reply;
    },

    call: async (method, args, timeoutMs) => {
      if (store === undefined) {
        throw new FFStorageError(`${method}: the store is not open.`, { code: 'closed' });
      }
      // The engine's answer to that method, see `EngineApi`; TypeScript cannot follow it by name.
      return (await store.call(method, args, timeoutMs)) as never;
    },

    listen: async (wanted) => {
      topics = new Set(wanted);
    },

    setVisible: async (isVisible) => store?.setVisible(isVisible),

    suspend: () =>
      takeTurn(async () => {
        await store?.suspend();
        // A lock that is held keeps a page out of the back-forward cache.
        (await alive)?.lock.release();
        alive = undefined;
      }),

    resume: () =>
      takeTurn(async () => {
        const reply = await greet();
        await store?.resume(reply.aliveLock ?? self);
        return reply;
      }),

    close: async () => {
      const closing = store;
      store = undefined;
      await closing?.close();
    },
  };
}

interface AliveLock {
  readonly name: string | undefined;
  readonly lock: HeldLock;
}

/** Held until this thread dies, or is put aside. */
async function holdAliveLock(): Promise<AliveLock> {
  const name = `${NAME_PREFIX}alive:${createId()}`;
  const lock = await holdLock(name);
  return { name: hasLocks() ? name : undefined, lock };
}

async function createAccess(
  { config, backend, embedder, filesOnly = false }: OpenRequest,
  page: Page,
  self: string,
  caller: string,
  onEvent: (event: StoreEvent) => void,
): Promise<StoreAccess> {
  const createEngine: CreateEngine = (files, options) =>
    openEngine({
      ...options,
      backend: files,
      config,
      createEmbedder: (vector, onProgress) =>
        createEmbedder(vector, {
          onProgress: (progress) => {
            onProgress(progress);
            page.onModelProgress(progress);
          },
          ...(embedder === undefined
            ? {}
            : { appEmbedder: { ...embedder, embed: (texts) => page.embed(texts) } }),
        }),
    });
  const kind = backend ?? (await bestKind());
  if (filesOnly) return new FilesAccess(kind, config);
  if (kind === 'memory') return new PrivateStore(createEngine, onEvent);
  return new SharedStore({
    kind,
    basePath: config.storage.basePath,
    self,
    caller,
    openTimeoutMs: config.runtime.callTimeoutMs,
    createEngine,
    logger: createLogger(() => config.runtime.logLevel),
    onEvent,
    onRole: (role) => page.onRole(role),
  });
}
