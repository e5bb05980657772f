import * as v from 'valibot';
import type { FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import type { NewContext } from '../shared/contract.ts';
import { FFValidationError } from '../shared/errors.ts';
import { createId } from '../shared/ids.ts';
import { textList, type Fields } from './fields.ts';
import { exceedsBytes, jsonObject } from './json.ts';
import { dropUndefined, fraction, options, parse, text } from './parse.ts';
import { timestamp } from './timestamp.ts';

/** The confidence of a context that the app has made itself: it is taken at its word. */
const DEFAULT_CONFIDENCE = 1;

/** Checks situational contexts. */
export function createContextValidator(
  { id, metadata }: Fields,
  { storage: { maxMessageBytes } }: FFConfigurationManagerConfigDTO,
) {
  const context = v.pipe(
    options({
      contextId: v.optional(id),
      summary: text,
      keyPoints: v.optional(textList, []),
      // Not a record of valibot's, which passes over keys such as `constructor`.
      entities: v.optional(
        v.pipe(jsonObject, v.check(holdsTextLists, 'must hold lists of strings')),
        {},
      ),
      confidence: v.optional(fraction, DEFAULT_CONFIDENCE),
      timestamp: v.optional(timestamp),
      messageRange: v.optional(options({ firstMessageId: id, lastMessageId: id })),
      metadata: v.optional(metadata),
      // A context that was read says where it belongs; the parameters decide.
      userId: v.optional(v.unknown()),
      sessionId: v.optional(v.unknown()),
    }),
    v.transform(({ userId: _u, sessionId: _s, contextId, entities, ...rest }) => ({
      ...dropUndefined(rest),
      entities: entities as Record<string, string[]>,
      contextId: contextId ?? createId(),
    })),
  );
  const filter = options({ sessionId: v.optional(id) });

  return {
    context: (value: unknown): NewContext => {
      const checked = parse(context, value, '', 'context');
      if (exceedsBytes(JSON.stringify(checked), maxMessageBytes)) {
        throw new FFValidationError(
          `context: must have at most ${maxMessageBytes} bytes as JSON (storage.maxMessageBytes)`,
          { field: 'context' },
        );
      }
      return checked;
    },
    contextSession: (value: unknown): string | undefined =>
      parse(filter, value, '', 'options').sessionId,
  };
}

function holdsTextLists(entities: Readonly<Record<string, unknown>>): boolean {
  return Object.values(entities).every(
    (list) => Array.isArray(list) && list.every((item) => typeof item === 'string'),
  );
}
