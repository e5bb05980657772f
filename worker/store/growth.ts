import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { decodeLine } from './damaged-lines.ts';
import { readLines } from './log-scan.ts';
import type { MessageLog } from './message-log.ts';
import type { MessageRecord, SessionRecord } from './message-record.ts';

/** How every record of text begins; it is never one of a batch. */
const GROWTH = /^\{"seq":\d+,(?:"sync":1,)?"type":"grow",/;

/** No beginning is longer. */
const HEAD_BYTES = 64;

/** Latin-1, because a head that is cut off in the middle of a character is a head all the same. */
const decoder = new TextDecoder('latin1');

/**
 * The text of a growing message as far as it is durable: what its newest record says, and the text
 * that was added behind it. Records overlap when one of them was tried again.
 *
 * @param ordinal of a message whose status is `streaming`
 */
export async function readGrown(
  log: MessageLog,
  ordinal: number,
  { messageId, content }: FFMessageDTO,
): Promise<string> {
  await log.settled();
  const { offset, length } = log.locate(ordinal);
  let text = content;
  await log.read((file) => {
    for (const { line } of readLines(file, offset + length, log.committedEnd)) {
      // Where a line feed is damaged, it lies in the end of another line.
      if (!log.isDamaged && !isGrowth(line)) continue;
      const record = decodeLine(line) as SessionRecord | undefined;
      if (record?.type !== 'grow' || record.messageId !== messageId) continue;
      // Behind a damaged record what follows has no place.
      if (record.from > text.length) return;
      text += record.text.slice(text.length - record.from);
    }
  });
  return text;
}

/** A message that is being written has come to an end in a copy of it. */
export async function asEnded(log: MessageLog, record: MessageRecord): Promise<MessageRecord> {
  if (record.type === 'delete' || record.message.status !== 'streaming') return record;
  const { message } = record;
  const ordinal = await log.ordinalOf(message.messageId);
  const content = ordinal === null ? message.content : await readGrown(log, ordinal, message);
  return { ...record, message: { ...message, content, status: 'interrupted' } };
}

/** Tells from the first bytes of a line, because most are whole messages of others. */
function isGrowth(line: Uint8Array): boolean {
  return GROWTH.test(decoder.decode(line.subarray(0, HEAD_BYTES)));
}
