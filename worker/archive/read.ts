import { FFStorageError } from '../../src/shared/errors.ts';
import { damaged, foreign, quoted } from './damaged.ts';
import { readDirectory, type PackedFile } from './directory.ts';
import { extract } from './extract.ts';
import { MANIFEST_NAME, MAX_MANIFEST_BYTES, parseManifest, type Manifest } from './manifest.ts';
import { isTooDense } from './ratio.ts';
import { release } from './release.ts';
import type { ArchiveSource } from './source.ts';
import { splitLines } from './split-lines.ts';

export interface ArchiveLimits {
  /** Bytes that all the files together may unpack to, the manifest not counted. */
  readonly maxTotalBytes: number;
}

/**
 * An archive whose directory and manifest are in order. What its files hold is known only once they
 * have been read to their end, so run {@link verify} to the end before anything is changed on their
 * account.
 */
export interface Archive {
  readonly manifest: Manifest;
  /** Bytes that all the files together unpack to, the manifest not counted. */
  readonly totalBytes: number;

  /**
   * The content of a file that the manifest lists, in pieces that are buffers of their own. Its length
   * and checksums are compared as the last piece has been taken.
   *
   * @throws FFStorageError with the code `corrupt` when there is no such file or it is damaged
   */
  content(name: string): AsyncGenerator<Uint8Array, void>;

  /**
   * The lines of a file that the manifest lists, without their ends.
   *
   * @throws FFStorageError with the code `corrupt`, also for a line of more than `maxLineBytes` bytes
   *   and for one that is not UTF-8
   */
  lines(name: string, maxLineBytes: number): AsyncGenerator<string, void>;

  /**
   * Reads every file and compares its checksums. Gives the bytes done since it last gave any; all of
   * them together are `totalBytes`.
   *
   * @throws FFStorageError with the code `corrupt` naming the first file that is damaged
   */
  verify(): AsyncGenerator<number, void>;

  /** Ends every read that is under way with the code `closed`. The source stays the caller's. */
  close(): void;
}

/**
 * Opens an archive that `writeArchive` made. Before anything but the manifest is decompressed, it is
 * checked to be whole in its structure, to hold exactly the files that the manifest lists, and to
 * unpack to no more than `maxTotalBytes` and not to more than 256 MiB and 200 times its own size.
 *
 * @param source must keep its bytes until the archive is closed
 * @throws FFStorageError with the code `version` for an archive of a newer version, with `corrupt` for
 *   anything else that is not a whole backup; an error of `source` itself is passed on
 */
export async function openArchive(source: ArchiveSource, limits: ArchiveLimits): Promise<Archive> {
  const packed = await readDirectory(source);
  const manifestFile = packed.get(MANIFEST_NAME);
  if (manifestFile === undefined) throw foreign(`it has no ${MANIFEST_NAME}`);
  packed.delete(MANIFEST_NAME);
  const totalBytes = checkSize(packed.values(), source, limits);
  const manifest = await readManifest(source, manifestFile);
  return new OpenArchive(source, manifest, matched(manifest, packed), totalBytes);
}

function checkSize(
  files: Iterable<PackedFile>,
  source: ArchiveSource,
  { maxTotalBytes }: ArchiveLimits,
): number {
  let total = 0;
  for (const { bytes } of files) total += bytes;
  if (total > maxTotalBytes) {
    throw damaged(
      `The backup unpacks to ${total} bytes, more than the ${maxTotalBytes} that are allowed here.`,
    );
  }
  if (isTooDense(total, source.size)) {
    throw damaged(`The backup of ${source.size} bytes claims to unpack to ${total}.`);
  }
  return total;
}

async function readManifest(source: ArchiveSource, file: PackedFile): Promise<Manifest> {
  if (file.bytes > MAX_MANIFEST_BYTES) {
    throw damaged(`The backup's ${MANIFEST_NAME} is larger than any real one.`);
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  try {
    for await (const piece of extract(source, file))
      text += decoder.decode(piece, { stream: true });
    text += decoder.decode();
  } catch (error) {
    if (error instanceof FFStorageError) throw error;
    throw damaged(`The backup's ${MANIFEST_NAME} is not UTF-8.`, error);
  }
  return parseManifest(text);
}

/** A file with what both the directory and the manifest say of it. */
interface ListedFile extends PackedFile {
  readonly sha256: string;
}

function matched(manifest: Manifest, packed: Map<string, PackedFile>): Map<string, ListedFile> {
  const files = new Map<string, ListedFile>();
  for (const { name, bytes, sha256 } of manifest.files) {
    const file = packed.get(name);
    if (file === undefined) throw damaged(`The file ${quoted(name)} is missing in the backup.`);
    if (file.bytes !== bytes) {
      throw damaged(`The file ${quoted(name)} has ${file.bytes} bytes where ${bytes} are listed.`);
    }
    files.set(name, { ...file, sha256 });
  }
  for (const name of packed.keys()) {
    if (!files.has(name)) {
      throw damaged(
        `The backup holds a file ${quoted(name)} that its ${MANIFEST_NAME} does not list.`,
      );
    }
  }
  return files;
}

class OpenArchive implements Archive {
  readonly manifest: Manifest;
  readonly totalBytes: number;
  readonly #source: ArchiveSource;
  readonly #files: ReadonlyMap<string, ListedFile>;
  #closed = false;

  constructor(
    source: ArchiveSource,
    manifest: Manifest,
    files: ReadonlyMap<string, ListedFile>,
    totalBytes: number,
  ) {
    this.manifest = manifest;
    this.totalBytes = totalBytes;
    this.#source = source;
    this.#files = files;
  }

  async *content(name: string): AsyncGenerator<Uint8Array, void> {
    this.#checkOpen();
    const file = this.#files.get(name);
    if (file === undefined) throw damaged(`The backup has no file ${quoted(name)}.`);
    for await (const piece of extract(this.#source, file, file.sha256)) {
      yield piece;
      this.#checkOpen();
    }
  }

  lines(name: string, maxLineBytes: number): AsyncGenerator<string, void> {
    return splitLines(this.content(name), { name, maxLineBytes });
  }

  async *verify(): AsyncGenerator<number, void> {
    for (const name of this.#files.keys()) {
      for await (const piece of this.content(name)) {
        const { length } = piece;
        release(piece);
        yield length;
      }
    }
  }

  close(): void {
    this.#closed = true;
  }

  #checkOpen(): void {
    if (this.#closed) throw new FFStorageError('The backup has been closed.', { code: 'closed' });
  }
}
