import type {
  FFConfigInput,
  FFConfigurationManagerConfigDTO,
  FFStorageConfig,
} from '../src/shared/config.ts';
import type { EngineApi, EngineMethod } from '../src/shared/contract.ts';
import { FFStorageError } from '../src/shared/errors.ts';
import type { StoreEvent } from '../src/shared/events.ts';
import type { Backend } from './backend/backend.ts';
import { ArchiveFiles } from './backup/archive-files.ts';
import { createLogger, type Logger } from './logger.ts';
import { OperationMetrics } from './metrics/operation-metrics.ts';
import { Embedding, type CreateEmbedder } from './search/embedding.ts';
import { Searcher } from './search/searcher.ts';
import { createBackupService } from './services/backups.ts';
import {
  CALLED_HERE,
  CHANGING_METHODS,
  type CallContext,
  type ServiceApi,
} from './services/call.ts';
import {
  applySettings,
  createConfigurationService,
  savedSettings,
} from './services/configuration.ts';
import type { ServiceContext } from './services/context.ts';
import { createContextService } from './services/contexts.ts';
import { DocumentTexts } from './services/document-texts.ts';
import { createDocumentService } from './services/documents.ts';
import { createGrowingService } from './services/growing.ts';
import { GrowingMessages } from './services/growing-messages.ts';
import { createHealthService } from './services/health.ts';
import { createMaintenanceService } from './services/maintenance.ts';
import { createMessageService } from './services/messages.ts';
import { createMetricsService } from './services/metrics.ts';
import { createPanelService } from './services/panels.ts';
import { createPersonaService } from './services/personas.ts';
import { ALWAYS_PRESENT, type Presence } from './services/presence.ts';
import { createReliabilityService } from './services/reliability.ts';
import { createSearchService } from './services/search.ts';
import { createSessionService } from './services/sessions.ts';
import { createStatisticsService } from './services/statistics.ts';
import { createStreamService } from './services/streams.ts';
import { createTransferService } from './services/transfers.ts';
import { createUserService } from './services/users.ts';
import type { StoreEvents } from './store/events.ts';
import { SHARED_SPACE } from './store/layout.ts';
import { Store } from './store/store.ts';
import { UPGRADES, upgradeStore, type UpgradeStep } from './upgrade.ts';

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
  /** Told of what happens to the store. Default: nobody is. */
  readonly onEvent?: (event: StoreEvent) => void;
  /** Who there is to call. Default: whoever calls never goes. */
  readonly presence?: Presence;
  /** How stores of earlier formats become ones of this. Default: all that there are. */
  readonly upgrades?: readonly UpgradeStep[];
}

/** A store that is open. It needs no worker: it runs in whatever thread makes it. */
export interface Engine {
  /** Calls that nobody repeats: whoever makes them lives and dies with this thread. */
  readonly api: EngineApi;
  /**
   * Makes a call for whoever the context says.
   *
   * @throws FFStorageError `version` for a method that this code does not have
   */
  call<M extends EngineMethod>(
    method: M,
    args: Parameters<EngineApi[M]>,
    context: CallContext,
  ): Promise<Awaited<ReturnType<EngineApi[M]>>>;
  /** What earlier calls of `updateConfiguration` have saved; it is in force. */
  readonly savedConfig: FFConfigInput;
  /** Whether no call is under way, nor a check, nor an archive on its way out or in. */
  readonly isIdle: boolean;
  /** Marks all messages as interrupted that a caller is writing: it is about to go. */
  interrupt(caller: string): Promise<void>;
  /** Waits for the calls that were made, then lets go of the files. */
  close(): Promise<void>;
}

