import { describe, expect, it } from 'vitest';
import { OperationMetrics } from '../../../worker/metrics/operation-metrics.ts';

/** A clock that a test moves by hand. */
class Clock {
  time = 5_000;
  readonly now = (): number => this.time;
}

describe('OperationMetrics', () => {
  it('returns what the call returns and measures it until it settles', async () => {
    const clock = new Clock();
    const metrics = new OperationMetrics(clock.now);
    const result = await metrics.measure('getUser', async () => {
      clock.time += 40;
      await Promise.resolve();
      clock.time += 2;
      return 'ada';
    });
    expect(result).toBe('ada');
    expect(metrics.snapshot()['getUser']).toMatchObject({ count: 1, errors: 0, maxMs: 42 });
  });

  it('throws on the very error of a call, counts it and its time', async () => {
    const clock = new Clock();
    const metrics = new OperationMetrics(clock.now);
    const error = new Error('disk full');
    const failing = metrics.measure('addMessage', () => {
      clock.time += 7;
      return Promise.reject(error);
    });
    await expect(failing).rejects.toBe(error);
    expect(metrics.snapshot()['addMessage']).toMatchObject({ count: 1, errors: 1, maxMs: 7 });
  });

  it('turns an error thrown before there is a promise into a rejection', async () => {
    const metrics = new OperationMetrics(new Clock().now);
    const failing = metrics.measure('search', () => {
      throw new TypeError('no query');
    });
    await expect(failing).rejects.toThrow('no query');
    expect(metrics.snapshot()['search']?.errors).toBe(1);
  });

  it('gives percentiles to within 1 %, for each name alone', async () => {
    const clock = new Clock();
    const metrics = new OperationMetrics(clock.now);
    for (let ms = 1; ms <= 100; ms += 1) {
      await metrics.measure('search', async () => {
        clock.time += ms;
      });
    }
    await metrics.measure('close', async () => {
      clock.time += 3_000;
    });
    const { search, close } = metrics.snapshot();
    expect(search).toMatchObject({ count: 100, maxMs: 100 });
    expect(Math.abs((search?.p50Ms ?? 0) - 50)).toBeLessThanOrEqual(0.5);
    expect(Math.abs((search?.p95Ms ?? 0) - 95)).toBeLessThanOrEqual(0.95);
    expect(Math.abs((search?.p99Ms ?? 0) - 99)).toBeLessThanOrEqual(0.99);
    expect(close).toMatchObject({ count: 1, maxMs: 3_000 });
  });

  it('measures calls that overlap apart', async () => {
    const clock = new Clock();
    const metrics = new OperationMetrics(clock.now);
    await metrics.measure('slow', async () => {
      await metrics.measure('fast', async () => {
        clock.time += 1;
      });
      clock.time += 9;
    });
    expect(metrics.snapshot()).toMatchObject({ slow: { maxMs: 10 }, fast: { maxMs: 1 } });
  });

  it('takes any name, also those of object properties', async () => {
    const metrics = new OperationMetrics(new Clock().now);
    await metrics.measure('__proto__', async () => 1);
    await metrics.measure('constructor', async () => 1);
    expect(Object.keys(metrics.snapshot())).toEqual(['__proto__', 'constructor']);
  });

  it('is an empty object before anything is measured', () => {
    expect(new OperationMetrics(new Clock().now).snapshot()).toEqual({});
  });
});
