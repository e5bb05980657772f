import { describe, expect, it } from 'vitest';
import {
  FFQuotaExceededError,
  FFSessionNotFoundError,
  FFStorageError,
  FFUserNotFoundError,
  FFValidationError,
  type FFErrorCode,
} from '../../../src/shared/errors.ts';
import { fromWireError, toWireError } from '../../../src/shared/wire.ts';

/** What arrives in another thread of something that was thrown in this one. */
function sendAcross(thrown: unknown): Error {
  return fromWireError(structuredClone(toWireError(thrown)));
}

const CODES: readonly FFErrorCode[] = [
  'closed',
  'not-found',
  'timeout',
  'aborted',
  'corrupt',
  'version',
  'worker-lost',
  'unavailable',
  'io',
];

describe('an error that crosses a thread', () => {
  it.each([
    new FFStorageError('closed', { code: 'closed' }),
    new FFUserNotFoundError('no user'),
    new FFSessionNotFoundError('no session'),
    new FFValidationError('bad', { field: 'messages[2].role' }),
    new FFQuotaExceededError('full'),
  ])('is still a $name', (error) => {
    const arrived = sendAcross(error);
    expect(arrived).toBeInstanceOf(error.constructor);
    expect(arrived).toBeInstanceOf(FFStorageError);
    expect(arrived).toMatchObject({ name: error.name, message: error.message, code: error.code });
    expect(arrived.stack).toBe(error.stack);
    expect(Object.hasOwn(arrived, 'cause')).toBe(false);
  });

  it('keeps the field of a validation error', () => {
    const arrived = sendAcross(new FFValidationError('bad', { field: 'limit' }));
    expect(arrived).toMatchObject({ field: 'limit' });
  });

  it.each(CODES)('keeps the code %s', (code) => {
    expect(sendAcross(new FFStorageError('x', { code }))).toMatchObject({
      name: 'FFStorageError',
      code,
    });
  });

  it('keeps its causes and their classes', () => {
    const root = new DOMException('disk full', 'QuotaExceededError');
    const middle = new FFQuotaExceededError('full', { cause: root });
    const arrived = sendAcross(new FFStorageError('outer', { code: 'io', cause: middle }));
    expect(arrived.cause).toBeInstanceOf(FFQuotaExceededError);
    const innermost = (arrived.cause as Error).cause;
    expect(innermost).toBeInstanceOf(Error);
    expect(innermost).toMatchObject({ name: 'QuotaExceededError', message: 'disk full' });
  });

  it('keeps the name of an error of any other class', () => {
    class CustomError extends Error {
      override name = 'CustomError';
    }
    for (const error of [new TypeError('t'), new CustomError('c'), new Error('e')]) {
      const arrived = sendAcross(error);
      expect(arrived).toBeInstanceOf(Error);
      expect(arrived).not.toBeInstanceOf(FFStorageError);
      expect(arrived).toMatchObject({ name: error.name, message: error.message });
    }
  });

  it('is made of anything else that was thrown', () => {
    const thrown: unknown[] = [
      'text',
      7,
      undefined,
      null,
      Symbol('s'),
      10n,
      {},
      Object.create(null),
    ];
    for (const value of thrown) {
      const arrived = sendAcross(value);
      expect(arrived).toBeInstanceOf(Error);
      expect(arrived.name).toBe('Error');
    }
    expect(sendAcross('text').message).toBe('text');
    expect(sendAcross(null).message).toBe('null');
  });

  it('keeps a cause that is no error as the text of one', () => {
    const arrived = sendAcross(new FFStorageError('x', { code: 'worker-lost', cause: 'crashed' }));
    expect(arrived.cause).toMatchObject({ name: 'Error', message: 'crashed' });
  });

  it('may be its own cause', () => {
    const error = new FFStorageError('round', { code: 'io' });
    error.cause = new Error('and', { cause: error });
    const arrived = sendAcross(error);
    expect(arrived).toMatchObject({ code: 'io', cause: { message: 'and', cause: { code: 'io' } } });
  });

  it('may look like one without being one', () => {
    const arrived = sendAcross({ name: 'AbortError', message: 'stopped', extra: () => 1 });
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({ name: 'AbortError', message: 'stopped' });
  });
});
