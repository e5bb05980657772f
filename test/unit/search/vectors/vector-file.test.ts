import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VectorFormat } from '../../../../worker/search/vectors/vector-block.ts';
import { VectorFile, type OpenVectors } from '../../../../worker/search/vectors/vector-file.ts';
import { createFaultyBackend } from '../../../support/faulty-backend.ts';
import {
  anyDimensions,
  anyPrecision,
  bytesOf,
  fileOf,
  formatOf,
  makeVectors,
  openVectors,
  scoresOf,
} from './support.ts';

const FORMAT = formatOf(5);
const QUERY = Float32Array.of(0.1, -0.4, 0.3, 0.8, -0.2);
const DOCUMENTS = [3, 0, 4, 1, 7, 2, 5];
const DOCUMENT_COUNT = 8;

interface Fixture {
  readonly format: VectorFormat;
  readonly bytes: Uint8Array;
  /** Where the blocks end, the first number being the end of the header. */
  readonly ends: readonly number[];
  /** The documents of each block. */
  readonly blocks: readonly (readonly number[])[];
  readonly scores: Float32Array;
}

/** A file of three blocks. */
async function makeFixture(format: VectorFormat): Promise<Fixture> {
  const open = await openVectors(format);
  const values = makeVectors(1, DOCUMENTS.length, format.dimensions);
  const ends = [open.vectors.size];
  const blocks = [DOCUMENTS.slice(0, 3), DOCUMENTS.slice(3, 5), DOCUMENTS.slice(5)];
  let start = 0;
  for (const block of blocks) {
    const end = start + block.length;
    const { dimensions } = format;
    open.vectors.append(open.file, block, values.subarray(start * dimensions, end * dimensions));
    ends.push(open.vectors.size);
    start = end;
  }
  const scores = scoresOf(open, QUERY, DOCUMENT_COUNT);
  return { format, bytes: bytesOf(open.file), ends, blocks, scores };
}

/** Embeds what is missing of the fixture's documents again. */
function complete({ vectors, file }: OpenVectors): void {
  const { dimensions } = vectors.format;
  const values = makeVectors(1, DOCUMENTS.length, dimensions);
  for (const document of [...vectors.missing(DOCUMENT_COUNT)]) {
    const index = DOCUMENTS.indexOf(document);
    if (index === -1) continue;
    const start = index * dimensions;
    vectors.append(file, [document], values.subarray(start, start + dimensions));
  }
}

/** Every document has the score it should have, or none at all; gives those that have one. */
function expectNoWrongScore(open: OpenVectors, { scores }: Fixture): number[] {
  const found = scoresOf(open, QUERY, DOCUMENT_COUNT);
  const there = DOCUMENTS.filter((document) => open.vectors.has(document));
  for (let document = 0; document < DOCUMENT_COUNT; document++) {
    expect(found[document]).toBe(there.includes(document) ? scores[document] : NaN);
  }
  expect(open.vectors.count).toBe(there.length);
  return there;
}

/** The documents of the blocks that are wholly before `end`. */
function documentsBefore({ ends, blocks }: Fixture, end: number): number[] {
  return blocks.flatMap((documents, index) => ((ends[index + 1] ?? 0) <= end ? documents : []));
}

