import * as v from 'valibot';
import type { FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import type { FFJsonObject } from '../shared/model/json.ts';
import { CONTROL, idSchema } from './id.ts';
import { exceedsBytes, json, jsonObject } from './json.ts';
import { preview, text } from './parse.ts';

/** What inputs of all kinds are made of, within the configured limits. */
export interface Fields {
  readonly id: v.GenericSchema<string>;
  readonly idList: v.GenericSchema<string[]>;
  /** A message's text; it may be empty. */
  readonly content: v.GenericSchema<string>;
  readonly json: v.GenericSchema<unknown>;
  readonly metadata: v.GenericSchema<FFJsonObject>;
  /** Refuses a value whose text is longer than a message may be. */
  withinBytes<T>(measure: (value: T) => string): v.CheckAction<T, string>;
}

/** The fields for one configuration. */
export function createFields({ storage }: FFConfigurationManagerConfigDTO): Fields {
  const withinBytes = <T>(measure: (value: T) => string) =>
    v.check<T, string>(
      (value) => !exceedsBytes(measure(value), storage.maxMessageBytes),
      `must have at most ${storage.maxMessageBytes} bytes (storage.maxMessageBytes)`,
    );
  const id = idSchema(storage.maxIdLength);
  return {
    id,
    idList: v.array(id, (issue) => `must be a list of ids; got ${preview(issue.input)}`),
    content: v.pipe(
      text,
      withinBytes((value) => value),
    ),
    json: v.pipe(json, withinBytes(JSON.stringify)),
    metadata: v.pipe(jsonObject, withinBytes(JSON.stringify)),
    withinBytes,
  };
}

/** Texts in the order given. */
export const textList: v.GenericSchema<string[]> = v.array(
  text,
  (issue) => `must be a list of strings; got ${preview(issue.input)}`,
);

/** What somebody named a thing of their own, such as a file: anything but control characters. */
export function label(maxLength: number): v.GenericSchema<string> {
  return v.pipe(
    text,
    v.nonEmpty('must not be empty'),
    v.maxLength(
      maxLength,
      (issue) => `must have at most ${maxLength} characters; got ${issue.input.length}`,
    ),
    v.check(
      (value) => !CONTROL.test(value),
      (issue) => `must not contain control characters; got ${preview(issue.input)}`,
    ),
  );
}

/** The words of a search. */
export const query: v.GenericSchema<string> = v.pipe(
  text,
  v.check((value) => value.trim() !== '', 'must not be empty'),
);
