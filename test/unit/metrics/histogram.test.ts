import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../../worker/metrics/histogram.ts';

/** Times over the whole range, as likely short as long, which `fc.double` alone would not give. */
const time = fc
  .tuple(fc.integer({ min: -2, max: 11 }), fc.double({ min: 1, max: 9.999, noNaN: true }))
  .map(([exponent, mantissa]) => mantissa * 10 ** exponent);

function exactPercentile(times: readonly number[], q: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.max(Math.ceil(q * sorted.length), 1) - 1] ?? 0;
}

function histogramOf(times: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of times) histogram.record(ms);
  return histogram;
}

describe('Histogram', () => {
  it('gives every percentile to within 1 %', () => {
    fc.assert(
      fc.property(
        fc.array(time, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (times, q) => {
          const exact = exactPercentile(times, q);
          const error = Math.abs(histogramOf(times).percentile(q) - exact) / exact;
          expect(error).toBeLessThanOrEqual(0.01);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps the longest time exactly and no percentile above it', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1 }), (times) => {
        const histogram = histogramOf(times);
        expect(histogram.max).toBe(Math.max(...times));
        expect(histogram.percentile(1)).toBeLessThanOrEqual(histogram.max);
        expect(histogram.count).toBe(times.length);
      }),
    );
  });

  it('has percentiles that rise with their share', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1 }), (times) => {
        const histogram = histogramOf(times);
        const shares = [0, 0.25, 0.5, 0.75, 0.95, 0.99, 1];
        const values = shares.map((share) => histogram.percentile(share));
        expect(values).toEqual(values.toSorted((one, other) => one - other));
      }),
    );
  });

  it('is all zeros when nothing is recorded', () => {
    const histogram = new Histogram();
    expect([histogram.count, histogram.max, histogram.percentile(0.5)]).toEqual([0, 0, 0]);
  });

  it('counts what is no time, and what no clock can tell, as 0', () => {
    const histogram = histogramOf([0, -5, Number.NaN, 0.0001]);
    expect(histogram.count).toBe(4);
    expect(histogram.percentile(0.5)).toBe(0);
    expect(histogram.percentile(1)).toBe(0);
  });

  it('takes times beyond its range without another bucket for each', () => {
    const histogram = histogramOf([1, 1e13, 1e200, Number.MAX_VALUE, Infinity]);
    expect(histogram.percentile(0.2)).toBeCloseTo(1, 1);
    expect(histogram.percentile(0.4)).toBe(histogram.percentile(0.8));
    expect(histogram.max).toBe(Infinity);
  });
});
