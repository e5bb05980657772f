import type { BackendFile } from '../backend/backend.ts';
import { crc32c } from '../crc32c.ts';
import { NO_MESSAGES, type MessageStats } from './message-stats.ts';
import type { OffsetEntry } from './offset-table.ts';

/**
 * The offset table on disk: what each log record did to it, in blocks of
 *
 * ```
 * bytes  0…3   magic "FFO2"
 *        4…7   number of entries
 *        8…15  log bytes that this and all earlier blocks cover
 *       16…23  sequence number of the last record covered
 *       24…27  CRC-32C of the block with four zeros in this place
 *       28…31  bytes of the statistics
 *       32…    entries of 24 bytes: kind u8, 3 × 0, hash u32, ordinal u32, length u32, offset f64
 *         …    statistics: JSON of what is counted of the messages covered, see `message-stats.ts`
 * ```
 *
 * all little-endian.
 */
export interface OffsetBlocks {
  /** Log bytes that the entries cover. */
  readonly covered: number;
  /** Sequence number of the last record covered. */
  readonly lastSeq: number;
  /** The entry that lies furthest back in the log: its record is the last one covered. */
  readonly last: OffsetEntry | undefined;
  /** What is counted of the messages covered. */
  readonly stats: MessageStats;
  /** Bytes of the file that are valid. */
  readonly size: number;
}

const MAGIC = 0x324f_4646;
const HEADER_BYTES = 32;
const CRC_AT = 24;
const STATS_LENGTH_AT = 28;
const ENTRY_BYTES = 24;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const KINDS = ['add', 'edit', 'delete'] as const;

/** Gives the entries of all blocks up to the first that is damaged or cut short. */
export function readOffsetBlocks(
  file: BackendFile,
  onEntry: (entry: OffsetEntry) => void,
): OffsetBlocks {
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  const view = new DataView(bytes.buffer);
  let covered = 0;
  let lastSeq = 0;
  let last: OffsetEntry | undefined;
  let stats = NO_MESSAGES;
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length && view.getUint32(at, true) === MAGIC) {
    const count = view.getUint32(at + 4, true);
    const entriesEnd = at + HEADER_BYTES + count * ENTRY_BYTES;
    const end = entriesEnd + view.getUint32(at + STATS_LENGTH_AT, true);
    if (end > bytes.length || view.getUint32(at + CRC_AT, true) !== blockCrc(bytes, at, end)) break;
    covered = view.getFloat64(at + 8, true);
    lastSeq = view.getFloat64(at + 16, true);
    for (let entry = at + HEADER_BYTES; entry < entriesEnd; entry += ENTRY_BYTES) {
      const found: OffsetEntry = {
        kind: KINDS[view.getUint8(entry)] ?? 'add',
        hash: view.getUint32(entry + 4, true),
        ordinal: view.getUint32(entry + 8, true),
        length: view.getUint32(entry + 12, true),
        offset: view.getFloat64(entry + 16, true),
      };
      onEntry(found);
      if (last === undefined || found.offset > last.offset) last = found;
    }
    // What the checksum covers was written by encodeOffsetBlock, so its shape is known.
    stats = JSON.parse(decoder.decode(bytes.subarray(entriesEnd, end))) as MessageStats;
    at = end;
  }
  return { covered, lastSeq, last, stats, size: at };
}

/** A block to append. */
export function encodeOffsetBlock(
  entries: readonly OffsetEntry[],
  covered: number,
  lastSeq: number,
  stats: MessageStats,
): Uint8Array {
  const statsBytes = encoder.encode(JSON.stringify(stats));
  const entriesEnd = HEADER_BYTES + entries.length * ENTRY_BYTES;
  const bytes = new Uint8Array(entriesEnd + statsBytes.length);
  bytes.set(statsBytes, entriesEnd);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, entries.length, true);
  view.setFloat64(8, covered, true);
  view.setFloat64(16, lastSeq, true);
  view.setUint32(STATS_LENGTH_AT, statsBytes.length, true);
  entries.forEach(({ kind, hash, ordinal, length, offset }, index) => {
    const at = HEADER_BYTES + index * ENTRY_BYTES;
    view.setUint8(at, KINDS.indexOf(kind));
    view.setUint32(at + 4, hash, true);
    view.setUint32(at + 8, ordinal, true);
    view.setUint32(at + 12, length, true);
    view.setFloat64(at + 16, offset, true);
  });
  view.setUint32(CRC_AT, blockCrc(bytes, 0, bytes.length), true);
  return bytes;
}

/** The checksum's own four bytes lie between what it covers; they count as zeros. */
function blockCrc(bytes: Uint8Array, start: number, end: number): number {
  const covered = bytes.slice(start, end);
  covered.fill(0, CRC_AT, CRC_AT + 4);
  return crc32c(covered);
}
