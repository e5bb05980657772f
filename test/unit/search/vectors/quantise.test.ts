import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  normaliseRow,
  quantiseQuery,
  quantiseRow,
} from '../../../../worker/search/vectors/quantise.ts';
import { createRandom } from './support.ts';

/** A vector of length 1 whose values are about normally distributed. */
function makeUnit(random: () => number, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions).map(() => {
    let sum = 0;
    for (let draw = 0; draw < 8; draw++) sum += random() - 0.5;
    return sum;
  });
  normaliseRow(vector, vector);
  return vector;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

describe('quantising', () => {
  it.each([64, 256, 384, 1024])('moves cosines by less than a thousandth: %i', (dimensions) => {
    const random = createRandom(dimensions);
    const query = makeUnit(random, dimensions);
    const roundedQuery = new Int16Array(dimensions);
    const queryScale = quantiseQuery(query, roundedQuery);
    let sum = 0;
    let worst = 0;
    for (let run = 0; run < 300; run++) {
      // From unrelated to almost the same.
      const other = makeUnit(random, dimensions);
      const row = other.map((value, index) => value + ((query[index] ?? 0) * run) / 50);
      normaliseRow(row, row);
      const rounded = new Int8Array(dimensions);
      const scale = quantiseRow(row, rounded);
      const error = Math.abs(dot(rounded, roundedQuery) * scale * queryScale - dot(row, query));
      sum += error;
      worst = Math.max(worst, error);
    }
    expect(sum / 300).toBeLessThan(0.001);
    expect(worst).toBeLessThan(0.005);
  });

  it('gives rows of length 1, however long the vector was', () => {
    const vector = fc.float32Array({
      minLength: 1,
      maxLength: 50,
      noDefaultInfinity: true,
      noNaN: true,
    });
    fc.assert(
      fc.property(vector, (values) => {
        fc.pre(values.some((value) => value !== 0));
        const row = new Int8Array(values.length);
        const scale = quantiseRow(values, row);
        expect(dot(row, row) * scale * scale).toBeCloseTo(1, 6);
        const exact = new Float32Array(values.length);
        normaliseRow(values, exact);
        expect(dot(exact, exact)).toBeCloseTo(1, 5);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['zeros', [0, -0, 0]],
    ['infinity', [1, Infinity, 0]],
    ['NaN', [NaN, 1, 1]],
  ])('finds no direction in %s', (_, values) => {
    const vector = Float32Array.from(values);
    const row = new Int8Array(3).fill(1);
    expect(quantiseRow(vector, row)).toBe(0);
    expect([...row]).toEqual([0, 0, 0]);
    const exact = new Float32Array(3).fill(1);
    normaliseRow(vector, exact);
    expect([...exact]).toEqual([0, 0, 0]);
  });

  it('never lets a sum of products leave 32 bits', () => {
    for (const dimensions of [1, 516, 517, 4096]) {
      const ones = new Float32Array(dimensions).fill(1);
      const row = new Int8Array(dimensions);
      const query = new Int16Array(dimensions);
      quantiseRow(ones, row);
      quantiseQuery(ones, query);
      expect(dot(row, query)).toBeLessThan(2 ** 31);
      expect(dot(row, query)).toBeGreaterThan(0);
    }
  });
});
