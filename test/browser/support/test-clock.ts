import type { LeaseClock } from '../../../worker/tabs/lease.ts';

/** A time that passes only when the test says so. */
export class TestClock implements LeaseClock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  readonly #waiting = new Set<{ readonly until: number; wake(): void }>();

  readonly now = (): number => this.#now;

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = { until: this.#now + ms, wake: resolve };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', () => {
        this.#waiting.delete(waiting);
        resolve();
      });
    });
  }

  /** How many wait for the time to pass. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const waiting of [...this.#waiting]) {
      if (waiting.until > this.#now) continue;
      this.#waiting.delete(waiting);
      waiting.wake();
    }
  }
}
