import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadStaticModel } from '../../../embed/static/static-model.ts';
import { packModel, quantize } from '../../../scripts/models/static/pack.mjs';
import { FFStorageError } from '../../../src/shared/errors.ts';

const pieces = ['hello', 'world', '##s', 'é', '日'];
const dimensions = 8;
const rows = Float32Array.from({ length: pieces.length * dimensions }, (_, i) =>
  Math.sin(1 + i * i),
);

const file = (bits: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(packModel({ name: 'test', pieces, bits, rows }));

const load = (bytes: Uint8Array) => loadStaticModel(bytes.slice().buffer);

const codeOf = (bytes: Uint8Array): string | undefined => {
  try {
    load(bytes);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(FFStorageError);
    return (error as FFStorageError).code;
  }
};

describe('the file of a static model', () => {
  it.each([2, 3, 4])('holds what was put into it, with %i bits', (bits) => {
    const model = load(file(bits));
    expect(model.dimensions).toBe(dimensions);
    expect(model.stamp).toMatch(/^test:[0-9a-f]{16}$/);

    const expected = (...indexes: number[]): number[] => {
      const sum = Array.from({ length: dimensions }, () => 0);
      for (const index of indexes) {
        const levels = new Int8Array(dimensions);
        const row = rows.subarray(index * dimensions, (index + 1) * dimensions);
        const scale = quantize(row, bits, levels);
        for (const [i, level] of levels.entries()) sum[i]! += scale * level;
      }
      const length = Math.hypot(...sum);
      return sum.map((value) => value / length);
    };
    const vectors = model.embed(['hello worlds', '日', '', 'unknown']);
    expect(vectors).toHaveLength(4 * dimensions);
    const close = (index: number, values: readonly number[]): void => {
      for (const [i, value] of values.entries()) {
        expect(vectors[index * dimensions + i]).toBeCloseTo(value, 5);
      }
    };
    close(0, expected(0, 1, 2));
    close(1, expected(4));
    close(
      2,
      Array.from({ length: dimensions }, () => 0),
    );
    close(
      3,
      Array.from({ length: dimensions }, () => 0),
    );
  });

  it('has another stamp when it has other rows', () => {
    expect(load(file(3)).stamp).not.toBe(load(file(4)).stamp);
  });

  it('is refused when any byte of it is another one', () => {
    const whole = file(3);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = whole.slice();
        bytes[at] = bytes[at]! ^ change;
        expect(codeOf(bytes)).toBe(at === 6 || at === 7 ? 'version' : 'corrupt');
      }),
    );
  });

  it('is refused when it is shorter or longer', () => {
    const whole = file(3);
    for (let length = 0; length < whole.length; length += 1) {
      expect(codeOf(whole.subarray(0, length))).toBe('corrupt');
    }
    expect(codeOf(Uint8Array.of(...whole, 0))).toBe('corrupt');
  });

  it('says what to do when it is a page of HTML', () => {
    const page = new TextEncoder().encode(`<!doctype html>${' '.repeat(200)}`);
    expect(() => load(page)).toThrow(/damaged.*served whole and unchanged/);
  });
});
