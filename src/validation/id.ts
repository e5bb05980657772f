import * as v from 'valibot';
import { preview } from './parse.ts';

/** Control characters of both kinds (C0 with tab and line feed, DEL, C1). */
export const CONTROL = /\p{Cc}/u;

/** A surrogate without its partner: it has no UTF-8, so two such ids would become one file name. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * An opaque id. What is refused could leave the store's folder, or could not be a name in it;
 * `layout.ts` escapes the rest.
 */
export function idSchema(maxLength: number): v.GenericSchema<string> {
  return v.pipe(
    v.string((issue) => `must be a string; got ${preview(issue.input)}`),
    v.nonEmpty('must not be empty'),
    v.maxLength(
      maxLength,
      (issue) => `must have at most ${maxLength} characters; got ${issue.input.length}`,
    ),
    v.check((id) => !/[/\\]/.test(id), describe('must not contain "/" or "\\"')),
    v.check((id) => !id.includes('..') && id !== '.', describe('must not contain ".."')),
    v.check((id) => !CONTROL.test(id), describe('must not contain control characters')),
    v.check((id) => !LONE_SURROGATE.test(id), describe('must be well-formed Unicode')),
  );
}

function describe(rule: string) {
  return (issue: { readonly input: unknown }): string => `${rule}; got ${preview(issue.input)}`;
}
