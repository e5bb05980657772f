/** A file of an archive, as its directory tells of it. */
export interface ZipFile {
  /** In UTF-8. */
  readonly name: Uint8Array;
  readonly compressed: boolean;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its header lies. */
  readonly start: number;
}

/** The largest number of four bytes marks one that stands elsewhere, in eight. */
const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;

/** Bytes that one file may have: its size stands in four bytes behind its data. */
export const MAX_FILE_BYTES = MAX_32 - 1;

const VERSION = 20;
const VERSION_ZIP64 = 45;

/** Sizes and checksum stand behind the data; names are in UTF-8. */
const FLAGS = 0x0808;

/** Midnight of the first day that the format knows: what matters about time stands in the files. */
const TIME = 0;
const DATE = 0x0021;

const DEFLATED = 8;
const STORED = 0;

/** What stands in front of a file's data. */
export function localHeader(name: Uint8Array, compressed: boolean): Uint8Array<ArrayBuffer> {
  return record([
    ...[u32(0x04034b50), u16(VERSION), ...common(compressed)],
    ...[u32(0), u32(0), u32(0), u16(name.length), u16(0), name],
  ]);
}

/** What stands behind a file's data, the sizes of which were not known before. */
export function dataDescriptor({
  crc32,
  packedBytes,
  bytes,
}: Omit<ZipFile, 'name' | 'start' | 'compressed'>): Uint8Array<ArrayBuffer> {
  return record([u32(0x08074b50), u32(crc32), u32(packedBytes), u32(bytes)]);
}

/** What the directory says of a file. */
export function directoryRecord(file: ZipFile): Uint8Array<ArrayBuffer> {
  const { name, compressed, crc32, packedBytes, bytes, start } = file;
  const isFar = start >= MAX_32;
  const extra = isFar ? record([u16(1), u16(8), u64(start)]) : new Uint8Array(0);
  const version = isFar ? VERSION_ZIP64 : VERSION;
  return record([
    ...[u32(0x02014b50), u16(version), u16(version), ...common(compressed)],
    ...[u32(crc32), u32(packedBytes), u32(bytes)],
    ...[u16(name.length), u16(extra.length), u16(0), u16(0), u16(0), u32(0)],
    ...[u32(isFar ? MAX_32 : start), name, extra],
  ]);
}

/** What stands behind the directory, and is looked for first. */
export function endOfDirectory({
  count,
  start,
  bytes,
}: {
  readonly count: number;
  readonly start: number;
  readonly bytes: number;
}): Uint8Array<ArrayBuffer> {
  const isLarge = count >= MAX_16 || start >= MAX_32 || bytes >= MAX_32;
  const zip64 = [
    ...[u32(0x06064b50), u64(44), u16(VERSION_ZIP64), u16(VERSION_ZIP64), u32(0), u32(0)],
    ...[u64(count), u64(count), u64(bytes), u64(start)],
    ...[u32(0x07064b50), u32(0), u64(start + bytes), u32(1)],
  ];
  const shortCount = u16(Math.min(count, MAX_16));
  return record([
    ...(isLarge ? zip64 : []),
    ...[u32(0x06054b50), u16(0), u16(0), shortCount, shortCount],
    ...[u32(Math.min(bytes, MAX_32)), u32(Math.min(start, MAX_32)), u16(0)],
  ]);
}

function common(compressed: boolean): Uint8Array[] {
  return [u16(FLAGS), u16(compressed ? DEFLATED : STORED), u16(TIME), u16(DATE)];
}

function record(fields: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, value >>> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}
