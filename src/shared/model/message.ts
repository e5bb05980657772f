import type { FFJsonObject } from './json.ts';

/** Who speaks. Use the constants (`MessageRole.USER`) or the plain strings (`'user'`). */
export const MessageRole = {
  USER: 'user',
  ASSISTANT: 'assistant',
  SYSTEM: 'system',
  TOOL: 'tool',
} as const;

export type MessageRole = (typeof MessageRole)[keyof typeof MessageRole];

/** Where a message stands that is not complete; a complete one has no status. */
export type FFMessageStatus = 'streaming' | 'interrupted' | 'aborted';

/** A message as it is stored. */
export interface FFMessageDTO {
  /** Unique in its session. */
  messageId: string;
  role: MessageRole;
  /** The text for people and for search. */
  content: string;
  /** ISO 8601 in UTC with milliseconds. */
  timestamp: string;
  /** The participant's display name. */
  name?: string;
  /** The message that this one answers; `null` for the root of a conversation tree. */
  parentId?: string | null;
  status?: FFMessageStatus;
  /** Structured content of any JSON shape, kept verbatim: tool calls, reasoning, files. */
  parts?: unknown;
  /** Document ids. */
  attachments?: string[];
  metadata?: FFJsonObject;
}

/** A message to add. */
export interface FFMessageInput {
  readonly role: MessageRole;
  /** May be empty only when there are `parts` or `attachments`. */
  readonly content: string;
  /** Made by the manager when not given. Adding an id that is already there adds nothing. */
  readonly messageId?: string | undefined;
  /** ISO 8601 with `Z` or an offset; the time of the write when not given. */
  readonly timestamp?: string | undefined;
  readonly name?: string | undefined;
  /** Default: the session's last message. `null` starts a new root. */
  readonly parentId?: string | null | undefined;
  readonly parts?: unknown;
  readonly attachments?: readonly string[] | undefined;
  readonly metadata?: Readonly<FFJsonObject> | undefined;
}
