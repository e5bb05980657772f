import * as v from 'valibot';
import type { NewSession, SessionChanges, SessionPage } from '../shared/contract.ts';
import { createId } from '../shared/ids.ts';
import { DEFAULT_SESSION_TITLE } from '../shared/model/session.ts';
import type { Fields } from './fields.ts';
import { count, dropUndefined, flag, options, parse, text } from './parse.ts';

/** Checks what is said about sessions. */
export function createSessionValidator({ metadata }: Fields) {
  const page = options({
    limit: v.optional(count),
    offset: v.optional(count, 0),
    includeMetadata: v.optional(flag, false),
  });
  const changes = options({ title: v.optional(text), metadata: v.optional(metadata) });

  return {
    newSession: (title: unknown, meta: unknown): NewSession =>
      dropUndefined({
        sessionId: createId(),
        title: parse(v.optional(text, DEFAULT_SESSION_TITLE), title, 'title'),
        metadata: parse(v.optional(metadata), meta, 'metadata'),
      }),
    sessionPage: (value: unknown): SessionPage => dropUndefined(parse(page, value, '', 'options')),
    sessionChanges: (value: unknown): SessionChanges =>
      dropUndefined(parse(changes, value, '', 'updates')),
  };
}
