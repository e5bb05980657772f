import { FFStorageError } from '../../src/shared/errors.ts';
import { openArchive, type Archive } from '../archive/read.ts';
import type { CheckSource } from './source.ts';

/** More than any browser grants. */
const MAX_TOTAL_BYTES = 2 ** 40;

/** What came of reading an archive to its end. */
export interface CheckedArchive {
  readonly bytes: number;
  /** What it says of itself, where that can be read. */
  readonly manifest?: Archive['manifest'];
  /** What is wrong with it; absent when nothing is. */
  readonly fault?: string;
}

/**
 * Reads an archive against its checksums.
 *
 * @returns a generator of bytes read, which ends with `null` where there is no such file
 */
export async function* checkArchive(
  source: Pick<CheckSource, 'open'>,
  path: string,
): AsyncGenerator<number, CheckedArchive | null> {
  const file = await source.open(path);
  if (file === null) return null;
  const bytes = file.size();
  let archive: Archive | undefined;
  try {
    archive = await openArchive(
      { size: bytes, read: (into, at) => file.read(into, at) },
      { maxTotalBytes: MAX_TOTAL_BYTES },
    );
    yield* archive.verify();
    return { bytes, manifest: archive.manifest };
  } catch (error) {
    if (!(error instanceof FFStorageError)) throw error;
    const known = archive === undefined ? {} : { manifest: archive.manifest };
    return { bytes, ...known, fault: error.message };
  } finally {
    archive?.close();
    await file.close();
  }
}
