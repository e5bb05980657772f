import { describe, expect, it } from 'vitest';
import { createMemoryBackend } from '../../../../worker/backend/memory.ts';
import { createJavaScriptKernel } from '../../../../worker/search/vectors/javascript-kernel.ts';
import { VectorFile, type OpenVectors } from '../../../../worker/search/vectors/vector-file.ts';
import { VectorMemory } from '../../../../worker/search/vectors/vector-memory.ts';
import { createFaultyBackend } from '../../../support/faulty-backend.ts';
import { createMeteredBackend } from '../../../support/metered-backend.ts';
import { formatOf, makeVectors, scoresOf, wasmKernel } from './support.ts';

const PAGE_BYTES = 0x4_0000;
/** 15 rows fill a page. */
const FORMAT = formatOf(4096, 'float32');
const PAGE_ROWS = 15;
const QUERY = makeVectors(1, 1, 4096);

/** A disk whose reads are counted, with a file of so many pages for each number. */
async function makeFiles(...pageCounts: readonly number[]): Promise<{
  readonly files: OpenVectors[];
  /** Scores of all files, and pages that were read for each of them. */
  scan(
    memory: VectorMemory,
    ...indexes: readonly number[]
  ): {
    readonly scores: Float32Array[];
    readonly pagesRead: number[];
  };
}> {
  const backend = createMeteredBackend(createMemoryBackend());
  const files: OpenVectors[] = [];
  for (const [index, pageCount] of pageCounts.entries()) {
    const file = await backend.open(`${index}.vectors`, { create: true });
    if (file === null) throw new Error('It was to be created.');
    const vectors = VectorFile.open(file, FORMAT);
    const count = pageCount * PAGE_ROWS;
    vectors.append(
      file,
      Array.from({ length: count }, (_, document) => document),
      makeVectors(index, count, 4096),
    );
    expect(vectors.table.pages).toHaveLength(pageCount);
    files.push({ vectors, file });
  }
  return {
    files,
    scan: (memory, ...indexes) => {
      const scores: Float32Array[] = [];
      const pagesRead: number[] = [];
      for (const index of indexes) {
        const open = files[index];
        if (open === undefined) throw new RangeError(`There is no file ${index}.`);
        backend.reset();
        scores.push(scoresOf(open, QUERY, open.vectors.count, { memory }));
        pagesRead.push(backend.meter().reads);
      }
      return { scores, pagesRead };
    },
  };
}

