import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { crc32c } from '../crc32c.ts';
import type { OperationsRecord } from './operations.ts';

const encoder = new TextEncoder();

/**
 * What a session's log says of a message. `at` is when the record was written, in milliseconds since
 * 1970; a message's own `timestamp` may be any time. An edit carries the whole message as it is from
 * then on. `op` is the operation whose doing it is, where somebody could ask; it must come before what
 * an app has written, see `operation-scan.ts`.
 */
export type MessageRecord =
  | (Written & { readonly type: 'message' | 'edit'; readonly message: FFMessageDTO })
  | (Written & { readonly type: 'delete'; readonly messageId: string });

interface Written {
  readonly at: number;
  readonly op?: string;
}

/**
 * More text of a message whose status is `streaming`: its content from a UTF-16 unit on. It counts
 * until the next record that says what the message is.
 */
export interface GrowRecord {
  readonly type: 'grow';
  readonly at: number;
  readonly messageId: string;
  readonly from: number;
  readonly text: string;
}

/** All that a session's log holds. */
export type SessionRecord = MessageRecord | GrowRecord | OperationsRecord;

/** Whether a record says what a message is, or that it is gone. */
export function isMessageRecord(record: SessionRecord): record is MessageRecord {
  return record.type === 'message' || record.type === 'edit' || record.type === 'delete';
}

/** When a record is written, and by which operation, where somebody could ask. */
export function written(at: number, op: string | undefined): Written {
  return op === undefined ? { at } : { at, op };
}

/** The id of the message that a record is about. */
export function messageIdOf(record: MessageRecord): string {
  return record.type === 'delete' ? record.messageId : record.message.messageId;
}

/**
 * What a record says, and nothing else: one that was read from a log also has that log's sequence
 * number, place in a batch and checksum, which must not get into another one, and its operation, which
 * the other one keeps apart.
 */
export function plainRecord(record: SessionRecord): SessionRecord {
  switch (record.type) {
    case 'message':
    case 'edit': {
      const { type, at, message } = record;
      return { type, at, message };
    }
    case 'delete': {
      const { type, at, messageId } = record;
      return { type, at, messageId };
    }
    case 'grow': {
      const { type, at, messageId, from, text } = record;
      return { type, at, messageId, from, text };
    }
    case 'operations': {
      const { type, done } = record;
      return { type, done };
    }
  }
}

/** The hash by which a message is looked up; any will do that spreads, and this one is at hand. */
export function hashId(messageId: string): number {
  return crc32c(encoder.encode(messageId));
}
