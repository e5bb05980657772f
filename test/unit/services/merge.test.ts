import { describe, expect, it } from 'vitest';
import { mergeOneLevel } from '../../../worker/services/merge.ts';

describe('mergeOneLevel', () => {
  it('lays the top-level keys of the changes over what is there', () => {
    const merged = mergeOneLevel('metadata', { a: 1, b: { x: 1 }, c: 3 }, { b: { y: 2 }, d: 4 });
    expect(merged).toEqual({ metadata: { a: 1, b: { y: 2 }, c: 3, d: 4 } });
  });

  it('keeps what is there where nothing changes, and takes the changes where nothing is', () => {
    expect(mergeOneLevel('metadata', { a: 1 }, undefined)).toEqual({ metadata: { a: 1 } });
    expect(mergeOneLevel('preferences', undefined, { a: 1 })).toEqual({ preferences: { a: 1 } });
  });

  it('gives no property where both are absent', () => {
    expect({ ...mergeOneLevel('metadata', undefined, undefined) }).toStrictEqual({});
  });

  it('keeps a key named __proto__ as data', () => {
    const changes = JSON.parse('{"__proto__": {"admin": true}}') as Record<string, unknown>;
    expect(JSON.stringify(mergeOneLevel('metadata', { a: 1 }, changes))).toBe(
      '{"metadata":{"a":1,"__proto__":{"admin":true}}}',
    );
  });
});
