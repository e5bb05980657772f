import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { readLines } from './log-scan.ts';
import type { MessageLog } from './message-log.ts';
import type { SessionRecord } from './message-record.ts';
import { decodeRecord } from './record.ts';

const encoder = new TextEncoder();

/** What every record of text begins with, behind its sequence number; it is never one of a batch. */
const GROW_TYPE = encoder.encode(',"type":"grow",');

/** More digits than a sequence number has. */
const MAX_TYPE_OFFSET = 32;

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
      if (!isGrowth(line)) continue;
      const record = decodeRecord(line) as SessionRecord | undefined;
      if (record?.type !== 'grow' || record.messageId !== messageId) continue;
      // Behind a damaged record what follows has no place.
      if (record.from > text.length) return;
      text += record.text.slice(text.length - record.from);
    }
  });
  return text;
}

/** Tells from the first bytes of a line, because most are whole messages of others. */
function isGrowth(line: Uint8Array): boolean {
  const at = line.subarray(0, MAX_TYPE_OFFSET).indexOf(GROW_TYPE[0] ?? 0);
  return at !== -1 && GROW_TYPE.every((byte, index) => line[at + index] === byte);
}
