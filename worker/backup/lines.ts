import * as v from 'valibot';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { FFSituationalContextDTO } from '../../src/shared/model/context.ts';
import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { FFJsonObject } from '../../src/shared/model/json.ts';
import { MessageRole, type FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFPanelDTO, FFPersonaDTO } from '../../src/shared/model/panel.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import { isStoredTimestamp } from '../../src/shared/timestamps.ts';
import type { MessageRecord } from '../store/message-record.ts';
import type { ArchivedSession } from './session-lines.ts';

/** Longer than any line in practice; what claims to be longer would only fill the memory. */
export const MAX_LINE_BYTES = 268_435_456;

/** A document without what is found out anew when it comes back. */
export type ArchivedDocument = Omit<FFDocumentDTO, 'text'>;

/** A context that was saved. */
export type ArchivedContext = FFSituationalContextDTO & {
  readonly contextId: string;
  readonly sessionId: string;
};

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Milliseconds since 1970, up to the last that a date can be made of. */
const time = v.pipe(count, v.maxValue(8.64e15));

/** What every id of a store keeps to, and what keeps a path inside of the store. */
const id = v.pipe(
  text,
  v.nonEmpty(),
  v.maxLength(1_024),
  v.check(
    (value) => !/[/\\\p{Cc}\p{Surrogate}]|\.\.|^\.$/u.test(value),
    'must be an id: no separators, control characters or ".."',
  ),
);

const timestamp = v.pipe(
  text,
  v.check(isStoredTimestamp, 'must be ISO 8601 in UTC with milliseconds'),
);

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a store takes is not as deep; what is deeper would overflow the stack that writes it. */
const MAX_DEPTH = 600;

function isShallow(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return true;
}

const json = v.pipe(v.unknown(), v.check(isShallow, 'must not be nested so deep'));

const jsonObject = v.pipe(
  v.custom<FFJsonObject>(isObject, 'must be an object'),
  v.check((value: FFJsonObject) => isShallow(value), 'must not be nested so deep'),
);

const texts = v.array(text);

function holdsTextLists(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((list) => v.is(texts, list));
}
const optionalText = v.exactOptional(text);
const optionalObject = v.exactOptional(jsonObject);

const profile = v.strictObject({
  userId: id,
  username: optionalText,
  email: optionalText,
  name: optionalText,
  createdAt: timestamp,
  updatedAt: timestamp,
  preferences: optionalObject,
  metadata: optionalObject,
});

const session = v.strictObject({
  sessionId: id,
  title: text,
  createdAt: timestamp,
  updatedAt: timestamp,
  messageCount: count,
  metadata: optionalObject,
});

const message = v.strictObject({
  messageId: id,
  role: v.picklist(Object.values(MessageRole)),
  content: text,
  timestamp,
  name: optionalText,
  parentId: v.exactOptional(v.nullable(id)),
  status: v.exactOptional(v.picklist(['streaming', 'interrupted', 'aborted'])),
  parts: v.exactOptional(json),
  attachments: v.exactOptional(v.array(id)),
  metadata: optionalObject,
  personaId: v.exactOptional(id),
  responseTo: v.exactOptional(id),
});

const messageLine = v.union([
  v.strictObject({ at: time, message }),
  v.strictObject({ at: time, deleted: id }),
]);

const document = v.strictObject({
  documentId: id,
  sessionId: id,
  filename: text,
  originalName: text,
  path: text,
  mimeType: text,
  size: count,
  uploadedBy: text,
  uploadedAt: timestamp,
  sha256: v.exactOptional(v.pipe(text, v.regex(/^[0-9a-f]{64}$/))),
  metadata: optionalObject,
});

const context = v.strictObject({
  contextId: id,
  userId: id,
  sessionId: id,
  summary: text,
  keyPoints: texts,
  // Not a record of valibot's, which passes over keys such as `constructor`.
  entities: v.custom<Record<string, string[]>>(holdsTextLists, 'must hold lists of strings'),
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  timestamp,
  messageRange: v.exactOptional(v.strictObject({ firstMessageId: id, lastMessageId: id })),
  metadata: optionalObject,
});

const persona = v.strictObject({
  personaId: id,
  name: text,
  description: optionalText,
  traits: v.exactOptional(texts),
  expertise: v.exactOptional(texts),
  communicationStyle: optionalText,
  ownerId: v.exactOptional(id),
  createdAt: timestamp,
  updatedAt: timestamp,
  metadata: optionalObject,
});

const panel = v.strictObject({
  panelId: id,
  type: v.picklist(['multi_persona', 'focus_group', 'expert_panel', 'brainstorm']),
  personaIds: v.array(id),
  title: optionalText,
  ownerId: v.exactOptional(id),
  createdAt: timestamp,
  updatedAt: timestamp,
  messageCount: count,
  config: optionalObject,
  metadata: optionalObject,
});

/** Reads what one line of a file says, or says what is wrong with it. */
type LineParser<T> = (line: string, file: string) => T;

function parserOf<T>(schema: v.GenericSchema<unknown, T>): LineParser<T> {
  return (line, file) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw malformed(file, 'a line is not JSON', cause);
    }
    const result = v.safeParse(schema, value, { abortEarly: true });
    if (result.success) return result.output;
    const [issue] = result.issues;
    throw malformed(file, `${v.getDotPath(issue) ?? 'a line'}: ${issue.message}`);
  };
}

function malformed(file: string, problem: string, cause?: unknown): FFStorageError {
  return new FFStorageError(
    `The backup's ${file} is malformed (${problem}); nothing was restored. Use another backup.`,
    { code: 'corrupt', cause },
  );
}

export const parseProfile: LineParser<FFUserProfileDTO> = parserOf(profile);
export const parseSession: LineParser<ArchivedSession> = parserOf(session);
export const parseDocument: LineParser<ArchivedDocument> = parserOf(document);
export const parseContext: LineParser<ArchivedContext> = parserOf(context);
export const parsePersona: LineParser<FFPersonaDTO> = parserOf(persona);
export const parsePanel: LineParser<FFPanelDTO> = parserOf(panel);

const parseMessageLine = parserOf(messageLine);

/** A message as it is, or the tombstone of one. */
export function parseMessage(line: string, file: string): MessageRecord {
  const parsed = parseMessageLine(line, file);
  return 'deleted' in parsed
    ? { type: 'delete', at: parsed.at, messageId: parsed.deleted }
    : { type: 'message', at: parsed.at, message: asEnded(parsed.message as FFMessageDTO) };
}

/** Nobody goes on with a message that comes out of an archive. */
function asEnded(message: FFMessageDTO): FFMessageDTO {
  return message.status === 'streaming' ? { ...message, status: 'interrupted' } : message;
}

/** The line from which {@link parseMessage} makes the same record. */
export function messageLineOf(record: MessageRecord): string {
  const { at } = record;
  return JSON.stringify(
    record.type === 'delete' ? { at, deleted: record.messageId } : { at, message: record.message },
  );
}
