import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSegments } from '../../../../worker/search/segments/merge.ts';
import type { ReadableSegment } from '../../../../worker/search/segments/readable-segment.ts';
import { Segment } from '../../../../worker/search/segments/segment.ts';
import {
  anySamples,
  expectedFacts,
  factsOf,
  manySamples,
  memorySegmentOf,
  oldDocuments,
  openEmptyFile,
  type Sample,
} from './segment-facts.ts';

/** A segment and, for each of its documents, the sample that it came from. */
interface Built {
  readonly segment: ReadableSegment;
  readonly samplesByDocument: readonly number[];
}

const options = { analyzer: 'test 1' };

async function written(samples: readonly Sample[], isDead = deadIn(samples)): Promise<Built> {
  const file = await openEmptyFile();
  const numbers = await memorySegmentOf(samples).write(file, { ...options, isDead });
  return {
    segment: Segment.open(file).reader(file),
    samplesByDocument: oldDocuments(numbers),
  };
}

/** Writes every third sample, or so, to a segment of its own and then merges all. */
async function merged(samples: readonly Sample[]): Promise<Built> {
  const size = Math.max(1, Math.ceil(samples.length / 3));
  const parts: { file: Awaited<ReturnType<typeof openEmptyFile>>; samples: number[] }[] = [];
  for (let start = 0; start < samples.length; start += size) {
    const file = await openEmptyFile();
    const part = samples.slice(start, start + size);
    const numbers = await memorySegmentOf(part).write(file, options);
    parts.push({ file, samples: oldDocuments(numbers).map((old) => start + old) });
  }
  const file = await openEmptyFile();
  const numbers = await mergeSegments(
    parts.map((part) => ({
      reader: Segment.open(part.file).reader(part.file),
      isDead: (document) => samples[part.samples[document] ?? -1]?.isDead === true,
    })),
    file,
    options,
  );
  const samplesByDocument: number[] = [];
  for (const [part, { samples: partSamples }] of parts.entries()) {
    for (const [document, old] of oldDocuments(numbers[part] ?? new Int32Array(0)).entries()) {
      if (old !== undefined) samplesByDocument[document] = partSamples[old] ?? -1;
    }
  }
  return { segment: Segment.open(file).reader(file), samplesByDocument };
}

function deadIn(samples: readonly Sample[]): (document: number) => boolean {
  return (document) => samples[document]?.isDead === true;
}

const kinds: {
  readonly name: string;
  readonly hasDead: boolean;
  readonly build: (samples: readonly Sample[]) => Promise<Built>;
}[] = [
  {
    name: 'MemorySegment',
    hasDead: true,
    build: async (samples) => ({
      segment: memorySegmentOf(samples),
      samplesByDocument: [...samples.keys()],
    }),
  },
  { name: 'Segment', hasDead: false, build: written },
  { name: 'merged Segment', hasDead: false, build: merged },
];

