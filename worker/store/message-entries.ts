import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { hashId, type MessageRecord } from './message-record.ts';
import type { Location, OffsetEntry, OffsetTable } from './offset-table.ts';

/** Whether it is all that is left of a message: nothing with its hash came before it. */
export function isLoneTombstone(
  record: MessageRecord,
  table: OffsetTable,
): record is MessageRecord & { readonly type: 'delete' } {
  return record.type === 'delete' && table.withHash(hashId(record.messageId)).length === 0;
}

/** Takes note of a tombstone that stands for a whole message. */
export function deleteEntry(table: OffsetTable, messageId: string, at: Location): OffsetEntry {
  const { offset, length } = at;
  const entry: OffsetEntry = {
    kind: 'delete',
    hash: hashId(messageId),
    ordinal: table.nextOrdinal,
    offset,
    length,
  };
  table.apply(entry);
  return entry;
}

/** Takes note of a message that was added. */
export function addEntry(table: OffsetTable, message: FFMessageDTO, at: Location): OffsetEntry {
  const { offset, length } = at;
  const ordinal = table.nextOrdinal;
  const hash = hashId(message.messageId);
  const entry: OffsetEntry = { kind: 'add', hash, ordinal, offset, length };
  table.apply(entry);
  return entry;
}
