import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJavaScriptKernel } from '../../../../worker/search/vectors/javascript-kernel.ts';
import { VectorFile } from '../../../../worker/search/vectors/vector-file.ts';
import { VectorMemory } from '../../../../worker/search/vectors/vector-memory.ts';
import {
  anyDimensions,
  anyPrecision,
  formatOf,
  makeVectors,
  openVectors,
  scoresOf,
  wasmKernel,
} from './support.ts';

const DOCUMENT_COUNT = 40;

/** The memories of every kind, which have to answer alike. They are used for many files in turn. */
const memories = [
  new VectorMemory({ kernel: wasmKernel() }),
  new VectorMemory({ kernel: createJavaScriptKernel() }),
  new VectorMemory({ kernel: wasmKernel(), budgetBytes: 0 }),
  new VectorMemory({ kernel: createJavaScriptKernel(), budgetBytes: 0x4_0000 }),
];

/** Additions of vectors, to documents that may have one, and openings. */
const anyScript = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.nat(DOCUMENT_COUNT - 1), { maxLength: 30 }) },
    { weight: 1, arbitrary: fc.constant('open' as const) },
  ),
  { maxLength: 6 },
);

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    dot += value * other;
    aa += value * value;
    bb += other * other;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

/** How far rounding to 127 steps of the largest value can move a vector of length 1. */
function roundingError(vector: Float32Array): number {
  const [largest, length] = [Math.max(...vector.map(Math.abs)), Math.hypot(...vector)];
  return length === 0 ? 0 : ((largest / length) * Math.sqrt(vector.length)) / 127;
}

describe('scoreVectors', () => {
  it('gives the cosine of the newest vector of each document', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDimensions,
        anyPrecision,
        anyScript,
        fc.option(fc.array(fc.nat(DOCUMENT_COUNT + 10)), { nil: undefined }),
        fc.nat(),
        async (dimensions, precision, script, wanted, seed) => {
          const format = formatOf(dimensions, precision);
          let { vectors, file } = await openVectors(format);
          const newest = new Map<number, Float32Array>();
          for (const [step, action] of script.entries()) {
            if (action === 'open') {
              vectors = VectorFile.open(file, format);
              continue;
            }
            const values = makeVectors(seed + step, action.length, dimensions);
            vectors.append(file, action, values);
            for (const [index, document] of action.entries()) {
              newest.set(document, values.slice(index * dimensions, (index + 1) * dimensions));
            }
            // Between additions, so that pages that grow are met.
            const some = makeVectors(step, 1, dimensions);
            for (const memory of memories) scoresOf({ vectors, file }, some, 5, { memory });
          }
          const query = makeVectors(seed + 1000, 1, dimensions);
          const options = wanted === undefined ? {} : { wanted };
          const [scores, ...others] = memories.map((memory) =>
            scoresOf({ vectors, file }, query, DOCUMENT_COUNT, { memory, ...options }),
          );
          for (const same of others) expect(same).toEqual(scores);
          const isRight = (score: number, document: number): boolean => {
            const vector = newest.get(document);
            if (vector === undefined || wanted?.includes(document) === false) {
              return Number.isNaN(score);
            }
            // A query is rounded too, if much finer.
            const error = roundingError(vector) + roundingError(query) / 30;
            const tolerance = 1e-5 + (precision === 'int8' ? error : 0);
            return Math.abs(score - cosine(vector, query)) <= tolerance;
          };
          const wrong = Array.from(scores ?? [], (score, document) => ({ document, score })).filter(
            ({ document, score }) => !isRight(score, document),
          );
          expect(wrong).toEqual([]);
          expect(scores).toHaveLength(DOCUMENT_COUNT);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(['int8', 'float32'] as const)(
    'has room for the results of the largest blocks: %s',
    async (precision) => {
      const format = formatOf(1, precision);
      const { vectors, file } = await openVectors(format);
      const count = 30_000;
      const documents = Array.from({ length: count }, (_, index) => count - 1 - index);
      const values = new Float32Array(count).map((_, index) => (index % 3) - 1);
      vectors.append(file, documents, values);
      const again = VectorFile.open(file, format);
      const isWanted = (document: number): boolean => document % 7 !== 0;
      for (const memory of memories) {
        const scores = scoresOf({ vectors: again, file }, Float32Array.of(-2), count, {
          memory,
          wanted: documents.filter(isWanted),
        });
        const wrong = documents.filter((document, index) => {
          const score = scores[document] ?? 0;
          return isWanted(document)
            ? !(Math.abs(score + (values[index] ?? 0)) <= 1e-6)
            : !Number.isNaN(score);
        });
        expect(wrong).toEqual([]);
      }
    },
  );

  it('finds nothing similar to a query without a direction', async () => {
    for (const precision of ['int8', 'float32'] as const) {
      const open = await openVectors(formatOf(4, precision));
      open.vectors.append(open.file, [0, 2], Float32Array.of(1, 2, 3, 4, NaN, 0, 0, 1));
      for (const query of [new Float32Array(4), Float32Array.of(1, Infinity, 0, 0)]) {
        expect([...scoresOf(open, query, 3)]).toEqual([0, NaN, 0]);
      }
      const [first, , third] = scoresOf(open, Float32Array.of(1, 2, 3, 4), 3);
      expect(first).toBeCloseTo(1, 3);
      expect(third).toBe(0);
    }
  });

  it('forgets the query before', async () => {
    const memory = new VectorMemory();
    const open = await openVectors(formatOf(3, 'float32'));
    open.vectors.append(open.file, [0], Float32Array.of(0, 0, 1));
    // Rounded to int16 these are the bits of NaN.
    scoresOf(await openVectors(formatOf(64)), new Float32Array(64).fill(1), 1, { memory });
    expect([...scoresOf(open, Float32Array.of(0, 0, 2), 1, { memory })]).toEqual([1]);
  });

  it('leaves documents beyond the end out', async () => {
    const open = await openVectors(formatOf(2));
    open.vectors.append(open.file, [0, 9], Float32Array.of(1, 0, 0, 1));
    expect([...scoresOf(open, Float32Array.of(0, 1), 2)]).toEqual([0, NaN]);
    expect(scoresOf(open, Float32Array.of(0, 1), 2, { wanted: [9] })).toEqual(
      new Float32Array(2).fill(NaN),
    );
  });
});
