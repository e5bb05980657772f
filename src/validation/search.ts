import * as v from 'valibot';
import type { TextQuery } from '../shared/contract.ts';
import { query, type Fields } from './fields.ts';
import { count, dropUndefined, fraction, options, parse } from './parse.ts';

/** Checks searches for messages. */
export function createSearchValidator({ idList }: Fields) {
  const searchOptions = options({
    sessionIds: v.optional(idList),
    limit: v.optional(count),
    minRelevanceScore: v.optional(fraction, 0),
  });

  return {
    textQuery: (value: unknown, optionsValue: unknown): TextQuery =>
      dropUndefined({
        query: parse(query, value, 'query'),
        ...parse(searchOptions, optionsValue, '', 'options'),
      }),
  };
}
