import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';

const { profile: parseProfile } = createInputValidator(loadConfig());

const profile = (value: unknown) => parseProfile(value, 'profile');

function refusal(value: unknown): FFValidationError {
  try {
    profile(value);
  } catch (error) {
    if (error instanceof FFValidationError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a profile', () => {
  it('may be empty', () => {
    expect(profile({})).toEqual({});
    expect(profile({ name: undefined, metadata: undefined })).toEqual({});
  });

  it('keeps the keys that it knows', () => {
    const whole = {
      username: 'ada',
      email: 'ada@example.org',
      name: 'Ada',
      preferences: { theme: 'dark' },
      metadata: { plan: 'free' },
    };
    expect(profile(whole)).toEqual(whole);
  });

  it('keeps any other key under metadata, where it wins over one of the same name', () => {
    expect(profile({ name: 'Ada', role: 'admin', tags: ['a'] })).toEqual({
      name: 'Ada',
      metadata: { role: 'admin', tags: ['a'] },
    });
    expect(profile({ role: 'admin', metadata: { role: 'user', plan: 'free' } })).toEqual({
      metadata: { role: 'admin', plan: 'free' },
    });
    expect(profile({ role: undefined })).toEqual({});
  });

  it('may be one that was read: what is the store’s own is left out', () => {
    expect(
      profile({ userId: 'ada', createdAt: 'x', updatedAt: 'y', name: 'Ada', metadata: { a: 1 } }),
    ).toEqual({ name: 'Ada', metadata: { a: 1 } });
  });

  it.each([
    [{ name: 7 }, 'profile.name', 'must be a string; got 7'],
    [{ email: null }, 'profile.email', 'must be a string; got null'],
    [{ preferences: [] }, 'profile.preferences', 'must be a plain object; got an array'],
    [{ metadata: 'x' }, 'profile.metadata', 'must be a plain object; got "x"'],
    [
      { metadata: { a: 1n } },
      'profile.metadata',
      'must be plain JSON: the value.a is the BigInt 1',
    ],
    [null, 'profile', 'must be an object; got null'],
    ['Ada', 'profile', 'must be an object; got "Ada"'],
    [{ role: () => 'admin' }, 'profile', 'must be plain JSON: the value.role is a function'],
    [{ born: new Date(0) }, 'profile', 'must be plain JSON: the value.born is a Date'],
  ])('%o is refused because of %s: it %s', (value, field, reason) => {
    const error = refusal(value);
    expect(error).toMatchObject({ code: 'validation', field });
    expect(error.message).toContain(`${field}: ${reason}`);
  });
});
