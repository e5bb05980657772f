import { Connection, type EngineCall } from '../connection.ts';
import { describeEmbedder } from '../embedder.ts';
import { EventRouter } from '../live/event-router.ts';
import type { StoreLink } from '../live/store-link.ts';
import { followPage } from '../page-life.ts';
import type { FFConfigInput, FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import type { BackendKind } from '../shared/contract.ts';
import type { StoreEvent } from '../shared/events.ts';
import type { FFTabRole, OpenReply, Page } from '../shared/host.ts';
import type { FFStorageManagerOptions } from './lifecycle.ts';

/** What an open store tells its manager, and asks it. */
export interface StoreHooks {
  onSettings(store: OpenStore, updates: FFConfigInput): void;
  onRole(store: OpenStore): void;
  /** Whether the page can be done without for a while. */
  mayLeave(): boolean;
}

/** A store that is open, from its opening to its end. */
export class OpenStore implements StoreLink {
  readonly connection: Connection;
  readonly events: EventRouter;
  readonly backend: BackendKind;
  readonly savedConfig: FFConfigInput;
  readonly #hooks: StoreHooks;
  #role: FFTabRole;

  private constructor(connection: Connection, reply: OpenReply, hooks: StoreHooks) {
    this.connection = connection;
    this.events = new EventRouter((topics) => connection.listen(topics));
    this.backend = reply.backend;
    this.savedConfig = reply.savedConfig;
    this.#role = reply.role;
    this.#hooks = hooks;
  }

  /** Starts a worker and opens the store in it. */
  static async open(
    config: FFConfigurationManagerConfigDTO,
    options: FFStorageManagerOptions,
    hooks: StoreHooks,
  ): Promise<OpenStore> {
    const { embedder, onModelProgress } = options;
    let store: OpenStore | undefined;
    let earlyRole: FFTabRole | undefined;
    const page: Page = {
      embed: async (texts) => {
        if (embedder === undefined) throw new TypeError('There is no embedder here.');
        return embedder.embed(texts);
      },
      // Later, so that what the app throws is an error of the page and not one that the worker gets.
      onModelProgress: (progress) => queueMicrotask(() => onModelProgress?.(progress)),
      onEvent: (event) => {
        if (store !== undefined) store.#receive(event);
      },
      onRole: (role) => {
        if (store === undefined) earlyRole = role;
        else store.#become(role);
      },
    };
    const { connection, reply } = await Connection.open({
      config,
      page,
      ...(embedder === undefined ? {} : { embedder: describeEmbedder(embedder) }),
      ...placeOf(options),
    });
    // It may have come by another way than the answer, and before it.
    store = new OpenStore(connection, { ...reply, role: earlyRole ?? reply.role }, hooks);
    const { events } = store;
    followPage(connection, hooks.mayLeave, () => events.dispatch({ type: 'resync' }));
    return store;
  }

  get call(): EngineCall {
    return (method, ...args) => this.connection.call(method, ...args);
  }

  get ending(): AbortSignal {
    return this.connection.ending;
  }

  get role(): FFTabRole {
    return this.#role;
  }

  #receive(event: StoreEvent): void {
    if (event.type === 'settings') this.#hooks.onSettings(this, event.updates);
    else this.events.dispatch(event);
  }

  #become(role: FFTabRole): void {
    if (role === this.#role) return;
    this.#role = role;
    this.#hooks.onRole(this);
  }
}

/** Reaches the files of a store without the store; nobody else may have it open. */
export async function openFiles(
  config: FFConfigurationManagerConfigDTO,
  options: FFStorageManagerOptions,
): Promise<Connection> {
  const page: Page = {
    embed: () => Promise.reject(new TypeError('Files alone need no vectors.')),
    onModelProgress: () => undefined,
    onEvent: () => undefined,
    onRole: () => undefined,
  };
  const filesOnly = true;
  const { connection } = await Connection.open({ config, page, filesOnly, ...placeOf(options) });
  return connection;
}

function placeOf({ backend, worker }: FFStorageManagerOptions) {
  return {
    ...(backend === undefined ? {} : { backend }),
    ...(worker === undefined ? {} : { createWorker: worker }),
  };
}
