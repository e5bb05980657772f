import type { EngineApi, EngineMethod } from '../shared/contract.ts';
import { FFStorageError } from '../shared/errors.ts';
import type { StoreLink } from './store-link.ts';

/** Thrown into a reading that is over, so that whatever it waits for ends, and cleans up. */
const OVER = new Error('The reading is over.');

/**
 * One reading of something that goes on. Its calls and its waits end at once when its reader stops,
 * its signal fires or the store closes.
 */
export class LiveReading {
  readonly #link: StoreLink;
  readonly #ending = new AbortController();
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(link: StoreLink, signal: AbortSignal | undefined) {
    this.#link = link;
    this.#follow(signal, () => this.end());
    this.#follow(link.ending, () => {
      const { reason } = link.ending as { reason: unknown };
      // A store that was closed ends what is read of it; one that was lost fails it.
      const isClosed = reason instanceof FFStorageError && reason.code === 'closed';
      this.#ending.abort(isClosed ? OVER : reason);
    });
  }

  end(): void {
    this.#ending.abort(OVER);
  }

  get hasEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Calls the engine. */
  call<M extends EngineMethod>(
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Awaited<ReturnType<EngineApi[M]>>> {
    return this.hasEnded ? this.until(never()) : this.until(this.#link.call(method, ...args));
  }

  /** What the promise gives, unless the reading ends before. */
  until<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#ending;
    return new Promise<T>((resolve, reject) => {
      const end = (): void => reject(signal.reason as Error);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
      void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
    });
  }

  /** Tells {@link wait} that there may be something new. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Forgets what it was told, because it is about to look. */
  hush(): void {
    this.#rung = false;
  }

  /**
   * Waits until there may be something new since {@link hush}; `false` when that took longer than
   * `ms` milliseconds.
   */
  async wait(ms: number): Promise<boolean> {
    if (this.#rung) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    try {
      await this.until(woken);
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
    return this.#rung;
  }

  /** Stops following when the reading ends, so that a signal of the app holds nothing for longer. */
  #follow(other: AbortSignal | undefined, onAbort: () => void): void {
    if (other?.aborted) onAbort();
    else other?.addEventListener('abort', onAbort, { signal: this.#ending.signal });
  }
}

/**
 * A reading as something to iterate over. It is read once: iterators of it share what comes, and
 * `break` or `return()` ends it wherever it is just then.
 */
export function iterate<T>(
  reading: LiveReading,
  read: () => AsyncGenerator<T, void, void>,
): AsyncIterableIterator<T> {
  const items = untilOver(reading, read);
  return {
    next: () => items.next(),
    return: () => {
      reading.end();
      return items.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* untilOver<T>(
  reading: LiveReading,
  read: () => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  try {
    if (!reading.hasEnded) yield* read();
  } catch (error) {
    if (error !== OVER) throw error;
  } finally {
    reading.end();
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
