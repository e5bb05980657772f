import type { ConfigurationMethods } from '../api/configuration.ts';
import type { EngineCall } from '../connection.ts';
import { checkEmbedder } from '../embedder.ts';
import { OpenWriters } from '../live/open-writers.ts';
import type { StoreLink } from '../live/store-link.ts';
import { layConfig } from '../shared/config-layers.ts';
import type { FFConfigInput, FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import type { BackendKind, EngineApi, EngineMethod } from '../shared/contract.ts';
import type { FFEmbedder, ModelProgress } from '../shared/embedding.ts';
import { FFStorageError, FFValidationError } from '../shared/errors.ts';
import type { FFTabRole } from '../shared/host.ts';
import { loadConfig, parseConfigUpdate } from '../validation/config.ts';
import { createInputValidator, type InputValidator } from '../validation/input.ts';
import { preview } from '../validation/parse.ts';
import { openFiles, OpenStore, type StoreHooks } from './open-store.ts';

/** How a manager reaches its store. */
export interface FFStorageManagerOptions {
  /**
   * Where the bytes are kept. Default: `opfs`, or `indexeddb` where this browser has no synchronous
   * access handles. `memory` keeps nothing: for tests, and for a session that must leave no trace.
   */
  readonly backend?: BackendKind | undefined;
  /** Makes the storage worker. Default: the packaged one. */
  readonly worker?: (() => Worker) | undefined;
  /** Turns texts into vectors in the place of the model that the configuration names. */
  readonly embedder?: FFEmbedder | undefined;
  /** Called while a transformers.js model is downloaded. */
  readonly onModelProgress?: ((progress: ModelProgress) => void) | undefined;
  /** Called with the tab's `role` when the store has been opened, and whenever that changes. */
  readonly onRoleChange?: ((role: FFTabRole) => void) | undefined;
}

const BACKENDS: readonly unknown[] = ['opfs', 'indexeddb', 'memory', undefined];

/** What every manager does, whatever it stores: it opens a store, configures it and closes it. */
export abstract class StoreLifecycle implements ConfigurationMethods {
  /** What the constructor was given, over the defaults. */
  readonly #ownConfig: FFConfigurationManagerConfigDTO;
  readonly #options: FFStorageManagerOptions;
  #config: FFConfigurationManagerConfigDTO;
  #validate: InputValidator;
  /** The store that is open or being opened; `undefined` before initialize() and after close(). */
  #opening: Promise<OpenStore> | undefined;
  /** The same once it is open. */
  #store: OpenStore | undefined;
  readonly #hooks: StoreHooks = {
    onSettings: (store, updates) => {
      if (this.#store === store) this.#apply(layConfig(this.#config, updates));
    },
    onRole: (store) => {
      if (this.#store === store) this.#announceRole(store);
    },
    mayLeave: () => this.writers.isEmpty,
  };
  /** The messages that this manager is writing bit by bit. */
  protected readonly writers: OpenWriters = new OpenWriters();

  /** @throws FFValidationError for a configuration key that is unknown or out of its range. */
  constructor(config: FFConfigInput = {}, options: FFStorageManagerOptions = {}) {
    if (!BACKENDS.includes(options.backend)) {
      throw new FFValidationError(
        `backend: must be 'opfs', 'indexeddb' or 'memory'; got '${options.backend}'`,
        { field: 'backend' },
      );
    }
    checkEmbedder(options.embedder);
    checkFunction(options.onRoleChange, 'onRoleChange');
    this.#ownConfig = loadConfig(config);
    this.#options = options;
    this.#config = this.#ownConfig;
    this.#validate = createInputValidator(this.#config);
  }

  /**
   * Opens the store, creating it the first time; `true` once it is usable. Calling it again while
   * the store is open does nothing; after {@link close}, or after the worker was lost, it opens anew.
   *
   * @throws FFStorageError `unavailable` when the browser lacks what the backend needs, `timeout`
   *   when it is not open within `runtime.callTimeoutMs`, `version` or `corrupt` when it cannot be
   *   read, or another tab has it open with an incompatible version.
   */
  async initialize(): Promise<boolean> {
    const open = this.#store;
    if (open !== undefined && !(await open.connection.isAlive()) && this.#store === open) {
      this.#forget();
    }
    const opening = (this.#opening ??= OpenStore.open(this.#ownConfig, this.#options, this.#hooks));
    try {
      const store = await opening;
      // While it opened, close() may have been called, and that call ends the connection.
      if (this.#opening !== opening) throw closedError('initialize');
      if (this.#store !== store) {
        this.#store = store;
        this.#apply(layConfig(this.#ownConfig, store.savedConfig));
        this.#announceRole(store);
      }
    } catch (error) {
      if (this.#opening === opening) this.#forget();
      throw error;
    }
    return true;
  }

  /** Makes everything durable and lets go of the files. Safe to call twice, or before opening. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#forget();
    // An opening that failed has been reported to whoever called initialize().
    const store = await opening?.catch(() => undefined);
    if (store === undefined) return;
    await this.writers.flush(store.call);
    await store.connection.close();
  }

  /** Closes the store at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The backend really in use; `undefined` while the store is not open. */
  get backend(): BackendKind | undefined {
    return this.#store?.backend;
  }

  /**
   * What this tab is to the store that all tabs share; `undefined` while the store is not open. It
   * changes as tabs come and go, see `onRoleChange`. Only `reader` makes a difference to an app.
   */
  get role(): FFTabRole | undefined {
    return this.#store?.role;
  }

  getConfiguration(): FFConfigurationManagerConfigDTO {
    return structuredClone(this.#config);
  }

  async updateConfiguration(updates: FFConfigInput): Promise<boolean> {
    const store = this.#openStore('updateConfiguration');
    const update = parseConfigUpdate(this.#config, updates);
    await store.connection.call('updateConfiguration', update.updates);
    // Laid over what is in force now: another update may have come through meanwhile. A store that
    // was closed meanwhile gives what it has saved when it is opened again.
    if (this.#store === store) this.#apply(layConfig(this.#config, update.updates));
    return true;
  }

  /** The checks for the configuration in force. */
  protected get validate(): InputValidator {
    return this.#validate;
  }

  /** Calls the engine with checked arguments; throws at once where the store is not open. */
  protected call<M extends EngineMethod>(
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Awaited<ReturnType<EngineApi[M]>>> {
    return this.#openStore(method).connection.call(method, ...args);
  }

  /** The open store, for what lives on it; throws at once where there is none. */
  protected link(method: string): StoreLink {
    return this.#openStore(method);
  }

  /** The backend that was asked for; `undefined` where that was left to the browser. */
  protected get requestedBackend(): BackendKind | undefined {
    return this.#options.backend;
  }

  /**
   * A way to what works whatever has become of the store: through the store where it is open, and where
   * it is not through its files alone, which stay open until they are released.
   */
  protected async reach(): Promise<{ readonly call: EngineCall; release(): Promise<void> }> {
    // Why an opening failed has been reported to whoever called initialize().
    const store = await this.#opening?.catch(() => undefined);
    if (store !== undefined) return { call: store.call, release: async () => undefined };
    const files = await openFiles(this.#ownConfig, this.#options);
    return {
      call: (method, ...args) => files.call(method, ...args),
      release: () => files.close(),
    };
  }

  #announceRole({ role }: OpenStore): void {
    // Later, so that what the app throws is an error of its own.
    queueMicrotask(() => this.#options.onRoleChange?.(role));
  }

  #apply(config: FFConfigurationManagerConfigDTO): void {
    this.#config = config;
    this.#validate = createInputValidator(config);
    if (this.#store !== undefined) {
      this.#store.connection.callTimeoutMs = config.runtime.callTimeoutMs;
    }
  }

  #openStore(method: string): OpenStore {
    if (this.#store === undefined) throw closedError(method);
    return this.#store;
  }

  #forget(): void {
    this.#opening = undefined;
    this.#store = undefined;
  }
}

function checkFunction(value: unknown, field: string): void {
  if (value === undefined || typeof value === 'function') return;
  throw new FFValidationError(`${field}: must be a function; got ${preview(value)}`, { field });
}

function closedError(method: string): FFStorageError {
  return new FFStorageError(`${method}: the store is not open: await initialize() first.`, {
    code: 'closed',
  });
}
