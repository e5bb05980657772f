import type { FFOperationMetricsDTO } from '../../src/shared/model/statistics.ts';
import { Histogram } from './histogram.ts';

interface Operation {
  readonly times: Histogram;
  errors: number;
}

/** Measures how long calls take and counts those that fail, by name. */
export class OperationMetrics {
  readonly #now: () => number;
  readonly #operations = new Map<string, Operation>();

  /** @param now a clock in milliseconds that never goes back, such as `performance.now` */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Runs a call and measures it until its promise settles.
   *
   * @param name of a set that is bounded: each has its own histogram
   * @returns what the call returns; an error of the call is counted and thrown on as it is
   */
  async measure<T>(name: string, call: () => Promise<T>): Promise<T> {
    const started = this.#now();
    let failed = true;
    try {
      const result = await call();
      failed = false;
      return result;
    } finally {
      const operation = this.#operation(name);
      operation.times.record(this.#now() - started);
      if (failed) operation.errors += 1;
    }
  }

  /** What has been measured so far, by name, in the order in which the first calls ended. */
  snapshot(): Record<string, FFOperationMetricsDTO> {
    return Object.fromEntries(
      [...this.#operations].map(([name, { times, errors }]) => [
        name,
        {
          count: times.count,
          errors,
          p50Ms: times.percentile(0.5),
          p95Ms: times.percentile(0.95),
          p99Ms: times.percentile(0.99),
          maxMs: times.max,
        },
      ]),
    );
  }

  #operation(name: string): Operation {
    let operation = this.#operations.get(name);
    if (operation === undefined) {
      operation = { times: new Histogram(), errors: 0 };
      this.#operations.set(name, operation);
    }
    return operation;
  }
}
