import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';

const validator = createInputValidator(loadConfig());

function fieldOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof FFValidationError) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

const BAD_COUNTS = [-1, 0.5, NaN, Infinity, '1', null, 2 ** 53, true];

describe('the options of a list of messages', () => {
  it('have defaults', () => {
    expect(validator.messagePage({})).toEqual({ offset: 0, reverse: false });
    expect(
      validator.messagePage({ limit: undefined, offset: undefined, reverse: undefined }),
    ).toEqual({
      offset: 0,
      reverse: false,
    });
  });

  it('are taken over', () => {
    const page = { limit: 0, offset: 5, reverse: true };
    expect(validator.messagePage(page)).toEqual(page);
  });

  it.each(BAD_COUNTS)('may not have %j as a limit or an offset', (value) => {
    expect(fieldOf(() => validator.messagePage({ limit: value }))).toBe('limit');
    expect(fieldOf(() => validator.messagePage({ offset: value }))).toBe('offset');
  });

  it('may not have other keys', () => {
    expect(fieldOf(() => validator.messagePage({ lmit: 5 }))).toBe('lmit');
    expect(() => validator.messagePage({ lmit: 5 })).toThrow('known are limit, offset, reverse');
    expect(fieldOf(() => validator.messagePage({ reverse: 1 }))).toBe('reverse');
    expect(fieldOf(() => validator.messagePage(null))).toBe('options');
    expect(fieldOf(() => validator.messagePage(5))).toBe('options');
  });
});

describe('the options of a list of sessions', () => {
  it('have defaults', () => {
    expect(validator.sessionPage({})).toEqual({ offset: 0, includeMetadata: false });
  });

  it.each(BAD_COUNTS)('may not have %j as a limit or an offset', (value) => {
    expect(fieldOf(() => validator.sessionPage({ limit: value }))).toBe('limit');
    expect(fieldOf(() => validator.sessionPage({ offset: value }))).toBe('offset');
  });

  it('may not have other keys or values', () => {
    expect(fieldOf(() => validator.sessionPage({ reverse: true }))).toBe('reverse');
    expect(fieldOf(() => validator.sessionPage({ includeMetadata: 'yes' }))).toBe(
      'includeMetadata',
    );
  });
});

describe('a session', () => {
  it('has a title by default, and an id of its own each time', () => {
    const { sessionId, ...rest } = validator.newSession(undefined, undefined);
    expect(rest).toEqual({ title: 'New Chat Session' });
    expect(validator.newSession('x', { a: 1 })).toMatchObject({ title: 'x', metadata: { a: 1 } });
    expect(validator.newSession(undefined, undefined).sessionId).not.toBe(sessionId);
  });

  it('is refused for a title or metadata that are none', () => {
    expect(fieldOf(() => validator.newSession(7, undefined))).toBe('title');
    expect(fieldOf(() => validator.newSession(null, undefined))).toBe('title');
    expect(fieldOf(() => validator.newSession('x', []))).toBe('metadata');
  });

  it('may be changed in its title and its metadata only', () => {
    expect(validator.sessionChanges({ title: 'x' })).toEqual({ title: 'x' });
    expect(validator.sessionChanges({ title: undefined })).toEqual({});
    expect(fieldOf(() => validator.sessionChanges({ titel: 'x' }))).toBe('titel');
    expect(fieldOf(() => validator.sessionChanges({ messageCount: 1 }))).toBe('messageCount');
    expect(fieldOf(() => validator.sessionChanges({ title: 1 }))).toBe('title');
  });
});

describe('a search', () => {
  it('has a query and perhaps options', () => {
    expect(validator.textQuery('hello', {})).toEqual({ query: 'hello', minRelevanceScore: 0 });
    expect(
      validator.textQuery('hello', { sessionIds: [], limit: 0, minRelevanceScore: 1 }),
    ).toEqual({ query: 'hello', sessionIds: [], limit: 0, minRelevanceScore: 1 });
  });

  it.each(['', ' ', '\n\t\u3000'])('needs a query that is not empty, as %j is', (query) => {
    expect(fieldOf(() => validator.textQuery(query, {}))).toBe('query');
  });

  it.each([
    [7, {}, 'query'],
    [undefined, {}, 'query'],
    ['x', { sessionIds: 's' }, 'sessionIds'],
    ['x', { sessionIds: ['s', 'a/b'] }, 'sessionIds[1]'],
    ['x', { limit: -1 }, 'limit'],
    ['x', { limit: 1.5 }, 'limit'],
    ['x', { minRelevanceScore: 1.01 }, 'minRelevanceScore'],
    ['x', { minRelevanceScore: -0.1 }, 'minRelevanceScore'],
    ['x', { minRelevanceScore: NaN }, 'minRelevanceScore'],
    ['x', { minRelevanceScore: '1' }, 'minRelevanceScore'],
    ['x', { mode: 'text' }, 'mode'],
  ])('for %j with %j is refused because of %s', (query, options, field) => {
    expect(fieldOf(() => validator.textQuery(query, options))).toBe(field);
  });
});

describe('the options of a deletion', () => {
  it('are one flag', () => {
    expect(validator.force({})).toBe(false);
    expect(validator.force({ force: undefined })).toBe(false);
    expect(validator.force({ force: true })).toBe(true);
    expect(fieldOf(() => validator.force({ force: 'yes' }))).toBe('force');
    expect(fieldOf(() => validator.force({ forced: true }))).toBe('forced');
    expect(fieldOf(() => validator.force(true))).toBe('options');
  });
});
