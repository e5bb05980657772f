import type { VectorFormat } from '../vectors/vector-block.ts';
import { VectorFile } from '../vectors/vector-file.ts';
import type { VectorMemory } from '../vectors/vector-memory.ts';
import type { EntryIndex } from './entry-index.ts';
import type { IndexFiles } from './index-files.ts';
import type { StoredSegment } from './stored-segment.ts';

/** The vectors of the segments of one index, all of one format. */
export class SegmentVectors {
  readonly format: VectorFormat;
  readonly #files: IndexFiles;
  readonly #memory: VectorMemory;
  readonly #vectorsBySegment = new Map<StoredSegment, VectorFile>();

  private constructor(format: VectorFormat, files: IndexFiles, memory: VectorMemory) {
    this.format = format;
    this.#files = files;
    this.#memory = memory;
  }

  /** Opens what there is; vectors of another format are emptied. */
  static async open(
    entries: EntryIndex,
    format: VectorFormat,
    memory: VectorMemory,
  ): Promise<SegmentVectors> {
    const vectors = new SegmentVectors(format, entries.files, memory);
    for (const segment of entries.segments) await vectors.openFor(segment);
    return vectors;
  }

  /** Documents that have a vector, of all segments. */
  get count(): number {
    let sum = 0;
    for (const { count } of this.#vectorsBySegment.values()) sum += count;
    return sum;
  }

  /** Opens, or makes, the vectors of a segment. */
  async openFor(segment: StoredSegment): Promise<VectorFile> {
    const known = this.#vectorsBySegment.get(segment);
    if (known !== undefined) return known;
    const vectors = await this.#files.useCreating(vectorsFile(segment), (file) =>
      VectorFile.open(file, this.format),
    );
    this.#vectorsBySegment.set(segment, vectors);
    return vectors;
  }

  of(segment: StoredSegment): VectorFile | undefined {
    return this.#vectorsBySegment.get(segment);
  }

  /** Adds vectors of documents of a segment. */
  async append(
    segment: StoredSegment,
    documents: readonly number[],
    vectors: Float32Array,
  ): Promise<void> {
    const target = await this.openFor(segment);
    await this.#files.useCreating(vectorsFile(segment), (file) =>
      target.append(file, documents, vectors),
    );
  }

  /** Lets go of the vectors of a segment that is gone. */
  release(segment: StoredSegment): void {
    const vectors = this.#vectorsBySegment.get(segment);
    if (vectors !== undefined) this.#memory.release(vectors);
    this.#vectorsBySegment.delete(segment);
  }

  /** Lets go of all of them. */
  close(): void {
    for (const segment of [...this.#vectorsBySegment.keys()]) this.release(segment);
  }
}

export function vectorsFile({ number }: { readonly number: number }): string {
  return `${number}.vectors`;
}
