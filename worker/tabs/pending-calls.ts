import type { EngineMethod } from '../../src/shared/contract.ts';
import type { FFStorageError } from '../../src/shared/errors.ts';
import { createDeferred } from '../deferred.ts';

/** A call that has no answer yet. */
export interface PendingCall {
  readonly id: string;
  readonly method: EngineMethod;
  readonly args: readonly unknown[];
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly deadline: number | null;
  /** The epoch of the owner that it was sent to last; `undefined` before it is sent. */
  sentTo: number | undefined;
}

interface Waiting {
  readonly call: PendingCall;
  readonly answer: Promise<unknown>;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * The calls of this tab that have no answer yet, in the order in which they were made. They outlive the
 * owner that they were sent to: each settles with somebody's answer or at its deadline.
 */
export class PendingCalls {
  readonly #self: string;
  readonly #onDeadline: (call: PendingCall) => FFStorageError;
  readonly #waitingById = new Map<string, Waiting>();
  #made = 0;

  /**
   * @param self what the ids of calls begin with; nobody else's do
   * @param onDeadline why there is no answer
   */
  constructor(self: string, onDeadline: (call: PendingCall) => FFStorageError) {
    this.#self = self;
    this.#onDeadline = onDeadline;
  }

  get size(): number {
    return this.#waitingById.size;
  }

  /** In the order in which they were made. */
  all(): PendingCall[] {
    return Array.from(this.#waitingById.values(), ({ call }) => call);
  }

  add(
    method: EngineMethod,
    args: readonly unknown[],
    timeoutMs: number | null,
  ): { readonly call: PendingCall; readonly answer: Promise<unknown> } {
    const madeAt = Date.now();
    const call: PendingCall = {
      id: `${this.#self}-${(this.#made++).toString(36)}`,
      method,
      args,
      madeAt,
      deadline: timeoutMs === null ? null : madeAt + timeoutMs,
      sentTo: undefined,
    };
    const { promise: answer, resolve, reject } = createDeferred<unknown>();
    const timer =
      timeoutMs === null
        ? undefined
        : setTimeout(() => this.reject(call.id, this.#onDeadline(call)), timeoutMs);
    this.#waitingById.set(call.id, { call, answer, timer, resolve, reject });
    return { call, answer };
  }

  resolve(id: string, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  reject(id: string, error: unknown): void {
    this.#take(id)?.reject(error);
  }

  /** Resolves when every call has its answer. */
  async drained(): Promise<void> {
    while (this.#waitingById.size > 0) {
      await Promise.allSettled(Array.from(this.#waitingById.values(), ({ answer }) => answer));
    }
  }

  rejectAll(error: unknown): void {
    for (const { id } of this.all()) this.reject(id, error);
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waitingById.get(id);
    this.#waitingById.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}
