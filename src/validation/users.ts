import * as v from 'valibot';
import type { ProfileChanges } from '../shared/contract.ts';
import type { Fields } from './fields.ts';
import { dropUndefined, flag, options, parse, preview, text } from './parse.ts';

/** Checks what is said about users. */
export function createUserValidator({ metadata }: Fields) {
  const profile = v.pipe(
    v.looseObject(
      {
        username: v.optional(text),
        email: v.optional(text),
        name: v.optional(text),
        preferences: v.optional(metadata),
        metadata: v.optional(metadata),
      },
      (issue) => `must be an object; got ${preview(issue.input)}`,
    ),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const { username, email, name, preferences, metadata: known, ...others } = dataset.value;
      const { userId: _u, createdAt: _c, updatedAt: _p, ...unknown } = others;
      const { output: extra, issues } = v.safeParse(metadata, unknown, { abortEarly: true });
      if (issues !== undefined) {
        addIssue({ message: issues[0].message });
        return NEVER;
      }
      return {
        username,
        email,
        name,
        preferences,
        metadata: Object.keys(extra).length > 0 ? { ...known, ...extra } : known,
      };
    }),
  );
  const deleteOptions = options({ force: v.optional(flag, false) });

  return {
    profile: (value: unknown, field: string): ProfileChanges =>
      dropUndefined(parse(profile, value, field)),
    force: (value: unknown): boolean => parse(deleteOptions, value, '', 'options').force,
  };
}
