import * as v from 'valibot';
import type { FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import type {
  MessageChanges,
  MessagePage,
  NewMessage,
  NewSession,
  ProfileChanges,
  SessionChanges,
  SessionPage,
  TextQuery,
} from '../shared/contract.ts';
import { createId } from '../shared/ids.ts';
import { MessageRole } from '../shared/model/message.ts';
import { DEFAULT_SESSION_TITLE } from '../shared/model/session.ts';
import { idSchema } from './id.ts';
import { exceedsBytes, json, jsonObject } from './json.ts';
import { count, dropUndefined, flag, fraction, options, parse, preview, text } from './parse.ts';
import { timestamp } from './timestamp.ts';

/** Turns what an app passes into what the engine takes, or throws before anything crosses. */
export type InputValidator = ReturnType<typeof createInputValidator>;

/** The checks for one configuration; its limits are part of them. */
export function createInputValidator({ storage }: FFConfigurationManagerConfigDTO) {
  const id = idSchema(storage.maxIdLength);
  const idList = v.array(id, (issue) => `must be a list of ids; got ${preview(issue.input)}`);
  const withinBytes = <T>(measure: (value: T) => string) =>
    v.check<T, string>(
      (value) => !exceedsBytes(measure(value), storage.maxMessageBytes),
      `must have at most ${storage.maxMessageBytes} bytes (storage.maxMessageBytes)`,
    );
  const content = v.pipe(
    text,
    withinBytes((value) => value),
  );
  const metadata = v.pipe(jsonObject, withinBytes(JSON.stringify));

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

  const message = v.pipe(
    options({
      role: v.picklist(
        Object.values(MessageRole),
        (issue) =>
          `must be one of ${Object.values(MessageRole).join(', ')}; got ${preview(issue.input)}`,
      ),
      content,
      messageId: v.optional(id),
      timestamp: v.optional(timestamp),
      name: v.optional(text),
      parentId: v.optional(v.nullable(id)),
      parts: v.optional(v.pipe(json, withinBytes(JSON.stringify))),
      attachments: v.optional(idList),
      metadata: v.optional(metadata),
      // A message that was read may be added again; how far its writer had come is not input.
      status: v.optional(v.unknown()),
    }),
    v.forward(
      v.check(
        ({ content, parts, attachments }) =>
          content !== '' || !isEmpty(parts) || !isEmpty(attachments),
        'must not be empty in a message without parts or attachments',
      ),
      ['content'],
    ),
    v.transform(({ status: _status, messageId, ...rest }) => ({
      ...dropUndefined(rest),
      messageId: messageId ?? createId(),
    })),
  );
  const messages = v.array(
    message,
    (issue) => `must be a list of messages; got ${preview(issue.input)}`,
  );

  const sessionPage = options({
    limit: v.optional(count),
    offset: v.optional(count, 0),
    includeMetadata: v.optional(flag, false),
  });
  const messagePage = options({
    limit: v.optional(count),
    offset: v.optional(count, 0),
    reverse: v.optional(flag, false),
  });
  const sessionChanges = options({ title: v.optional(text), metadata: v.optional(metadata) });
  const messageChanges = options({ content: v.optional(content), metadata: v.optional(metadata) });
  const deleteOptions = options({ force: v.optional(flag, false) });
  const query = v.pipe(
    text,
    v.check((value) => value.trim() !== '', 'must not be empty'),
  );
  const searchOptions = options({
    sessionIds: v.optional(idList),
    limit: v.optional(count),
    minRelevanceScore: v.optional(fraction, 0),
  });

  return {
    id: (value: unknown, field: string): string => parse(id, value, field),
    profile: (value: unknown, field: string): ProfileChanges =>
      dropUndefined(parse(profile, value, field)),
    force: (value: unknown): boolean => parse(deleteOptions, value, '', 'options').force,
    newSession: (title: unknown, meta: unknown): NewSession =>
      dropUndefined({
        sessionId: createId(),
        title: parse(v.optional(text, DEFAULT_SESSION_TITLE), title, 'title'),
        metadata: parse(v.optional(metadata), meta, 'metadata'),
      }),
    sessionPage: (value: unknown): SessionPage =>
      dropUndefined(parse(sessionPage, value, '', 'options')),
    sessionChanges: (value: unknown): SessionChanges =>
      dropUndefined(parse(sessionChanges, value, '', 'updates')),
    message: (value: unknown): NewMessage => parse(message, value, '', 'message'),
    messages: (value: unknown): NewMessage[] => parse(messages, value, 'messages'),
    messagePage: (value: unknown): MessagePage =>
      dropUndefined(parse(messagePage, value, '', 'options')),
    messageChanges: (value: unknown): MessageChanges =>
      dropUndefined(parse(messageChanges, value, '', 'updates')),
    textQuery: (value: unknown, optionsValue: unknown): TextQuery =>
      dropUndefined({
        query: parse(query, value, 'query'),
        ...parse(searchOptions, optionsValue, '', 'options'),
      }),
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
