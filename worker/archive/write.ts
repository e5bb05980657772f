import type { ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { FFStorageError } from '../../src/shared/errors.ts';
import { Demand } from './demand.ts';
import { formatManifest, MANIFEST_NAME, type ArchivedFile, type Manifest } from './manifest.ts';
import { MeasuredContent } from './measured-content.ts';
import { checkName } from './names.ts';
import { Pieces } from './pieces.ts';
import { isNearlyTooDense, isTooDense } from './ratio.ts';
import { loadZip } from './zip-library.ts';

/** A file to be archived. */
export interface ArchiveEntry {
  /** Relative and slash-separated, as names.ts makes it. */
  readonly name: string;
  /** Read once, as the archive is consumed. Each piece is handed over: it must not change later. */
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

/**
 * The bytes of a backup archive: a ZIP with the entries in their order and `manifest.json` last, in
 * pieces of at most 256 KiB that are buffers of their own.
 *
 * Entries are read only while a piece is being waited for, and never a whole one is held. Stopping
 * early ends the entries and the content under way. An error of an entry is thrown as it is.
 *
 * @throws FFStorageError when the archive could not be read back: an unsafe name, a manifest that
 *   contradicts its files or lists too many, or content that is nothing but repetition
 */
export async function* writeArchive(plan: ArchivePlan): AsyncGenerator<Uint8Array, void> {
  const zip = await loadZip();
  const stopped = new AbortController();
  const demand = new Demand();
  let fail: (error: unknown) => void = () => {};
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      fail = (error) => controller.error(error);
    },
  });
  const output = new zip.ZipWriter(writable, {
    // Sizes are not known beforehand: they stand behind the data and in the directory.
    dataDescriptor: true,
    signal: stopped.signal,
  });
  const filling = fill(output, plan, demand, stopped.signal).catch(fail);
  const reader = readable.getReader();
  const pieces = new Pieces(PIECE_BYTES);
  try {
    for (;;) {
      demand.start();
      const { done, value } = await reader.read();
      demand.stop();
      if (done) break;
      yield* pieces.add(value);
    }
    const rest = pieces.rest();
    if (rest !== undefined) yield rest;
  } finally {
    stopped.abort();
    await reader.cancel().catch(() => {});
    await filling;
  }
}

async function fill(
  zip: ZipWriter<unknown>,
  plan: ArchivePlan,
  demand: Demand,
  signal: AbortSignal,
): Promise<void> {
  const files: ArchivedFile[] = [];
  let unpackedBytes = 0;
  let packedBytes = 0;
  for await (const entry of plan.entries) {
    signal.throwIfAborted();
    const dense = isNearlyTooDense(unpackedBytes, packedBytes);
    const added = await add(zip, dense ? { ...entry, compress: false } : entry, demand);
    files.push(added.file);
    entry.onArchived?.(added.file);
    unpackedBytes += added.file.bytes;
    packedBytes += added.packedBytes;
    if (isTooDense(unpackedBytes, packedBytes)) {
      throw new FFStorageError(
        `${entry.name} repeats itself so much that a backup with it would be refused as a zip bomb.`,
        { code: 'io' },
      );
    }
  }
  const bytes = formatManifest(plan.manifest(files));
  await add(zip, { name: MANIFEST_NAME, content: once(bytes), compress: true }, demand);
  await zip.close();
}

async function add(
  zip: ZipWriter<unknown>,
  { name, content, compress }: ArchiveEntry,
  demand: Demand,
): Promise<{ readonly file: ArchivedFile; readonly packedBytes: number }> {
  checkName(name);
  const measured = new MeasuredContent(content, demand);
  try {
    const entry = await zip.add(name, measured.readable, compress ? {} : { level: 0 });
    const file = { name, bytes: measured.bytes, sha256: measured.sha256() };
    return { file, packedBytes: entry.compressedSize };
  } catch (error) {
    throw measured.failure === undefined ? error : measured.failure.error;
  } finally {
    await measured.end();
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
