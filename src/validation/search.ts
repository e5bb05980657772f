import * as v from 'valibot';
import type { SearchQuery, SimilarityQuery, TextQuery } from '../shared/contract.ts';
import { MessageRole } from '../shared/model/message.ts';
import { query, type Fields } from './fields.ts';
import { count, dropUndefined, fraction, oneOf, options, parse, preview } from './parse.ts';
import { timestamp } from './timestamp.ts';

/** Results of searches that name no limit. */
const DEFAULT_SIMILAR_LIMIT = 50;
const DEFAULT_LIMIT = 20;

const milliseconds = v.pipe(
  timestamp,
  v.transform((value) => Date.parse(value)),
);

/** Checks searches. */
export function createSearchValidator({ idList }: Fields) {
  const textOptions = options({
    sessionIds: v.optional(idList),
    limit: v.optional(count),
    minRelevanceScore: v.optional(fraction, 0),
  });
  const similarityOptions = options({
    sessionIds: v.optional(idList),
    similarityThreshold: v.optional(fraction),
    limit: v.optional(count, DEFAULT_SIMILAR_LIMIT),
  });
  const searchOptions = options({
    mode: v.optional(oneOf(['text', 'vector', 'hybrid']), 'hybrid'),
    types: v.optional(listOf(oneOf(['message', 'document']), 'types')),
    sessionIds: v.optional(idList),
    roles: v.optional(listOf(oneOf(Object.values(MessageRole)), 'roles')),
    after: v.optional(milliseconds),
    before: v.optional(milliseconds),
    limit: v.optional(count, DEFAULT_LIMIT),
  });

  const checked = <const TSchema extends v.GenericSchema<object>>(
    schema: TSchema,
    value: unknown,
    optionsValue: unknown,
  ) =>
    dropUndefined({
      query: parse(query, value, 'query'),
      ...parse(schema, optionsValue, '', 'options'),
    });

  return {
    textQuery: (value: unknown, optionsValue: unknown): TextQuery =>
      checked(textOptions, value, optionsValue),
    similarityQuery: (value: unknown, optionsValue: unknown): SimilarityQuery =>
      checked(similarityOptions, value, optionsValue),
    searchQuery: (value: unknown, optionsValue: unknown): SearchQuery =>
      checked(searchOptions, value, optionsValue),
  };
}

function listOf<const TItem extends v.GenericSchema>(item: TItem, what: string) {
  return v.array(item, (issue) => `must be a list of ${what}; got ${preview(issue.input)}`);
}