describe('VectorFile', () => {
  it('knows after an opening which documents have a vector', async () => {
    const { bytes, scores } = await makeFixture(FORMAT);
    const { vectors, file } = await openVectors(FORMAT, bytes);
    expect(vectors.count).toBe(7);
    expect(vectors.has(7)).toBe(true);
    expect(vectors.has(6)).toBe(false);
    expect(vectors.has(1_000_000)).toBe(false);
    expect([...vectors.missing(10)]).toEqual([6, 8, 9]);
    expect([...vectors.missing(3)]).toEqual([]);
    expect(vectors.size).toBe(bytes.length);
    expect(scoresOf({ vectors, file }, QUERY, DOCUMENT_COUNT)).toEqual(scores);
  });

  it.each([
    ['another model', { ...FORMAT, stamp: 'model@2' }],
    ['a model of a longer name', { ...FORMAT, stamp: `${FORMAT.stamp} and more` }],
    ['other dimensions', { ...FORMAT, dimensions: 6 }],
    ['another precision', { ...FORMAT, precision: 'float32' as const }],
  ])('begins anew for %s', async (_, format) => {
    const { bytes } = await makeFixture(FORMAT);
    const file = await fileOf(bytes);
    const vectors = VectorFile.open(file, format);
    expect(vectors.count).toBe(0);
    expect(file.size()).toBe(vectors.size);
    vectors.append(file, [1], makeVectors(2, 1, format.dimensions));
    expect(VectorFile.open(file, format).has(1)).toBe(true);
    expect(VectorFile.open(file, FORMAT).count).toBe(0);
  });

  it.each([formatOf(5), formatOf(5, 'float32')])(
    'loses the torn block and no other, wherever it is cut: $precision',
    async (format) => {
      const fixture = await makeFixture(format);
      for (let length = 0; length <= fixture.bytes.length; length++) {
        const open = await openVectors(format, fixture.bytes.subarray(0, length));
        const kept = documentsBefore(fixture, length);
        expect(expectNoWrongScore(open, fixture)).toEqual(kept);
        expect(open.file.size()).toBeLessThanOrEqual(open.vectors.size);
        complete(open);
        expect(expectNoWrongScore(open, fixture)).toHaveLength(DOCUMENTS.length);
        const again = { file: open.file, vectors: VectorFile.open(open.file, format) };
        expect(expectNoWrongScore(again, fixture)).toHaveLength(DOCUMENTS.length);
      }
    },
  );

  it.each([formatOf(5), formatOf(5, 'float32')])(
    'gives no wrong score, whichever byte is damaged: $precision',
    async (format) => {
      const fixture = await makeFixture(format);
      for (let at = 0; at < fixture.bytes.length; at++) {
        const bytes = fixture.bytes.slice();
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
        const open = await openVectors(format, bytes);
        const inHeader = at < (fixture.ends[0] ?? 0);
        const there = expectNoWrongScore(open, fixture);
        const before = inHeader ? [] : documentsBefore(fixture, at);
        expect(there.slice(0, before.length)).toEqual(before);
        expect(there.length).toBeLessThan(DOCUMENTS.length);
        complete(open);
        expect(expectNoWrongScore(open, fixture)).toHaveLength(DOCUMENTS.length);
        const again = { file: open.file, vectors: VectorFile.open(open.file, format) };
        expect(expectNoWrongScore(again, fixture)).toHaveLength(DOCUMENTS.length);
      }
    },
  );

  it('keeps the blocks around damaged rows', async () => {
    const fixture = await makeFixture(FORMAT);
    const bytes = fixture.bytes.slice();
    const lastByteOfSecond = (fixture.ends[2] ?? 0) - 1;
    bytes[lastByteOfSecond] = (bytes[lastByteOfSecond] ?? 0) ^ 1;
    const open = await openVectors(FORMAT, bytes);
    expect(expectNoWrongScore(open, fixture)).toEqual([3, 0, 4, 2, 5]);
    expect([...open.vectors.missing(DOCUMENT_COUNT)]).toEqual([1, 6, 7]);
  });

  it('does not take blocks that an earlier file left behind', async () => {
    const other = { ...FORMAT, stamp: 'model@0' };
    const [mine, theirs] = [await makeFixture(FORMAT), await makeFixture(other)];
    const bytes = mine.bytes.slice();
    const second = mine.ends[1] ?? 0;
    bytes.set(theirs.bytes.subarray(second), second);
    const { vectors } = await openVectors(FORMAT, bytes);
    expect(vectors.count).toBe(3);
  });

  it('adds nothing of a block that could not be written', async () => {
    const disk = createFaultyBackend();
    const file = await disk.open('vectors', { create: true });
    if (file === null) throw new Error('It was to be created.');
    const vectors = VectorFile.open(file, FORMAT);
    vectors.append(file, [0, 1, 2], makeVectors(1, 3, 5));
    disk.failOnce('write');
    expect(() => vectors.append(file, [3, 4], makeVectors(2, 2, 5))).toThrow('write');
    expect([...vectors.missing(5)]).toEqual([3, 4]);
    vectors.append(file, [4], makeVectors(3, 1, 5));
    const again = VectorFile.open(file, FORMAT);
    expect([...again.missing(5)]).toEqual([3]);
    expect(scoresOf({ vectors: again, file }, QUERY, 5)).toEqual(
      scoresOf({ vectors, file }, QUERY, 5),
    );
  });

  it('fills its pages, however small the batches are', async () => {
    const { vectors, file } = await openVectors(formatOf(1000));
    for (let batch = 0; batch < 30; batch++) {
      const documents = Array.from({ length: 37 }, (_, index) => batch * 37 + index);
      vectors.append(file, documents, makeVectors(batch, 37, 1000));
    }
    // A page takes 260 rows.
    expect(vectors.table.pages.map(({ length }) => length > 0.9 * 0x4_0000)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(vectors.count).toBe(30 * 37);
  });

  it('refuses what cannot be', async () => {
    const { vectors, file } = await openVectors(FORMAT);
    expect(() => vectors.append(file, [1, 2], new Float32Array(9))).toThrow(RangeError);
    for (const dimensions of [0, 4097, 1.5, NaN]) {
      expect(() => VectorFile.open(file, formatOf(dimensions))).toThrow(RangeError);
    }
    const other = await openVectors(formatOf(5, 'float32'));
    expect(() => [...vectors.copyRows(file, other, [])]).toThrow(RangeError);
    expect(() => scoresOf({ vectors, file }, new Float32Array(4), 1)).toThrow(RangeError);
  });
});

describe('copyRows', () => {
  it('gives documents the scores they had under their old numbers', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDimensions,
        anyPrecision,
        fc.array(fc.array(fc.nat(60), { minLength: 1, maxLength: 25 }), { maxLength: 5 }),
        fc.uniqueArray(fc.nat(80), { minLength: 61, maxLength: 61 }),
        fc.array(fc.boolean(), { minLength: 61, maxLength: 61 }),
        async (dimensions, precision, batches, permutation, isKept) => {
          const format = formatOf(dimensions, precision);
          const from = await openVectors(format);
          for (const [seed, documents] of batches.entries()) {
            from.vectors.append(
              from.file,
              documents,
              makeVectors(seed, documents.length, dimensions),
            );
          }
          const to = await openVectors(format);
          to.vectors.append(to.file, [100], makeVectors(99, 1, dimensions));
          const newDocuments = permutation.map((number, index) => (isKept[index] ? number : -1));
          for (const _ of to.vectors.copyRows(to.file, from, newDocuments));

          const query = makeVectors(7, 1, dimensions).map((value) => value + 0.01);
          const before = scoresOf(from, query, 61);
          const expected = new Float32Array(100).fill(NaN);
          for (const [document, number] of newDocuments.entries()) {
            if (number >= 0) expected[number] = before[document] ?? NaN;
          }
          const again = { file: to.file, vectors: VectorFile.open(to.file, format) };
          for (const open of [to, again]) {
            expect(scoresOf(open, query, 100)).toEqual(expected);
            expect(open.vectors.has(100)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves damaged rows out, and goes page by page', async () => {
    const format = formatOf(4096, 'float32');
    const from = await openVectors(format);
    from.vectors.append(
      from.file,
      Array.from({ length: 40 }, (_, i) => i),
      makeVectors(1, 40, 4096),
    );
    const bytes = bytesOf(from.file);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    const damaged = await openVectors(format, bytes);
    const to = await openVectors(format);
    const steps = to.vectors.copyRows(
      to.file,
      damaged,
      Array.from({ length: 40 }, (_, i) => i),
    );
    expect([...steps]).toHaveLength(3);
    // 15 rows to a page.
    expect([...to.vectors.missing(40)]).toEqual(Array.from({ length: 10 }, (_, i) => 30 + i));
  });
});
