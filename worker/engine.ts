import type { FFConfigurationManagerConfigDTO } from '../src/shared/config.ts';
import type { EngineApi } from '../src/shared/contract.ts';
import type { Backend } from './backend/backend.ts';
import { createLogger } from './logger.ts';
import { Indexer } from './search/indexer.ts';
import { createOramaIndex } from './search/orama-index.ts';
import type { ServiceContext } from './services/context.ts';
import { createMessageService } from './services/messages.ts';
import { createSearchService } from './services/search.ts';
import { createSessionService } from './services/sessions.ts';
import { createUserService } from './services/users.ts';
import { Store } from './store/store.ts';

/** How long nothing must have been asked before the engine tidies up. */
const IDLE_MS = 1_000;

/** What an engine is made of; what varies between browsers and tests comes from outside. */
export interface EngineOptions {
  /** The engine owns it, and closes it. */
  readonly backend: Backend;
  readonly config: FFConfigurationManagerConfigDTO;
  /** The time in milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** A store that is open. It needs no worker: it runs in whatever thread makes it. */
export interface Engine {
  readonly api: EngineApi;
  /** Waits for the calls that were made, then lets go of the files. */
  close(): Promise<void>;
}

/** Opens the store on a backend. Rejects as {@link Store.open} does. */
export async function openEngine({
  backend,
  config,
  now = Date.now,
}: EngineOptions): Promise<Engine> {
  const logger = createLogger(config.runtime.logLevel);
  const store = await Store.open(backend, config.storage, logger);
  const indexer = new Indexer(store, config.search, createOramaIndex, logger);
  store.onUserOpened = (userId, sessionIds) => indexer.userOpened(userId, sessionIds);

  const context: ServiceContext = { store, indexer, config, now };
  const services: EngineApi = {
    ...createUserService(context),
    ...createSessionService(context),
    ...createMessageService(context),
    ...createSearchService(context),
    whenIdle: async () => {
      await store.flush();
      await indexer.whenIdle();
    },
  };

  const idle = createIdleTimer(IDLE_MS, () => void store.saveOffsets());
  return {
    api: afterEach(services, () => idle.restart()),
    close: async () => {
      idle.stop();
      await indexer.close();
      await store.close();
    },
  };
}

/** The same methods, each of which calls `done` when it has settled. */
function afterEach(api: EngineApi, done: () => void): EngineApi {
  const wrapped = Object.entries(api).map(([name, method]) => [
    name,
    (...args: unknown[]) =>
      (method as (...args: unknown[]) => Promise<unknown>)(...args).finally(done),
  ]);
  return Object.fromEntries(wrapped) as EngineApi;
}

function createIdleTimer(ms: number, action: () => void): { restart(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
    restart: () => {
      clearTimeout(timer);
      // A call that was under way while the engine closed must not bring its files back.
      if (!stopped) timer = setTimeout(action, ms);
    },
  };
}
