import { ENTRY_TYPES } from '../entry.ts';
import { mergeSegments } from '../segments/merge.ts';
import { runInSlices } from '../segments/slices.ts';
import type { EntryIndex } from './entry-index.ts';
import { chooseMerge } from './merge-policy.ts';
import { vectorsFile, type SegmentVectors } from './segment-vectors.ts';
import { segmentFile, StoredSegment } from './stored-segment.ts';

/** How a merge goes about it. */
export interface MergeOptions {
  /** The vectors to take along; what has none yet gets them later. */
  readonly vectors: SegmentVectors | undefined;
  readonly signal: AbortSignal;
}

/**
 * Makes one segment of several, if there is reason to, beside reads and changes of the index.
 *
 * @returns whether it did
 */
export async function mergeOnce(entries: EntryIndex, options: MergeOptions): Promise<boolean> {
  for (const type of ENTRY_TYPES) {
    const sources = chooseMerge(entries.sets[type].segments);
    if (sources.length === 0) continue;
    await merge(entries, sources, options);
    return true;
  }
  return false;
}

/** Makes one segment of all that there are of each type, without what does not count any more. */
export async function mergeAll(entries: EntryIndex, options: MergeOptions): Promise<void> {
  for (const type of ENTRY_TYPES) {
    const sources = entries.sets[type].segments;
    const [only, ...others] = sources;
    const isCompact = others.length === 0 && only?.liveCount === only?.documentCount;
    if (!isCompact) await merge(entries, sources, options);
  }
}

async function merge(
  entries: EntryIndex,
  sources: readonly StoredSegment[],
  { vectors, signal }: MergeOptions,
): Promise<void> {
  const { files, analyzer } = entries;
  const number = entries.takeNumber();
  const name = segmentFile(number);
  const [first] = sources;
  if (first === undefined) return;
  const set = entries.sets[first.type];
  try {
    let merged: StoredSegment | undefined;
    const documents = await files.useAll(
      sources.map(({ fileName }) => fileName),
      (sourceFiles) =>
        files.useCreating(name, async (file) => {
          const numbers = await mergeSegments(
            sources.map((source, index) => {
              const sourceFile = sourceFiles[index];
              if (sourceFile === undefined) throw new TypeError('a file for each source');
              const isDead = (document: number) => !source.isLive(document);
              return { reader: source.segment.reader(sourceFile), isDead };
            }),
            file,
            { analyzer: analyzer.stamp, signal },
          );
          const isEmpty = numbers.every((ofSource) => ofSource.every((to) => to === -1));
          if (!isEmpty) merged = StoredSegment.ofNew(number, first.type, file);
          return numbers;
        }),
    );
    // They are removed by nobody else.
    if (documents === null) throw new TypeError('A segment that is being merged is gone.');
    if (merged !== undefined && vectors !== undefined) {
      await copyVectors(entries, vectors, sources, documents, merged, signal);
    }
    // What dies from here on dies in both.
    for (const [index, source] of sources.entries()) {
      const numbers = documents[index];
      if (merged !== undefined && numbers !== undefined) source.replaceBy(merged, numbers);
    }
    set.replace(sources, merged);
    await entries.commitSegments();
    if (merged === undefined) await files.remove(name);
  } catch (error) {
    const isInUse = set.segments.some((segment) => segment.number === number);
    if (!isInUse) {
      await files.remove(name).catch(() => undefined);
      await files.remove(vectorsFile({ number })).catch(() => undefined);
    }
    throw error;
  }
  for (const source of sources) {
    vectors?.release(source);
    await files.remove(source.fileName);
    await files.remove(vectorsFile(source));
  }
}

async function copyVectors(
  { files }: EntryIndex,
  vectors: SegmentVectors,
  sources: readonly StoredSegment[],
  documents: readonly Int32Array[],
  merged: StoredSegment,
  signal: AbortSignal,
): Promise<void> {
  const target = await vectors.openFor(merged);
  for (const [index, source] of sources.entries()) {
    const from = vectors.of(source);
    const numbers = documents[index];
    if (from === undefined || numbers === undefined) continue;
    await files.use(vectorsFile(source), (fromFile) =>
      files.useCreating(vectorsFile(merged), (file) =>
        runInSlices(target.copyRows(file, { vectors: from, file: fromFile }, numbers), signal),
      ),
    );
  }
  // Before the only other copy goes.
  await files.useCreating(vectorsFile(merged), (file) => file.flush());
}
