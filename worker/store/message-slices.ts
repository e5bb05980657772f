import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { decodeLine } from './damaged-lines.ts';
import { readLines } from './log-scan.ts';
import type { MessageLog } from './message-log.ts';
import type { MessageRecord, SessionRecord } from './message-record.ts';
import type { Location } from './offset-table.ts';

/*
 * Parts of a log for those who read all of it. Each gives about `maxBytes` at a time, so that a reader
 * can let others have the thread.
 */

/** The durable records from an offset on, in the log's order, and the offset to go on from. */
export async function recordsFrom(
  log: MessageLog,
  offset: number,
  maxBytes: number,
): Promise<{ readonly records: readonly SessionRecord[]; readonly next: number }> {
  const records: SessionRecord[] = [];
  let next = offset;
  await log.read((file) => {
    for (const { offset: start, line } of readLines(file, offset, log.committedEnd)) {
      const record = decodeLine(line);
      if (record !== undefined) records.push(record as unknown as SessionRecord);
      next = start + line.length;
      if (next - offset >= maxBytes) return;
    }
  });
  return { records, next };
}

/**
 * What is left of each message ever added, in the order of their addition, from an ordinal on: the
 * message as it is, or its tombstone. At least one, where there is one.
 */
export async function survivors(
  log: MessageLog,
  from: number,
  maxBytes: number,
): Promise<{ readonly records: readonly MessageRecord[]; readonly next: number }> {
  const places: Location[] = [];
  let next = from;
  for (let bytes = 0; next < log.ordinalCount && bytes < maxBytes; next++) {
    const place = log.locate(next);
    places.push(place);
    bytes += place.length;
  }
  const records = await log.readAt(places);
  return {
    next,
    records: records.flatMap((record): MessageRecord[] => {
      // A damaged one has been set aside.
      if (record === undefined) return [];
      return [record.type === 'edit' ? { ...record, type: 'message' } : record];
    }),
  };
}

/**
 * The live messages from one ordinal to another, at most `limit`, and the ordinal to go on from. Deleted
 * and damaged ones are passed over.
 */
export async function messagesFrom(
  log: MessageLog,
  from: number,
  to: number,
  limit: number,
  maxBytes: number,
): Promise<{
  readonly found: readonly { readonly ordinal: number; readonly message: FFMessageDTO }[];
  readonly next: number;
}> {
  const wanted: number[] = [];
  let next = from;
  for (let bytes = 0; next < to && wanted.length < limit && bytes < maxBytes; next++) {
    if (log.isDeleted(next)) continue;
    wanted.push(next);
    bytes += log.locate(next).length;
  }
  const messages = await log.atOrdinals(wanted);
  return {
    next,
    found: wanted.flatMap((ordinal, index) => {
      const message = messages[index] ?? null;
      return message === null ? [] : [{ ordinal, message }];
    }),
  };
}
