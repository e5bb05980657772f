import type { EngineMethod } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { StoreEvent } from '../../src/shared/events.ts';
import type { OpenReply } from '../../src/shared/host.ts';
import { createMemoryBackend } from '../backend/memory.ts';
import type { Engine } from '../engine.ts';
import type { CreateEngine, StoreAccess } from './access.ts';

/** A store in the memory of this thread, which nobody else can see. */
export class PrivateStore implements StoreAccess {
  readonly #create: CreateEngine;
  readonly #onEvent: (event: StoreEvent) => void;
  #engine: Engine | undefined;

  constructor(create: CreateEngine, onEvent: (event: StoreEvent) => void) {
    this.#create = create;
    this.#onEvent = onEvent;
  }

  async open(): Promise<OpenReply> {
    this.#engine = await this.#create(createMemoryBackend(), { onEvent: this.#onEvent });
    return { backend: 'memory', savedConfig: this.#engine.savedConfig, role: 'owner' };
  }

  async call(method: EngineMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.#engine === undefined) {
      throw new FFStorageError(`${method}: the store is not open.`, { code: 'closed' });
    }
    // The page has tied the arguments to the method, see `Host.call`.
    return this.#engine.call(method, args as never, { caller: 'here' });
  }

  // Nobody waits for it: there is nothing to let go of.
  setVisible(): void {}
  async suspend(): Promise<void> {}
  async resume(): Promise<void> {}

  async close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.close();
  }
}
