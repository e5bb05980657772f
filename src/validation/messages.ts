import * as v from 'valibot';
import type {
  MessageChanges,
  MessagePage,
  NewMessage,
  NewPanelMessage,
} from '../shared/contract.ts';
import { createId } from '../shared/ids.ts';
import { MessageRole } from '../shared/model/message.ts';
import type { Fields } from './fields.ts';
import { count, dropUndefined, flag, options, parse, preview, text } from './parse.ts';
import { timestamp } from './timestamp.ts';

/** Checks messages, those of sessions and those of panels. */
export function createMessageValidator({ id, idList, content, json, metadata }: Fields) {
  const entries = {
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
    parts: v.optional(json),
    attachments: v.optional(idList),
    metadata: v.optional(metadata),
    // A message that was read may be added again; how far its writer had come is not input.
    status: v.optional(v.unknown()),
  };
  // It may say nothing yet.
  const growingMessage = v.pipe(
    options(entries),
    v.transform(({ status: _status, messageId, ...rest }) => ({
      ...dropUndefined(rest),
      messageId: messageId ?? createId(),
    })),
  );
  const message = v.pipe(
    growingMessage,
    v.forward(
      v.check((value) => saysSomething(value), NOTHING_SAID),
      ['content'],
    ),
  );
  const panelMessage = v.pipe(
    options({
      ...entries,
      responseTo: v.optional(id),
      // A message that was read names its speaker; the parameter decides.
      personaId: v.optional(v.unknown()),
    }),
    v.forward(
      v.check((value) => saysSomething(value), NOTHING_SAID),
      ['content'],
    ),
    v.transform(({ status: _status, personaId: _speaker, messageId, ...rest }) => ({
      ...dropUndefined(rest),
      messageId: messageId ?? createId(),
    })),
  );
  const messages = v.array(
    message,
    (issue) => `must be a list of messages; got ${preview(issue.input)}`,
  );
  const page = options({
    limit: v.optional(count),
    offset: v.optional(count, 0),
    reverse: v.optional(flag, false),
  });
  const changes = options({ content: v.optional(content), metadata: v.optional(metadata) });

  return {
    message: (value: unknown): NewMessage => parse(message, value, '', 'message'),
    growingMessage: (value: unknown): NewMessage => parse(growingMessage, value, '', 'message'),
    messages: (value: unknown): NewMessage[] => parse(messages, value, 'messages'),
    panelMessage: (value: unknown): NewPanelMessage => parse(panelMessage, value, '', 'message'),
    messagePage: (value: unknown): MessagePage => dropUndefined(parse(page, value, '', 'options')),
    messageChanges: (value: unknown): MessageChanges =>
      dropUndefined(parse(changes, value, '', 'updates')),
  };
}

const NOTHING_SAID = 'must not be empty in a message without parts or attachments';

function saysSomething(message: {
  readonly content: string;
  readonly parts?: unknown;
  readonly attachments?: unknown;
}): boolean {
  const { content, parts, attachments } = message;
  return content !== '' || !isEmpty(parts) || !isEmpty(attachments);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
