import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { crc32c } from '../crc32c.ts';

const encoder = new TextEncoder();

/**
 * What a session's log holds. `at` is when the record was written, in milliseconds since 1970; a
 * message's own `timestamp` may be any time. An edit carries the whole message as it is from then on.
 */
export type MessageRecord =
  | { readonly type: 'message'; readonly at: number; readonly message: FFMessageDTO }
  | { readonly type: 'edit'; readonly at: number; readonly message: FFMessageDTO }
  | { readonly type: 'delete'; readonly at: number; readonly messageId: string };

/** The id of the message that a record is about. */
export function messageIdOf(record: MessageRecord): string {
  return record.type === 'delete' ? record.messageId : record.message.messageId;
}

/**
 * What a record says, and nothing else: one that was read from a log also has that log's sequence
 * number, place in a batch and checksum, which must not get into another one.
 */
export function plainRecord(record: MessageRecord): MessageRecord {
  const { type, at } = record;
  return type === 'delete'
    ? { type, at, messageId: record.messageId }
    : { type, at, message: record.message };
}

/** The hash by which a message is looked up; any will do that spreads, and this one is at hand. */
export function hashId(messageId: string): number {
  return crc32c(encoder.encode(messageId));
}
