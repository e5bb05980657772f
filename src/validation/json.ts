import * as v from 'valibot';
import type { FFJsonObject } from '../shared/model/json.ts';
import { preview } from './parse.ts';

/** Deeper values would overflow the stack of JSON and of structured clone on some engines. */
const MAX_DEPTH = 500;

/** Where a value stops being plain JSON. */
class NotJson extends Error {}

/**
 * A copy of the value that JSON gives back unchanged. Copying means that every getter is read once:
 * what was checked is what is stored. Properties that are `undefined` are left out, as JSON does;
 * anything else that JSON would drop or change is refused.
 *
 * Objects are rebuilt with `Object.fromEntries`, which defines properties, so that a key named
 * `__proto__` stays data.
 */
function copyJson(value: unknown, path: string, ancestors: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new NotJson(`${path} is ${value}, which JSON cannot hold`);
    case 'object':
      if (value === null) return null;
      break;
    default:
      throw new NotJson(`${path} is ${preview(value)}, which JSON cannot hold`);
  }
  if (ancestors.includes(value)) throw new NotJson(`${path} contains itself`);
  if (ancestors.length >= MAX_DEPTH) {
    throw new NotJson(`${path} is nested more than ${MAX_DEPTH} levels deep`);
  }
  const within = [...ancestors, value];
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => copyJson(item, `${path}[${index}]`, within));
  }
  if (!isPlainObject(value)) {
    throw new NotJson(`${path} is ${preview(value)}, not a plain object`);
  }
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) entries.push([key, copyJson(item, `${path}.${key}`, within)]);
  }
  return Object.fromEntries(entries);
}

/** Holds for literals, `Object.create(null)` and objects of another realm, not for class instances. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Any JSON value, copied. */
export const json: v.GenericSchema<unknown> = v.pipe(v.unknown(), plainCopy<unknown>());

/** A JSON object, copied: what metadata and preferences are. */
export const jsonObject: v.GenericSchema<FFJsonObject> = v.pipe(
  v.custom<FFJsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    (issue) => `must be a plain object; got ${preview(issue.input)}`,
  ),
  plainCopy<FFJsonObject>(),
);

function plainCopy<T>(): v.RawTransformAction<T, T> {
  return v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return copyJson(dataset.value, 'the value', []) as T;
    } catch (error) {
      if (!(error instanceof NotJson)) throw error;
      addIssue({ message: `must be plain JSON: ${error.message}` });
      return NEVER;
    }
  });
}

const encoder = new TextEncoder();

/** Bytes of the text in UTF-8, exact only when they may exceed the limit. */
export function exceedsBytes(value: string, limit: number): boolean {
  if (value.length > limit) return true;
  // A UTF-16 unit takes three bytes at most, so most texts need no encoding to be judged.
  return value.length * 3 > limit && encoder.encode(value).length > limit;
}
