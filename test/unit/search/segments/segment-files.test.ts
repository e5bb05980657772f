import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { BackendFile } from '../../../../worker/backend/backend.ts';
import {
  CheckedFile,
  CheckedFileWriter,
  DamagedIndexError,
} from '../../../../worker/search/segments/checked-file.ts';
import { mergeSegments } from '../../../../worker/search/segments/merge.ts';
import { Segment } from '../../../../worker/search/segments/segment.ts';
import {
  bytesOf,
  expectedFacts,
  factsOf,
  manySamples,
  memorySegmentOf,
  oldDocuments,
  openEmptyFile,
  openFileWith,
} from './segment-facts.ts';

const options = { analyzer: 'test 1' };
const samples = manySamples(400);
const scope = { keys: ['session-0', 'session-1', 'session-2', 'session-3'], prefixes: ['w1'] };

let bytes: Uint8Array<ArrayBuffer>;
let samplesByDocument: number[];

beforeAll(async () => {
  const file = await openEmptyFile();
  samplesByDocument = oldDocuments(await memorySegmentOf(samples).write(file, options));
  bytes = bytesOf(file);
});

function allFacts(file: BackendFile): ReturnType<typeof factsOf> {
  return factsOf(Segment.open(file).reader(file), samplesByDocument, scope);
}

/** Bytes with some of them changed. */
function changed(changes: readonly { readonly at: number; readonly flip: number }[]): Uint8Array {
  const copy = bytes.slice();
  for (const { at, flip } of changes) copy[at] = (copy[at] ?? 0) ^ flip;
  return copy;
}

describe('the file of a segment', { timeout: 60_000 }, () => {
  it('has pages, so that what follows is about more than one', () => {
    expect(bytes.length).toBeGreaterThan(4_096);
  });

  it('answers the same whenever it is opened', async () => {
    expect(allFacts(await openFileWith(bytes))).toEqual(expectedFacts(samples, scope));
  });

  it('is found damaged when any byte has changed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const file = await openFileWith(changed([{ at, flip }]));
          expect(() => allFacts(file)).toThrow(DamagedIndexError);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is refused when anything behind its pages has changed', async () => {
    const { size } = CheckedFile.open(await openFileWith(bytes));
    expect(size).toBeLessThan(bytes.length - 100);
    for (let at = size; at < bytes.length; at++) {
      const file = await openFileWith(changed([{ at, flip: 1 << (at % 8) }]));
      expect(() => Segment.open(file), `byte ${at}`).toThrow(DamagedIndexError);
    }
  });

  it('answers from its sound pages when another is damaged', async () => {
    const file = await openFileWith(changed([{ at: 0, flip: 1 }]));
    const reader = Segment.open(file).reader(file);
    const first = [...reader.terms()][0] ?? '';
    expect(reader.frequencyOf(first)).toBeGreaterThan(0);
    expect(reader.numberOf(0)).toBeGreaterThanOrEqual(0);
    expect(() => reader.postings(first)).toThrow(DamagedIndexError);
    expect(() => reader.postings(first)).toThrow(DamagedIndexError);
  });

  it('is refused when it was cut, or something stands behind it', async () => {
    for (let length = 0; length < bytes.length; length += 7) {
      const file = await openFileWith(bytes.subarray(0, length));
      expect(() => Segment.open(file), `${length} bytes`).toThrow(DamagedIndexError);
    }
    const longer = await openFileWith(bytes);
    longer.write(new Uint8Array(1), bytes.length);
    expect(() => Segment.open(longer)).toThrow(DamagedIndexError);
  });

  it('is found damaged when it is cut while it is in use', async () => {
    const file = await openFileWith(bytes);
    const segment = Segment.open(file);
    file.truncate(100);
    expect(() => segment.reader(file).postings('w0')).toThrow(DamagedIndexError);
  });

  it('is refused when it has another format', async () => {
    const file = await openEmptyFile();
    new CheckedFileWriter(file).finish(new TextEncoder().encode('{"format":0}'));
    expect(() => Segment.open(file)).toThrow(DamagedIndexError);
  });
});

/** A file that refuses the write after so many, of which it keeps a half. */
function failingFile(file: BackendFile, writes: number): BackendFile {
  let left = writes;
  return {
    ...file,
    write: (data, at) => {
      if (left === 0) {
        file.write(data.subarray(0, data.length / 2), at);
        throw new Error('The process has ended.');
      }
      left -= 1;
      file.write(data, at);
    },
  };
}

interface Stopping {
  readonly signal?: AbortSignal;
  /** Asked of each document while its place is sought. */
  readonly isDead?: () => boolean;
}

/** The ways to a file. */
const writers: {
  readonly name: string;
  readonly write: (file: BackendFile, stopping?: Stopping) => Promise<unknown>;
}[] = [
  {
    name: 'MemorySegment.write',
    write: (file, stopping) =>
      memorySegmentOf(manySamples(9_000)).write(file, { ...options, ...stopping }),
  },
  {
    name: 'mergeSegments',
    write: async (file, { isDead = () => false, ...signal } = {}) => {
      const source = await openEmptyFile();
      await memorySegmentOf(manySamples(9_000)).write(source, options);
      const reader = Segment.open(source).reader(source);
      return mergeSegments([{ reader, isDead }], file, { ...options, ...signal });
    },
  },
];

/** How many documents a segment has; nothing when it cannot be opened. */
function countIn(file: BackendFile): number | undefined {
  try {
    return Segment.open(file).documentCount;
  } catch (error) {
    if (error instanceof DamagedIndexError) return undefined;
    throw error;
  }
}

describe.each(writers)('$name', { timeout: 60_000 }, ({ write }) => {
  it('leaves what cannot be opened when it ends at any write', async () => {
    let writes = 0;
    for (let isWhole = false; !isWhole; writes++) {
      // The bytes of an older segment must not make it whole.
      const file = await openFileWith(bytes);
      isWhole = await write(failingFile(file, writes)).then(
        () => true,
        () => false,
      );
      expect(countIn(file), `${writes} writes`).toBe(isWhole ? 9_000 : undefined);
    }
    expect(writes).toBeGreaterThan(3);
  });

  it('stops when it is told to', async () => {
    const file = await openFileWith(bytes);
    const stop = new AbortController();
    const reason = new Error('closing');
    const isDead = (): boolean => {
      stop.abort(reason);
      return false;
    };
    await expect(write(file, { signal: stop.signal, isDead })).rejects.toBe(reason);
    expect(() => Segment.open(file)).toThrow(DamagedIndexError);
  });

  it('lets other tasks in', async () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1));
    let tasks = 0;
    let isOver = false;
    const count = (): void => {
      tasks += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await write(await openEmptyFile());
    isOver = true;
    clock.mockRestore();
    expect(tasks).toBeGreaterThan(100);
  });

  it('flushes what it has written', async () => {
    const file = await openEmptyFile();
    let flushedSize = -1;
    const flush = async (): Promise<void> => void (flushedSize = file.size());
    await write({ ...file, flush });
    expect(flushedSize).toBe(file.size());
    expect(Segment.open(file).documentCount).toBe(9_000);
  });
});