/** Opens the store on a backend. Rejects as {@link Store.open} does. */
export async function openEngine({
  backend,
  config: given,
  createEmbedder = () => undefined,
  now = Date.now,
  onEvent = () => undefined,
  presence = ALWAYS_PRESENT,
  upgrades = UPGRADES,
}: EngineOptions): Promise<Engine> {
  // A copy, because `updateConfiguration` changes it in place.
  const config = structuredClone(given);
  const logger = createLogger(() => config.runtime.logLevel);
  const store = await openStore(backend, upgrades, config.storage, logger);
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
    presence,
    publish: onEvent,
  };
  const texts = new DocumentTexts(context);
  const growing = new GrowingMessages(context);
  Object.assign(store.events, {
    onSpaceOpened: (userId, catalog) => {
      growing.spaceOpened(userId, catalog);
      indexer.userOpened(userId);
      texts.userOpened(userId);
    },
    onSpaceLeaving: (userId) => {
      growing.spaceLeaving(userId);
      return indexer.spaceLeaving(userId);
    },
    onSessionDeleted: (userId, sessionId) => growing.sessionDeleted(userId, sessionId),
    onSpaceReplaced: (spaceId) => {
      indexer.spaceReplaced(spaceId);
      if (spaceId !== SHARED_SPACE) onEvent({ type: 'gone', userId: spaceId });
    },
    onLogRewritten: (userId, sessionId) => indexer.logRewritten(userId, sessionId),
  } satisfies StoreEvents);
  const archives = new ArchiveFiles(store.files);
  const transfers = createTransferService(context, archives);
  const checks = createReliabilityService(context, texts, archives);
  const metrics = new OperationMetrics(() => performance.now());
  const services: ServiceApi = {
    ...createUserService(context),
    ...createSessionService(context),
    ...createMessageService(context, growing),
    ...createGrowingService(context, growing),
    ...createStreamService(context, growing),
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
    ...createHealthService(context),
    ...checks.methods,
    whenIdle: async () => {
      await growing.saveAll();
      await store.flush();
      await texts.whenIdle();
      await searcher.whenIdle();
      await store.logContext.reserve?.fill();
    },
  };

  /** Calls that have not settled yet: none may touch a file once the store is closed. */
  const calls = new Set<Promise<unknown>>();
  const { reserve } = store.logContext;
  const idle = createIdleTimer(IDLE_MS, () => {
    void store.saveOffsets();
    void reserve?.fill();
  });
  const call: Engine['call'] = (method, args, from) => {
    const run = invokerOf(services, method, args, from);
    if (run === undefined) return Promise.reject(noSuchMethod(method));
    const running = metrics.measure(method, run);
    calls.add(running);
    return running.finally(() => {
      calls.delete(running);
      idle.restart();
    });
  };
  return {
    savedConfig,
    get isIdle() {
      return calls.size === 0 && transfers.count === 0 && checks.count === 0;
    },
    call,
    interrupt: (caller) => growing.interrupt(caller),
    api: apiOf(services, call),
    close: async () => {
      idle.stop();
      closing.abort();
      await transfers.close();
      await checks.close();
      await texts.close();
      await searcher.close();
      await Promise.allSettled(calls);
      await growing.close();
      await indexer.release();
      await reserve?.close();
      await store.close();
    },
  };
}

async function openStore(
  backend: Backend,
  upgrades: readonly UpgradeStep[],
  config: FFStorageConfig,
  logger: Logger,
): Promise<Store> {
  let current: Backend;
  try {
    current = await upgradeStore(backend, upgrades, logger);
  } catch (error) {
    await backend.close();
    throw error;
  }
  return Store.open(current, config, logger);
}

const changingMethods: ReadonlySet<string> = new Set(CHANGING_METHODS);

/** What runs a method of the services with its arguments; `undefined` where there is none of that name. */
function invokerOf<M extends EngineMethod>(
  services: ServiceApi,
  method: M,
  args: Parameters<EngineApi[M]>,
  context: CallContext,
): (() => Promise<Awaited<ReturnType<EngineApi[M]>>>) | undefined {
  if (!Object.hasOwn(services, method)) return undefined;
  // The signature has tied the arguments to the method; TypeScript cannot follow that by name.
  const run = services[method] as (...args: readonly unknown[]) => Promise<never>;
  return changingMethods.has(method) ? () => run(context, ...args) : () => run(...args);
}

function noSuchMethod(method: string): FFStorageError {
  return new FFStorageError(`${method}: this worker has no such method.`, { code: 'version' });
}

/** The engine's methods, called from here. */
function apiOf(services: ServiceApi, call: Engine['call']): EngineApi {
  const methods = (Object.keys(services) as EngineMethod[]).map((method) => [
    method,
    (...args: never) => call(method, args, { caller: CALLED_HERE }),
  ]);
  return Object.fromEntries(methods) as EngineApi;
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
