import type { FileEntry } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { FFStorageError } from '../../src/shared/errors.ts';
import { nextTask } from '../next-task.ts';
import { damaged, foreign, quoted } from './damaged.ts';
import { checkName } from './names.ts';
import { readExactly, type ArchiveSource } from './source.ts';
import { loadZip } from './zip-library.ts';

/** A file in the archive, as its directory declares it. */
export interface PackedFile {
  readonly name: string;
  readonly compressed: boolean;
  /** Where its header lies. */
  readonly start: number;
  /** Where its data lies. */
  readonly dataAt: number;
  readonly packedBytes: number;
  /** After decompression. */
  readonly bytes: number;
  readonly crc32: number;
}

/** Room for more files than a manifest can list. */
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;

const STORED = 0;
const DEFLATED = 8;

/** Local headers that are read before other work gets its turn. */
const HEADERS_PER_TASK = 256;

/**
 * The files in the archive by their names, checked as far as that goes without decompressing: names
 * are safe and unique, nothing is encrypted, every file lies whole inside the archive and over no
 * other one, and its own header agrees with the directory.
 *
 * @throws FFStorageError with the code `corrupt`
 */
export async function readDirectory(source: ArchiveSource): Promise<Map<string, PackedFile>> {
  checkSignature(source);
  const { Reader, ZipReader } = await loadZip();
  class RandomAccess extends Reader<ArchiveSource> {
    override size = source.size;

    override async readUint8Array(at: number, length: number): Promise<Uint8Array> {
      return readPresent(source, at, length);
    }
  }
  const zip = new ZipReader(new RandomAccess(source), {
    strictness: 'strict',
    // Names are checked here, where the message can say which one is at fault.
    filenameValidation: 'tolerant',
  });
  const files = new Map<string, PackedFile>();
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      if (entry.directory) continue;
      checkName(entry.filename);
      if (files.has(entry.filename)) {
        throw damaged(`The archive holds the file ${quoted(entry.filename)} more than once.`);
      }
      files.set(entry.filename, locate(source, entry));
      if (files.size % HEADERS_PER_TASK === 0) await nextTask();
    }
  } catch (error) {
    if (error instanceof FFStorageError) throw error;
    throw damaged('The backup is damaged or cut off: its directory cannot be read.', error);
  }
  checkPlaces(files.values(), zip.directoryOffset ?? source.size);
  return files;
}

/** Every ZIP file with something in it starts with a local header, "PK" and two numbers. */
function checkSignature(source: ArchiveSource): void {
  if (source.size === 0) throw foreign('the file is empty');
  const [p, k] = source.size < 2 ? [] : readExactly(source, 0, 2);
  if (p !== 0x50 || k !== 0x4b) throw foreign('the file is no ZIP archive');
}

/** As many of the bytes as there are, which is what zip.js expects behind the end. */
function readPresent(source: ArchiveSource, at: number, length: number): Uint8Array {
  const present = Math.max(0, Math.min(length, source.size - at));
  if (present > MAX_DIRECTORY_BYTES) {
    throw damaged('The archive lists more files than any backup holds.');
  }
  return present === 0 ? new Uint8Array(0) : readExactly(source, at, present);
}

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
const ENCRYPTED_FLAG = 1;

/** The entry with the place of its data, which only the header in front of the data tells. */
function locate(source: ArchiveSource, entry: FileEntry): PackedFile {
  const { filename: name, compressionMethod, offset: start } = entry;
  if (entry.encrypted) throw damaged(`The file ${quoted(name)} in the archive is encrypted.`);
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw damaged(`The file ${quoted(name)} in the archive is compressed in an unknown way.`);
  }
  const header = new DataView(readExactly(source, start, HEADER_BYTES).buffer);
  const nameBytes = header.getUint16(26, true);
  const agrees =
    header.getUint32(0, true) === HEADER_SIGNATURE &&
    (header.getUint16(6, true) & ENCRYPTED_FLAG) === 0 &&
    header.getUint16(8, true) === compressionMethod &&
    sameBytes(readExactly(source, start + HEADER_BYTES, nameBytes), entry.rawFilename);
  if (!agrees) {
    throw damaged(`The header of the file ${quoted(name)} contradicts the archive's directory.`);
  }
  return {
    name,
    compressed: compressionMethod === DEFLATED,
    start,
    dataAt: start + HEADER_BYTES + nameBytes + header.getUint16(28, true),
    packedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    crc32: entry.crc32 ?? 0,
  };
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Files that share their data are how a small archive unpacks to a huge one without a high ratio. */
function checkPlaces(files: Iterable<PackedFile>, directoryAt: number): void {
  let end = 0;
  for (const file of [...files].sort((a, b) => a.start - b.start)) {
    if (file.start < end) {
      throw damaged(`The file ${quoted(file.name)} overlaps another one in the archive.`);
    }
    end = file.dataAt + file.packedBytes;
    if (end > directoryAt) {
      throw damaged(`The file ${quoted(file.name)} does not lie whole inside the archive.`);
    }
    if (!file.compressed && file.packedBytes !== file.bytes) {
      throw damaged(`The file ${quoted(file.name)} is stored with two different sizes.`);
    }
  }
}
