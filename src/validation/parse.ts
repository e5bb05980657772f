import * as v from 'valibot';
import { FFValidationError } from '../shared/errors.ts';
import { isAbortSignal } from './platform.ts';

/**
 * The value as the schema gives it back, or a validation error that names the field, what was
 * expected and what came.
 *
 * @param field what the caller knows the value as; the path inside the value is added to it
 * @param whole what to name where the value as a whole is at fault
 */
export function parse<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
  field = '',
  whole: string = field,
): v.InferOutput<TSchema> {
  let result: v.SafeParseResult<TSchema>;
  try {
    result = v.safeParse(schema, value, { abortEarly: true });
  } catch (cause) {
    throw unreadable(whole, cause);
  }
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = joinPath(field, issue) || whole;
  throw new FFValidationError(`${path}: ${issue.message}`, { field: path });
}

/** A getter or a proxy of the app's threw while it was read. */
export function unreadable(what: string, cause: unknown): FFValidationError {
  return new FFValidationError(`${what}: it could not be read: ${String(cause)}`, {
    field: what,
    cause,
  });
}

/** `messages` and the keys `[2, 'role']` become `messages[2].role`. */
function joinPath(field: string, issue: v.BaseIssue<unknown>): string {
  let path = field;
  for (const { key } of issue.path ?? []) {
    path += typeof key === 'number' ? `[${key}]` : `${path === '' ? '' : '.'}${String(key)}`;
  }
  return path;
}

/** What came, short enough for an error message. */
export function preview(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'bigint') return `the BigInt ${value}`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    const name = (value.constructor as { name?: unknown } | undefined)?.name;
    return typeof name === 'string' && name !== 'Object' ? `a ${name}` : 'an object';
  } catch {
    // A getter or a proxy of the app's threw.
    return 'an object that cannot be read';
  }
}

/** An object whose unknown keys are refused, so that a misspelt option is not silently ignored. */
export function options<const TEntries extends v.ObjectEntries>(
  entries: TEntries,
): v.StrictObjectSchema<TEntries, (issue: v.StrictObjectIssue) => string> {
  return v.strictObject(entries, (issue) =>
    issue.expected === 'never'
      ? `is not a known option; known are ${Object.keys(entries).join(', ')}`
      : issue.received === 'undefined'
        ? 'is required'
        : `must be an object; got ${preview(issue.input)}`,
  );
}

/** A string, whatever it says. */
export const text: v.GenericSchema<string> = v.string(
  (issue) => `must be a string; got ${preview(issue.input)}`,
);

/** A flag. */
export const flag: v.GenericSchema<boolean> = v.boolean(
  (issue) => `must be true or false; got ${preview(issue.input)}`,
);

/** What an app ends something with that goes on. */
export const abortSignal: v.GenericSchema<AbortSignal> = v.custom<AbortSignal>(
  isAbortSignal,
  (issue) => `must be an AbortSignal; got ${preview(issue.input)}`,
);

/** One of the given strings. */
export function oneOf<const T extends readonly string[]>(values: T) {
  return v.picklist(
    values,
    (issue) => `must be one of ${values.join(', ')}; got ${preview(issue.input)}`,
  );
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): v.GenericSchema<number> {
  const message = (issue: { readonly input: unknown }) =>
    max === Number.MAX_SAFE_INTEGER
      ? `must be a whole number, ${min} or more; got ${preview(issue.input)}`
      : `must be a whole number from ${min} to ${max}; got ${preview(issue.input)}`;
  return v.pipe(
    v.number(message),
    v.safeInteger(message),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

/** How many to give or to pass over. */
export const count: v.GenericSchema<number> = wholeNumber(0, Number.MAX_SAFE_INTEGER);

/** A number from 0 to 1. */
export const fraction: v.GenericSchema<number> = v.pipe(
  v.number((issue) => `must be a number from 0 to 1; got ${preview(issue.input)}`),
  v.check(
    (value) => value >= 0 && value <= 1,
    (issue) => `must be a number from 0 to 1; got ${preview(issue.input)}`,
  ),
);

/** The object without the keys whose value is `undefined`, as exact optional properties want it. */
export function dropUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, item]) => item !== undefined),
  ) as Defined<T>;
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
