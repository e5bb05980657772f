import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { FFStorageError } from '../../src/shared/errors.ts';
import { nextTask } from '../next-task.ts';
import { crc32 } from './crc32.ts';
import { quoted } from './damaged.ts';
import { deflate } from './deflate.ts';
import { formatManifest, MANIFEST_NAME, type ArchivedFile, type Manifest } from './manifest.ts';
import { checkName } from './names.ts';
import { Pieces } from './pieces.ts';
import { isNearlyTooDense, isTooDense } from './ratio.ts';
import { release } from './release.ts';
import {
  dataDescriptor,
  directoryRecord,
  endOfDirectory,
  localHeader,
  MAX_FILE_BYTES,
  type ZipFile,
} from './zip-format.ts';

/** A file to be archived. */
export interface ArchiveEntry {
  /** Relative and slash-separated, as names.ts makes it. */
  readonly name: string;
  /** Read once, as the archive is consumed. A piece is used up when the next one is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
  /** False for what is compressed already. */
  readonly compress: boolean;
  /** Told what has been archived, before the next entry is asked for. */
  readonly onArchived?: (file: ArchivedFile) => void;
}

export interface ArchivePlan {
  /** Read one by one, each entry to its end before the next is asked for. */
  readonly entries: AsyncIterable<ArchiveEntry>;
  /** The manifest for what has been archived; called once, after the last entry. */
  readonly manifest: (files: readonly ArchivedFile[]) => Manifest;
}

const PIECE_BYTES = 256 * 1024;

/** Bytes of content that are archived before other work gets its turn. */
const BYTES_PER_TASK = 1024 * 1024;

const encoder = new TextEncoder();

/**
 * The bytes of a backup archive: a ZIP with the entries in their order and `manifest.json` last, in
 * pieces of at most 256 KiB that are buffers of their own.
 *
 * Entries are read only while a piece is being waited for, and never a whole one is held. Stopping
 * early ends the entries and the content under way. An error of an entry is thrown as it is.
 *
 * Written by hand and not by a library's streams, which copy every byte from stage to stage: that
 * leaves the garbage collector several times the archive's size to find.
 *
 * @throws FFStorageError when the archive could not be read back: an unsafe name, a manifest that
 *   contradicts its files or lists too many, or content that is nothing but repetition
 */
export async function* writeArchive(plan: ArchivePlan): AsyncGenerator<Uint8Array, void> {
  const zip = new Zip();
  const files: ArchivedFile[] = [];
  let unpackedBytes = 0;
  for await (const entry of plan.entries) {
    const dense = isNearlyTooDense(unpackedBytes, zip.packedBytes);
    const file = yield* zip.add(dense ? { ...entry, compress: false } : entry);
    files.push(file);
    entry.onArchived?.(file);
    unpackedBytes += file.bytes;
    if (isTooDense(unpackedBytes, zip.packedBytes)) {
      throw new FFStorageError(
        `${entry.name} repeats itself so much that a backup with it would be refused as a zip bomb.`,
        { code: 'io' },
      );
    }
  }
  const manifest = once(formatManifest(plan.manifest(files)));
  yield* zip.add({ name: MANIFEST_NAME, content: manifest, compress: true });
  yield* zip.end();
}

/** A ZIP that is being written. */
class Zip {
  readonly #pieces = new Pieces(PIECE_BYTES);
  readonly #names = new Set<string>();
  readonly #files: ZipFile[] = [];
  #bytes = 0;
  #packedBytes = 0;

  /** Bytes of data so far, headers not counted. */
  get packedBytes(): number {
    return this.#packedBytes;
  }

  async *add({ name, content, compress }: ArchiveEntry): AsyncGenerator<Uint8Array, ArchivedFile> {
    checkName(name);
    if (this.#names.has(name)) throw unwritable(`The file ${quoted(name)} already exists in it.`);
    this.#names.add(name);
    const start = this.#bytes;
    const rawName = encoder.encode(name);
    yield* this.#put(localHeader(rawName, compress));

    const digest = sha256.create();
    let [bytes, checksum, nextBreak] = [0, 0, BYTES_PER_TASK];
    async function* measured(): AsyncGenerator<Uint8Array, void> {
      for await (const piece of content) {
        digest.update(piece);
        checksum = crc32(piece, checksum);
        bytes += piece.length;
        yield piece;
        if (bytes < nextBreak) continue;
        nextBreak = bytes + BYTES_PER_TASK;
        await nextTask();
      }
    }
    let packedBytes = 0;
    for await (const piece of compress ? deflate(measured()) : measured()) {
      packedBytes += piece.length;
      yield* this.#put(piece);
      if (compress) release(piece);
    }
    if (Math.max(bytes, packedBytes) > MAX_FILE_BYTES) {
      throw unwritable(`The file ${quoted(name)} is larger than 4 GB.`);
    }
    const sizes = { crc32: checksum, packedBytes, bytes };
    yield* this.#put(dataDescriptor(sizes));
    this.#packedBytes += packedBytes;
    this.#files.push({ name: rawName, compressed: compress, start, ...sizes });
    return { name, bytes, sha256: bytesToHex(digest.digest()) };
  }

  /** Writes the directory. */
  *end(): Generator<Uint8Array, void> {
    const start = this.#bytes;
    for (const file of this.#files) yield* this.#put(directoryRecord(file));
    const count = this.#files.length;
    yield* this.#put(endOfDirectory({ count, start, bytes: this.#bytes - start }));
    const rest = this.#pieces.rest();
    if (rest !== undefined) yield rest;
  }

  #put(bytes: Uint8Array): Generator<Uint8Array, void> {
    this.#bytes += bytes.length;
    return this.#pieces.add(bytes);
  }
}

function unwritable(problem: string): FFStorageError {
  return new FFStorageError(`The backup cannot be written. ${problem}`, { code: 'io' });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