describe.each(kinds)('$name', { timeout: 60_000 }, ({ hasDead, build }) => {
  it('answers as a list of all documents would', async () => {
    await fc.assert(
      fc.asyncProperty(anySamples, async (samples) => {
        const { segment, samplesByDocument } = await build(samples);
        expect(factsOf(segment, samplesByDocument)).toEqual(
          expectedFacts(samples, { dead: hasDead }),
        );
        for (const term of segment.terms()) {
          const documents = [...(segment.postings(term)?.documents ?? [])];
          expect(documents).toEqual(documents.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('finds its way among many documents and terms', async () => {
    const samples = manySamples(9_000);
    const { segment, samplesByDocument } = await build(samples);
    const alive = samples.flatMap((sample, index) =>
      hasDead || !sample.isDead ? [{ ...sample, index }] : [],
    );
    const positions = new Map<string, Map<number, number[]>>();
    for (const { tokens, index } of alive) {
      for (const { term, position } of tokens) {
        const bySample = positions.get(term) ?? new Map<number, number[]>();
        positions.set(term, bySample);
        bySample.set(index, [...(bySample.get(index) ?? []), position]);
      }
    }
    expect(segment.documentCount).toBe(alive.length);
    expect([...segment.terms()].sort()).toEqual([...positions.keys()].sort());
    for (const [term, bySample] of positions) {
      const postings = segment.postings(term);
      const found = new Map(
        Array.from(postings?.documents ?? [], (document, index) => [
          samplesByDocument[document],
          [...(postings?.positionsAt(index) ?? [])],
        ]),
      );
      expect(found).toEqual(bySample);
      expect(segment.frequencyOf(term)).toBe(bySample.size);
    }
    expect(segment.termsWithPrefix('w19').sort()).toEqual(
      [...positions.keys()].filter((term) => term.startsWith('w19')).sort(),
    );
    for (const [document, sample] of samplesByDocument.entries()) {
      const { key, number, role, time } = samples[sample]?.head ?? {};
      expect([
        segment.owners[segment.ownerOf(document)]?.key,
        segment.numberOf(document),
        segment.roleOf(document),
        segment.timeOf(document),
        segment.lengthOf(document),
        segment.find(key ?? '', number ?? -1),
      ]).toEqual([key, number, role, time, samples[sample]?.tokens.length, document]);
    }
  });

  it('can be empty', async () => {
    const { segment, samplesByDocument } = await build([]);
    expect(factsOf(segment, samplesByDocument)).toEqual(expectedFacts([]));
  });
});

describe('MemorySegment', { timeout: 60_000 }, () => {
  it('answers between any two additions', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const segment = memorySegmentOf([]);
        for (const [index, { head, tokens }] of samples.slice(0, 8).entries()) {
          expect(segment.add(head, tokens)).toBe(index);
          const added = samples.slice(0, index + 1);
          expect(factsOf(segment, [...added.keys()])).toEqual(expectedFacts(added));
        }
      }),
      { numRuns: 15 },
    );
  });

  it('knows roughly how much memory it takes', () => {
    const few = memorySegmentOf(manySamples(1_000)).bytes;
    const many = memorySegmentOf(manySamples(20_000)).bytes;
    expect(few).toBeGreaterThan(1_000 * 20);
    expect(many).toBeGreaterThan(few * 2);
    expect(many).toBeLessThan(20_000 * 500);
  });

  it.each([written, merged])('keeps the newest kind of file of an owner', async (build) => {
    const head = { key: 'file', role: 0, time: 0 };
    const { segment } = await build([
      { head: { ...head, number: 1, mimeType: 'text/plain' }, tokens: [], isDead: false },
      { head: { ...head, number: 0, mimeType: 'text/html' }, tokens: [], isDead: false },
    ]);
    expect(segment.owners).toEqual([{ key: 'file', mimeType: 'text/html' }]);
  });
});

describe('Segment', () => {
  it('is a fraction of its texts', async () => {
    const file = await openEmptyFile();
    await memorySegmentOf(manySamples(9_000)).write(file, options);
    const segment = Segment.open(file);
    expect(segment.size).toBe(file.size());
    expect(segment.analyzer).toBe('test 1');
    expect(segment.documentCount).toBe(9_000);
    // 6.5 tokens a document: 14 bytes of columns, and about 2.5 for each token.
    expect(segment.size / 9_000).toBeLessThan(34);
  });

  it('reads a term with two reads at most, and keeps some of the dictionary', async () => {
    const file = await openEmptyFile();
    // Blocks of 64 terms are about 128 kB each, of which two are kept.
    const terms = Array.from({ length: 320 }, (_, index) => `${1_000 + index}`.repeat(500));
    const head = { key: 'session', mimeType: '', role: 0, time: 0 };
    await memorySegmentOf(
      terms.map((term, number) => ({
        head: { ...head, number },
        tokens: [{ term, position: 7 }],
        isDead: false,
      })),
    ).write(file, options);
    let reads = 0;
    const read: typeof file.read = (into, at) => {
      reads += 1;
      return file.read(into, at);
    };
    const reader = Segment.open(file).reader({ ...file, read });
    const readsFor = (term: number): number => {
      reads = 0;
      const postings = reader.postings(terms[term] ?? '');
      expect([...(postings?.documents ?? [])]).toEqual([term]);
      expect(reader.frequencyOf(terms[term] ?? '')).toBe(1);
      return reads;
    };
    expect([0, 1, 70, 2, 140, 3, 71].map(readsFor)).toEqual([2, 1, 2, 1, 2, 1, 2]);
    reads = 0;
    expect([...(reader.postings(terms[71] ?? '')?.positionsAt(0) ?? [])]).toEqual([7]);
    expect(reads).toBe(2);
  });
});
