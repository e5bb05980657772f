import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bitmap } from '../../../../worker/search/segments/bitmap.ts';

function bitmapOf(values: Iterable<number>): Bitmap {
  const bitmap = new Bitmap();
  for (const value of values) bitmap.add(value);
  return bitmap;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

const anyValues = fc.oneof(
  fc.array(fc.nat(40), { maxLength: 60 }),
  fc.array(fc.nat(100_000), { maxLength: 20 }),
  fc.tuple(fc.nat(500), fc.nat(500)).map(([start, length]) => range(start, start + length)),
);

describe('Bitmap', () => {
  it('is a set of numbers, also when it was written and read', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const expected = new Set<number>();
        const bitmap = new Bitmap();
        for (const value of values) {
          const isNew = !expected.has(value);
          expected.add(value);
          expect([bitmap.add(value), bitmap.count]).toEqual([isNew, expected.size]);
        }
        for (const same of [bitmap, Bitmap.fromBytes(bitmap.toBytes())]) {
          expect([...same.values()]).toEqual([...expected].sort((a, b) => a - b));
          expect(same.count).toBe(expected.size);
          const near = values.flatMap((value) => [value, value + 1, value + 32]);
          expect(near.map((each) => same.has(each))).toEqual(
            near.map((each) => expected.has(each)),
          );
        }
      }),
    );
  });

  it.each([
    { what: 'nothing', values: [], most: 1 },
    { what: 'a few far apart', values: [5, 70_000, 900_000], most: 12 },
    { what: 'a deleted session', values: range(40_000, 60_000), most: 8 },
    { what: 'every other number', values: range(0, 8_000).map((n) => n * 2), most: 2_001 },
  ])('takes few bytes for $what', ({ values, most }) => {
    expect(bitmapOf(values).toBytes().length).toBeLessThanOrEqual(most);
  });
});
