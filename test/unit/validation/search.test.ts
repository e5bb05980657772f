import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';

const { textQuery, similarityQuery, searchQuery } = createInputValidator(loadConfig());

function fieldOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof FFValidationError) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('the options of a search', () => {
  it('have defaults, but for those that the configuration has', () => {
    const query = ' "as it is" ';
    expect(textQuery(query, {})).toStrictEqual({ query, minRelevanceScore: 0 });
    expect(similarityQuery(query, {})).toStrictEqual({ query, limit: 50 });
    expect(searchQuery(query, {})).toStrictEqual({ query, mode: 'hybrid', limit: 20 });
  });

  it('take undefined for not given', () => {
    const nothing = { sessionIds: undefined, limit: undefined };
    expect(textQuery('x', nothing)).toStrictEqual(textQuery('x', {}));
    const similar = { ...nothing, similarityThreshold: undefined };
    expect(similarityQuery('x', similar)).toStrictEqual(similarityQuery('x', {}));
    const all = { ...nothing, mode: undefined, types: undefined, roles: undefined };
    const times = { after: undefined, before: undefined };
    expect(searchQuery('x', { ...all, ...times })).toStrictEqual(searchQuery('x', {}));
  });

  it('are taken over, empty lists and 0 too', () => {
    const sessionIds = ['a', 'b'];
    const similar = { sessionIds, similarityThreshold: 0, limit: 0 };
    expect(similarityQuery('x', similar)).toStrictEqual({ query: 'x', ...similar });
    const options = { mode: 'text', types: [], sessionIds: [], roles: ['tool'], limit: 0 };
    expect(searchQuery('x', options)).toStrictEqual({ query: 'x', ...options });
  });

  it('have times in milliseconds, whatever the zone', () => {
    const after = '2024-05-01T02:00:00+02:00';
    const before = '2024-05-01T00:00:00.250Z';
    const midnight = Date.UTC(2024, 4, 1);
    expect(searchQuery('x', { after, before })).toMatchObject({
      after: midnight,
      before: midnight + 250,
    });
  });

  it.each([
    ['minRelevanceScore', () => textQuery('x', { minRelevanceScore: 1.01 })],
    ['similarityThreshold', () => textQuery('x', { similarityThreshold: 0.5 })],
    ['similarityThreshold', () => similarityQuery('x', { similarityThreshold: Number.NaN })],
    ['mode', () => similarityQuery('x', { mode: 'text' })],
    ['mode', () => searchQuery('x', { mode: 'semantic' })],
    ['types', () => searchQuery('x', { types: null })],
    ['types[0]', () => searchQuery('x', { types: ['Message'] })],
    ['roles[1]', () => searchQuery('x', { roles: ['user', 7] })],
    ['after', () => searchQuery('x', { after: '2024-02-30T00:00:00Z' })],
    ['before', () => searchQuery('x', { before: new Date(0) })],
    ['sessionIds[0]', () => searchQuery('x', { sessionIds: ['..'] })],
    ['query', () => searchQuery(' ', { mode: 'semantic' })],
    ['query', () => similarityQuery(undefined, {})],
  ])('are refused, naming %s', (field, call) => {
    expect(fieldOf(call)).toBe(field);
  });
});
