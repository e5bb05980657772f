import * as v from 'valibot';
import type { FFJsonObject } from '../shared/model/json.ts';
import type { StreamStart } from '../shared/streams.ts';
import type { Fields } from './fields.ts';
import { abortSignal, dropUndefined, options, parse, preview, wholeNumber } from './parse.ts';

const DEFAULT_BUFFER_SIZE = 100;
const MAX_BUFFER_SIZE = 10_000;

/** How a stream of messages is read. */
export interface StreamOptions {
  /** Messages in a batch, at most. */
  readonly bufferSize: number;
  /** Until when a message must have come; infinite where it may take any time. */
  readonly timeoutMs: number;
  readonly from: StreamStart;
  readonly signal?: AbortSignal;
}

/** What the end of a growing message changes besides its text. */
export interface MessageFinish {
  readonly parts?: unknown;
  readonly metadata?: FFJsonObject;
}

const noTimeout = (issue: { readonly input: unknown }) =>
  `must be a number of seconds above 0; got ${preview(issue.input)}`;

/** Checks how messages are streamed, followed and written bit by bit. */
export function createStreamValidator({ id, json, metadata }: Fields) {
  const stream = options({
    bufferSize: v.optional(wholeNumber(1, MAX_BUFFER_SIZE), DEFAULT_BUFFER_SIZE),
    timeoutSeconds: v.optional(
      v.pipe(v.number(noTimeout), v.finite(noTimeout), v.gtValue(0, noTimeout)),
    ),
    from: v.optional(id, 'now'),
    signal: v.optional(abortSignal),
  });
  const follow = options({ signal: v.optional(abortSignal) });
  const finish = options({ parts: v.optional(json), metadata: v.optional(metadata) });

  return {
    streamOptions: (value: unknown): StreamOptions => {
      const { bufferSize, timeoutSeconds, from, signal } = parse(stream, value, '', 'options');
      const timeoutMs =
        timeoutSeconds === undefined ? Number.POSITIVE_INFINITY : timeoutSeconds * 1_000;
      return dropUndefined({ bufferSize, timeoutMs, from: startOf(from), signal });
    },
    followOptions: (value: unknown): { readonly signal?: AbortSignal } =>
      dropUndefined(parse(follow, value, '', 'options')),
    messageFinish: (value: unknown): MessageFinish =>
      dropUndefined(parse(finish, value, '', 'options')),
  };
}

/** A message whose id is one of the two words cannot be named. */
function startOf(from: string): StreamStart {
  return from === 'now' || from === 'start' ? { at: from } : { at: 'message', messageId: from };
}
