import type { FFConfigInput, FFConfigurationManagerConfigDTO } from '../src/shared/config.ts';
import type { EngineApi, EngineMethod } from '../src/shared/contract.ts';
import type { Backend } from './backend/backend.ts';
import { ArchiveFiles } from './backup/archive-files.ts';
import { createLogger } from './logger.ts';
import { OperationMetrics } from './metrics/operation-metrics.ts';
import { Embedding, type CreateEmbedder } from './search/embedding.ts';
import { Searcher } from './search/searcher.ts';
import { createBackupService } from './services/backups.ts';
import {
  applySettings,
  createConfigurationService,
  savedSettings,
} from './services/configuration.ts';
import type { ServiceContext } from './services/context.ts';
import { createContextService } from './services/contexts.ts';
import { DocumentTexts } from './services/document-texts.ts';
import { createDocumentService } from './services/documents.ts';
import { createMaintenanceService } from './services/maintenance.ts';
import { createMessageService } from './services/messages.ts';
import { createMetricsService } from './services/metrics.ts';
import { createPanelService } from './services/panels.ts';
import { createPersonaService } from './services/personas.ts';
import { createSearchService } from './services/search.ts';
import { createSessionService } from './services/sessions.ts';
import { createStatisticsService } from './services/statistics.ts';
import { createTransferService } from './services/transfers.ts';
import { createUserService } from './services/users.ts';
import type { StoreEvents } from './store/events.ts';
import { Store } from './store/store.ts';

/** How long nothing must have been asked before the engine tidies up. */
const IDLE_MS = 1_000;

/** What an engine is made of; what varies between browsers and tests comes from outside. */
export interface EngineOptions {
  /** The engine owns it, and closes it. */
  readonly backend: Backend;
  readonly config: FFConfigurationManagerConfigDTO;
  /** Makes what turns texts into vectors. Default: nothing does. */
  readonly createEmbedder?: CreateEmbedder;
  /** The time in milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
}

/** A store that is open. It needs no worker: it runs in whatever thread makes it. */
export interface Engine {
  readonly api: EngineApi;
  /** What earlier calls of `updateConfiguration` have saved; it is in force. */
  readonly savedConfig: FFConfigInput;
  /** Waits for the calls that were made, then lets go of the files. */
  close(): Promise<void>;
}

/** Opens the store on a backend. Rejects as {@link Store.open} does. */
export async function openEngine({
  backend,
  config: given,
  createEmbedder = () => undefined,
  now = Date.now,
}: EngineOptions): Promise<Engine> {
  // A copy, because `updateConfiguration` changes it in place.
  const config = structuredClone(given);
  const logger = createLogger(() => config.runtime.logLevel);
  const store = await Store.open(backend, config.storage, logger);
  const savedConfig = await savedSettings(store);
  applySettings(config, savedConfig);
  const embedding = new Embedding(config.vector, createEmbedder, logger);
  const searcher = new Searcher(store, config.search, embedding, logger);
  const { indexer } = searcher;

  const closing = new AbortController();
  const context: ServiceContext = {
    store,
    indexer,
    searcher,
    embedding,
    config,
    logger,
    now,
    closing: closing.signal,
  };
  const texts = new DocumentTexts(context);
  Object.assign(store.events, {
    onSpaceOpened: (userId) => {
      indexer.userOpened(userId);
      texts.userOpened(userId);
    },
    onSpaceLeaving: (userId) => indexer.spaceLeaving(userId),
    onSpaceReplaced: (spaceId) => indexer.spaceReplaced(spaceId),
    onLogRewritten: (userId, sessionId) => indexer.logRewritten(userId, sessionId),
  } satisfies StoreEvents);
  const archives = new ArchiveFiles(store.files);
  const transfers = createTransferService(context, archives);
  const metrics = new OperationMetrics(() => performance.now());
  const services: EngineApi = {
    ...createUserService(context),
    ...createSessionService(context),
    ...createMessageService(context),
    ...createPersonaService(context),
    ...createPanelService(context),
    ...createSearchService(context, () => texts.whenIdle()),
    ...createDocumentService(context, texts),
    ...createContextService(context),
    ...createStatisticsService(context),
    ...createMetricsService(context, metrics, () => texts.pendingCount),
    ...createConfigurationService(context),
    ...createMaintenanceService(context),
    ...createBackupService(context, archives),
    ...transfers.methods,
    whenIdle: async () => {
      await store.flush();
      await texts.whenIdle();
      await searcher.whenIdle();
    },
  };

  /** Calls that have not settled yet: none may touch a file once the store is closed. */
  const calls = new Set<Promise<unknown>>();
  const idle = createIdleTimer(IDLE_MS, () => void store.saveOffsets());
  return {
    savedConfig,
    api: aroundEach(services, (name, call) => {
      const running = metrics.measure(name, call);
      calls.add(running);
      return running.finally(() => {
        calls.delete(running);
        idle.restart();
      });
    }),
    close: async () => {
      idle.stop();
      closing.abort();
      await transfers.close();
      await texts.close();
      await searcher.close();
      await Promise.allSettled(calls);
      await indexer.release();
      await store.close();
    },
  };
}

/** The same methods, each of which runs inside of `around`. */
function aroundEach(
  api: EngineApi,
  around: <T>(name: EngineMethod, call: () => Promise<T>) => Promise<T>,
): EngineApi {
  const wrapped = Object.entries(api).map(([name, method]) => [
    name,
    (...args: unknown[]) =>
      around(name as EngineMethod, () =>
        (method as (...args: unknown[]) => Promise<unknown>)(...args),
      ),
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