describe('VectorMemory', () => {
  it('reads every page once while it has room', async () => {
    const { scan } = await makeFiles(3, 2);
    const memory = new VectorMemory({ budgetBytes: 5 * PAGE_BYTES });
    const first = scan(memory, 0, 1);
    expect(first.pagesRead).toEqual([3, 2]);
    const second = scan(memory, 0, 1);
    expect(second.pagesRead).toEqual([0, 0]);
    expect(second.scores).toEqual(first.scores);
  });

  it('answers alike when it has not, and reads only what it has no room for', async () => {
    const { scan } = await makeFiles(3, 4);
    const { scores } = scan(new VectorMemory(), 0, 1);
    for (const kernel of [wasmKernel(), createJavaScriptKernel()]) {
      const memory = new VectorMemory({ kernel, budgetBytes: 5.5 * PAGE_BYTES });
      expect(scan(memory, 0, 1)).toEqual({ scores, pagesRead: [3, 4] });
      // Five of seven stay.
      expect(scan(memory, 0, 1)).toEqual({ scores, pagesRead: [0, 2] });
      expect(scan(memory, 0, 1)).toEqual({ scores, pagesRead: [0, 2] });
      // In another order it has to settle first.
      scan(memory, 1, 0);
      scan(memory, 1, 0);
      const [second = 0, first = 0] = scan(memory, 1, 0).pagesRead;
      expect(first + second).toBe(2);
      expect(memory.byteLength).toBeLessThan(7 * PAGE_BYTES);
    }
  });

  it('gives the place of what nobody asks any more to what is asked', async () => {
    const { scan } = await makeFiles(2, 2, 2);
    const memory = new VectorMemory({ budgetBytes: 4 * PAGE_BYTES });
    scan(memory, 0, 1);
    expect(scan(memory, 1, 2, 1).pagesRead).toEqual([0, 2, 0]);
    // The second time that the last file is scanned, the first has been out of use for longer.
    expect(scan(memory, 2, 1).pagesRead).toEqual([2, 0]);
    expect(scan(memory, 2, 1).pagesRead).toEqual([0, 0]);
  });

  it('has room again for what was released', async () => {
    const { files, scan } = await makeFiles(2, 2);
    const memory = new VectorMemory({ budgetBytes: 2 * PAGE_BYTES });
    scan(memory, 0);
    for (const { vectors } of files) memory.release(vectors);
    const bytes = memory.byteLength;
    scan(memory, 1);
    expect(scan(memory, 1).pagesRead).toEqual([0]);
    expect(memory.byteLength).toBe(bytes);
  });

  it('reads no page of which no document is wanted', async () => {
    const { files, scan } = await makeFiles(4);
    const memory = new VectorMemory({ budgetBytes: 4 * PAGE_BYTES });
    const [open] = files;
    if (open === undefined) throw new Error('There is one.');
    const wanted = [PAGE_ROWS, 3 * PAGE_ROWS - 1, 1_000];
    const some = scoresOf(open, QUERY, open.vectors.count, { memory, wanted });
    const { scores, pagesRead } = scan(memory, 0);
    expect(pagesRead).toEqual([2]);
    expect(some).toEqual(
      scores[0]?.map((score, document) => (wanted.includes(document) ? score : NaN)),
    );
  });

  it('makes do with what the platform gives', async () => {
    const { scan } = await makeFiles(4);
    const { scores } = scan(new VectorMemory(), 0);
    const kernel = wasmKernel();
    const memory = new VectorMemory({
      kernel: {
        kind: kernel.kind,
        dotInt8: kernel.dotInt8,
        dotFloat32: kernel.dotFloat32,
        get buffer() {
          return kernel.buffer;
        },
        grow: (bytes) => {
          if (kernel.buffer.byteLength + bytes > 3 * PAGE_BYTES) throw new RangeError('no more');
          kernel.grow(bytes);
        },
      },
    });
    expect(scan(memory, 0).scores).toEqual(scores);
    expect(scan(memory, 0)).toEqual({ scores, pagesRead: [3] });
  });

  it('does not take what it read before for the end that a file has lost', async () => {
    const { files } = await makeFiles(1);
    const [open] = files;
    if (open === undefined) throw new Error('There is one.');
    const memory = new VectorMemory({ budgetBytes: 0 });
    const before = scoresOf(open, QUERY, PAGE_ROWS, { memory });
    open.file.truncate(open.vectors.size - 16_384);
    const after = scoresOf(open, QUERY, PAGE_ROWS, { memory });
    expect(after).toEqual(before.with(PAGE_ROWS - 1, 0));
    expect(after).not.toEqual(before);
  });

  it('takes no harm from a read that fails', async () => {
    const disk = createFaultyBackend();
    const file = await disk.open('vectors', { create: true });
    if (file === null) throw new Error('It was to be created.');
    const vectors = VectorFile.open(file, FORMAT);
    vectors.append(file, [0, 1], makeVectors(1, 2, 4096));
    const memory = new VectorMemory({ budgetBytes: PAGE_BYTES });
    disk.failOnce('read');
    expect(() => scoresOf({ vectors, file }, QUERY, 2, { memory })).toThrow('read');
    const scores = scoresOf({ vectors, file }, QUERY, 2, { memory });
    expect(scores).toEqual(scoresOf({ vectors, file }, QUERY, 2));
    disk.failOnce('read');
    // It is in memory now.
    expect(scoresOf({ vectors, file }, QUERY, 2, { memory })).toEqual(scores);
  });
});
