import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';
import { anyJson } from '../../support/arbitraries.ts';

const { message } = createInputValidator(loadConfig());

/** What becomes of a message's parts, which may be any JSON. */
function partsOf(parts: unknown): unknown {
  return message({ role: 'user', content: 'x', parts }).parts;
}

/** What becomes of its metadata, which must be an object. */
function metadataOf(metadata: unknown): unknown {
  return message({ role: 'user', content: 'x', metadata }).metadata;
}

function refusalOf(parts: unknown): string {
  try {
    partsOf(parts);
  } catch (error) {
    if (error instanceof FFValidationError) return error.message;
    throw error;
  }
  throw new Error('It was accepted.');
}

/** Arrays in arrays, so many levels deep. */
function nested(levels: number): unknown {
  let value: unknown = 'inside';
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

class Point {
  readonly x = 1;
}

describe('plain JSON', () => {
  it('is taken over as it is, whatever it holds', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(JSON.stringify(partsOf(value))).toBe(JSON.stringify(value));
      }),
      { numRuns: 200 },
    );
  });

  it('is copied, so that what the app changes afterwards changes nothing', () => {
    const metadata = { tags: ['a'] };
    const copy = metadataOf(metadata);
    metadata.tags.push('b');
    expect(copy).toEqual({ tags: ['a'] });
  });

  it('keeps a key named __proto__ as data', () => {
    const copy = metadataOf(JSON.parse('{"__proto__": {"admin": true}}'));
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true}}');
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it('leaves out properties that are undefined, as JSON does', () => {
    expect(partsOf({ a: undefined, b: [{ c: undefined }] })).toEqual({ b: [{}] });
    expect(Object.keys(partsOf({ a: undefined }) as object)).toEqual([]);
  });

  it('may hold the same object twice, and objects without a prototype', () => {
    const shared = { a: 1 };
    expect(partsOf([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
    expect(partsOf(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  });

  it('reads every property once', () => {
    let reads = 0;
    const value = {
      get changing(): unknown {
        return reads++ === 0 ? 'fine' : () => 'not JSON';
      },
    };
    expect(partsOf(value)).toEqual({ changing: 'fine' });
    expect(reads).toBe(1);
  });

  const cycle: Record<string, unknown> = { a: { b: [] } };
  (cycle['a'] as { b: unknown[] }).b.push(cycle);

  it.each([
    ['a function', { a: () => 1 }, 'the value.a is a function'],
    ['a symbol', [Symbol('s')], 'the value[0] is a symbol'],
    ['a BigInt', { a: [10n] }, 'the value.a[0] is the BigInt 10'],
    ['NaN', { a: NaN }, 'the value.a is NaN'],
    ['an infinity', [-Infinity], 'the value[0] is -Infinity'],
    ['a Map', { a: new Map() }, 'the value.a is a Map'],
    ['a Set', new Set(), 'the value is a Set'],
    ['a Date', { at: new Date(0) }, 'the value.at is a Date'],
    ['a class instance', [new Point()], 'the value[0] is a Point'],
    ['a typed array', { a: new Uint8Array(2) }, 'the value.a is a Uint8Array'],
    ['a regular expression', [/x/], 'the value[0] is a RegExp'],
    ['an error', [new Error('x')], 'the value[0] is a Error'],
    ['a boxed string', [new String('x')], 'the value[0] is a String'],
    ['a promise', [Promise.resolve()], 'the value[0] is a Promise'],
    ['undefined in a list', ['a', undefined], 'the value[1] is undefined'],
    // oxlint-disable-next-line no-sparse-arrays -- It is what is tested.
    ['a hole in a list', [1, , 3], 'the value[1] is undefined'],
    ['itself', cycle, 'the value.a.b[0] contains itself'],
    ['a method toJSON', { toJSON: () => 'x' }, 'the value.toJSON is a function'],
  ])('may not hold %s', (_, value, reason) => {
    expect(refusalOf(value)).toContain(`parts: must be plain JSON: ${reason}`);
  });

  it('may be nested 500 levels deep, no deeper', () => {
    expect(partsOf(nested(500))).toEqual(nested(500));
    expect(refusalOf(nested(501))).toContain('nested more than 500 levels');
    expect(refusalOf(nested(100_000))).toContain('nested more than 500 levels');
  });

  it('is refused, not thrown through, where reading it throws', () => {
    const trap = {
      get secret(): never {
        throw new Error('not for you');
      },
    };
    expect(refusalOf(trap)).toContain('not for you');
    expect(
      refusalOf(
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('a trap');
            },
          },
        ),
      ),
    ).toContain('a trap');
  });
});

describe('metadata', () => {
  it.each([
    ['a list', [], 'an array'],
    ['null', null, 'null'],
    ['a text', 'x', '"x"'],
    ['a number', 7, '7'],
  ])('must be an object and not %s', (_, value, came) => {
    expect(() => metadataOf(value)).toThrow(`metadata: must be a plain object; got ${came}`);
  });

  it.each([
    ['a Map', new Map(), 'a Map'],
    ['a Date', new Date(0), 'a Date'],
    ['a class instance', new Point(), 'a Point'],
  ])('must not be %s', (_, value, came) => {
    expect(() => metadataOf(value)).toThrow(`metadata: must be plain JSON: the value is ${came}`);
  });
});
