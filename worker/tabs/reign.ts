import type { FFConfigInput } from '../../src/shared/config.ts';
import { mergeConfigInput } from '../../src/shared/config-layers.ts';
import type { BackendKind, EngineMethod } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { StoreEvent } from '../../src/shared/events.ts';
import { selectBackend } from '../backend/select.ts';
import type { Engine } from '../engine.ts';
import type { CallContext } from '../services/call.ts';
import type { CreateEngine } from './access.ts';
import { Desk, isClosing } from './desk.ts';
import type { MemberId } from './messages.ts';
import type { Ownership } from './ownership.ts';
import { createPresence, type CallerPresence } from './presence.ts';

/** What a reign begins with. */
export interface ReignOptions {
  readonly store: string;
  readonly self: MemberId;
  readonly kind: BackendKind;
  readonly basePath: string;
  /** Higher than that of every owner before. */
  readonly epoch: number;
  readonly ownership: Ownership;
  /** The lock that this thread holds. */
  readonly caller: string;
  readonly createEngine: CreateEngine;
  onEvent(event: StoreEvent): void;
}

/** The time in which this thread is the owner of a store: it has the files open and answers everybody. */
export class Reign {
  readonly epoch: number;
  readonly desk: Desk;
  /** Resolves when the files are let go of. */
  readonly ended: Promise<void>;
  readonly #options: ReignOptions;
  readonly #presence: CallerPresence;
  #engine: Engine | undefined;
  #savedConfig: FFConfigInput = {};
  /** Calls of this tab that are under way. */
  #running = 0;
  #ending: Promise<void> | undefined;
  #resolveEnded: () => void = () => undefined;

  constructor(options: ReignOptions) {
    this.epoch = options.epoch;
    this.#options = options;
    this.#presence = createPresence(options.caller);
    // From now on it answers greetings, be it only with the request to wait.
    this.desk = new Desk(options.store, options.self, options.epoch, this.#presence);
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** Opens the store. When that fails the right to it is given up. */
  async open(): Promise<void> {
    const { kind, basePath, ownership, createEngine } = this.#options;
    try {
      const backend = await selectBackend(kind, basePath, ownership.fence);
      this.#engine = await createEngine(backend, {
        presence: this.#presence,
        onEvent: (event) => this.#publish(event),
      });
    } catch (error) {
      await this.end();
      throw error;
    }
    this.#savedConfig = this.#engine.savedConfig;
    void ownership.lost.then(() => this.end());
    this.desk.serve({
      engine: this.#engine,
      backend: kind,
      savedConfig: () => this.#savedConfig,
    });
  }

  get savedConfig(): FFConfigInput {
    return this.#savedConfig;
  }

  /** Whether nobody waits for anything, so that another tab may take over without being noticed. */
  get isIdle(): boolean {
    return this.#running === 0 && this.desk.isIdle && this.#engine?.isIdle === true;
  }

  /**
   * Makes a call of this tab.
   *
   * @returns `undefined` when the reign ended before it was carried out: the next owner is to be asked
   */
  async call(
    method: EngineMethod,
    args: readonly unknown[],
    operation?: CallContext['operation'],
  ): Promise<{ readonly value: unknown } | undefined> {
    const { caller } = this.#options;
    const engine = this.#engine;
    if (engine === undefined) return undefined;
    this.#running++;
    try {
      const context = operation === undefined ? { caller } : { caller, operation };
      // The page has tied the arguments to the method, see `Host.call`.
      return { value: await engine.call(method, args as never, context) };
    } catch (error) {
      if (this.#ending !== undefined && isClosing(error)) return undefined;
      throw error;
    } finally {
      this.#running--;
    }
  }

  /** Marks what this tab was writing as interrupted: nobody will go on with it. */
  async interrupt(): Promise<void> {
    await this.#engine?.interrupt(this.#options.caller);
  }

  /** Takes no more calls, finishes those that were taken, and lets go of the files. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    this.desk.stopServing();
    try {
      await engine?.close();
    } catch (error) {
      // Of a store that was taken over by another owner nothing can be saved, nor has to be.
      if (!(error instanceof FFStorageError)) throw error;
    } finally {
      this.desk.close();
      this.#presence.close();
      await this.#options.ownership.release();
      this.#resolveEnded();
    }
  }

  #publish(event: StoreEvent): void {
    if (event.type === 'settings') {
      this.#savedConfig = mergeConfigInput(this.#savedConfig, event.updates);
    }
    this.desk.publish(event);
    this.#options.onEvent(event);
  }
}
