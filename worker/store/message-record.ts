import type { FFMessageDTO } from '../../src/shared/model/message.ts';

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
