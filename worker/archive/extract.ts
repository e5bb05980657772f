import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { FFStorageError } from '../../src/shared/errors.ts';
import { nextTask } from '../next-task.ts';
import { crc32 } from './crc32.ts';
import { damaged, quoted } from './damaged.ts';
import type { PackedFile } from './directory.ts';
import { inflate } from './deflate.ts';
import { readExactly, type ArchiveSource } from './source.ts';

/** Small, since each piece may decompress to 1,032 times as much at once: 16 MiB. */
const COMPRESSED_PIECE_BYTES = 16 * 1024;
const STORED_PIECE_BYTES = 256 * 1024;

/** Bytes that are handed out before other work gets its turn. */
const BYTES_PER_TASK = 1024 * 1024;

/**
 * The content of a file, decompressed, each piece a buffer of its own. It is known to be right only
 * once the last piece has been taken and no error came.
 *
 * @param sha256Hex what the manifest says; the manifest itself has none
 * @throws FFStorageError with the code `corrupt`, as soon as there are more bytes than declared, or
 *   at the end when there are fewer or they are not those that were archived
 */
export async function* extract(
  source: ArchiveSource,
  file: PackedFile,
  sha256Hex?: string,
): AsyncGenerator<Uint8Array, void> {
  const digest = sha256Hex === undefined ? undefined : sha256.create();
  let bytes = 0;
  let checksum = 0;
  let nextBreak = BYTES_PER_TASK;
  for await (const piece of unpack(source, file)) {
    bytes += piece.length;
    if (bytes > file.bytes) throw unlike(file, 'it is longer than declared');
    checksum = crc32(piece, checksum);
    digest?.update(piece);
    yield piece;
    if (bytes >= nextBreak) {
      nextBreak = bytes + BYTES_PER_TASK;
      await nextTask();
    }
  }
  if (bytes < file.bytes) throw unlike(file, 'it is shorter than declared');
  if (checksum !== file.crc32) throw unlike(file, 'its CRC-32 does not match');
  if (digest !== undefined && bytesToHex(digest.digest()) !== sha256Hex) {
    throw unlike(file, 'its SHA-256 does not match');
  }
}

async function* unpack(source: ArchiveSource, file: PackedFile): AsyncGenerator<Uint8Array, void> {
  if (!file.compressed) {
    yield* pieces(source, file, STORED_PIECE_BYTES);
    return;
  }
  try {
    yield* inflate(pieces(source, file, COMPRESSED_PIECE_BYTES));
  } catch (error) {
    if (error instanceof FFStorageError) throw error;
    throw unlike(file, 'it cannot be decompressed', error);
  }
}

function* pieces(
  source: ArchiveSource,
  { dataAt, packedBytes }: PackedFile,
  pieceBytes: number,
): Generator<Uint8Array<ArrayBuffer>, void> {
  for (let done = 0; done < packedBytes; done += pieceBytes) {
    yield readExactly(source, dataAt + done, Math.min(pieceBytes, packedBytes - done));
  }
}

function unlike(file: PackedFile, how: string, cause?: unknown): FFStorageError {
  return damaged(`The file ${quoted(file.name)} in the archive is damaged: ${how}.`, cause);
}
