import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';
import { decodeSegment, encodeSegment } from '../../../worker/store/layout.ts';
import { anyText } from '../../support/arbitraries.ts';

const { id } = createInputValidator(loadConfig());

function refusal(value: unknown): FFValidationError {
  try {
    id(value, 'userId');
  } catch (error) {
    if (error instanceof FFValidationError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(value)} was accepted`);
}

describe('an id', () => {
  it.each([
    'alice',
    'Alice',
    'a b',
    ' ',
    'a.b',
    '.a',
    'a.',
    '-',
    '=41',
    'é',
    '世界',
    '👋🏽',
    'constructor',
    '__proto__',
    'CON',
    'a:b*?"<>|',
    '\u2028',
    'alice@example.org',
  ])('may be %j', (value) => {
    expect(id(value, 'userId')).toBe(value);
  });

  it.each([
    ['', 'must not be empty'],
    ['a/b', 'must not contain "/"'],
    ['/', 'must not contain "/"'],
    ['a\\b', 'must not contain "/"'],
    ['..', 'must not contain ".."'],
    ['a..b', 'must not contain ".."'],
    ['...', 'must not contain ".."'],
    ['.', 'must not contain ".."'],
    ['a\0b', 'control characters'],
    ['a\nb', 'control characters'],
    ['\t', 'control characters'],
    ['a\u007f', 'control characters'],
    ['a\u0085', 'control characters'],
    ['\ud83d', 'well-formed'],
    ['a\udc4bb', 'well-formed'],
    ['\udc4b\ud83d', 'well-formed'],
    [undefined, 'must be a string; got undefined'],
    [null, 'must be a string; got null'],
    [7, 'must be a string; got 7'],
    [{}, 'must be a string; got an object'],
    [['a'], 'must be a string; got an array'],
    [new String('a'), 'must be a string; got a String'],
  ])('may not be %j: it %s', (value, reason) => {
    const error = refusal(value);
    expect(error.message).toContain(reason);
    expect(error.message).toMatch(/^userId: /);
    expect(error).toMatchObject({ code: 'validation', field: 'userId' });
  });

  it('has at most as many characters as storage.maxIdLength says', () => {
    expect(id('a'.repeat(128), 'userId')).toHaveLength(128);
    expect(refusal('a'.repeat(129)).message).toBe(
      'userId: must have at most 128 characters; got 129',
    );
    expect(refusal('a'.repeat(10_000)).message).toContain('got 10000');
    const { id: shortId } = createInputValidator(loadConfig({ storage: { maxIdLength: 8 } }));
    expect(shortId('12345678', 'userId')).toBe('12345678');
    expect(() => shortId('123456789', 'userId')).toThrow('at most 8');
  });

  it('names what came in an error, but not all of a long one', () => {
    expect(refusal(`${'a'.repeat(100)}/`).message.length).toBeLessThan(120);
  });

  it('is a path that gives it back, whatever it is, or it is refused', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        let outcome: unknown;
        try {
          outcome = decodeSegment(encodeSegment(id(value, 'userId')));
        } catch (error) {
          outcome = error;
        }
        expect([value, expect.any(FFValidationError)]).toContainEqual(outcome);
      }),
      { numRuns: 300 },
    );
  });
});
