import fc from 'fast-check';
import type { BackendFile } from '../../../../worker/backend/backend.ts';
import { createMemoryBackend } from '../../../../worker/backend/memory.ts';
import { codeToLength, lengthToCode } from '../../../../worker/search/segments/document-length.ts';
import {
  MemorySegment,
  type EntryHead,
  type IndexToken,
} from '../../../../worker/search/segments/memory-segment.ts';
import type { ReadableSegment } from '../../../../worker/search/segments/readable-segment.ts';

/** A document to add, and whether it is dead when a file is written. */
export interface Sample {
  readonly head: EntryHead;
  readonly tokens: readonly IndexToken[];
  readonly isDead: boolean;
}

/** Few owners and numbers, so that they meet; the last two differ in their last unit only. */
const KEYS = ['b', '__proto__', 'session/é', 'a\ud83d\udc4b', 'a\ud83d\udc4c'];
const NUMBERS = 12;
const TERMS = ['a', 'ab', 'abc', 'b', '__proto__', 'constructor', '世界', '👋', '\ud83d', ''];

const anyTerm = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...TERMS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  { weight: 1, arbitrary: fc.nat(3).map((index) => 'long'.repeat(3_000 + index)) },
);

const anyTokens = fc
  .array(fc.tuple(anyTerm, fc.oneof(fc.nat(3), fc.nat(300))), { maxLength: 12 })
  .map((steps) => {
    let position = 0;
    return steps.map(([term, step]) => ({ term, position: (position += step) }));
  });

const anySample: fc.Arbitrary<Sample> = fc.record({
  head: fc
    .record({
      key: fc.constantFrom(...KEYS),
      number: fc.oneof(fc.nat(NUMBERS), fc.constant(0xffff_fffe)),
      role: fc.nat(255),
      time: fc.oneof(fc.nat(2e12), fc.double({ noNaN: true })),
    })
    .map((head) => ({ ...head, mimeType: head.key === 'b' ? 'text/plain' : '' })),
  tokens: fc.oneof(
    { weight: 9, arbitrary: anyTokens },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 100, max: 700 })
        .map((length) => Array.from({ length }, (_, position) => ({ term: 'a', position }))),
    },
  ),
  isDead: fc.boolean(),
});

export const anySamples = fc.array(anySample, { maxLength: 30 });

/** Reproducible samples that fill many blocks, slices and pages. */
export function manySamples(count: number): Sample[] {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, (_, index) => ({
    head: {
      key: `session-${random(4)}`,
      mimeType: '',
      number: index,
      role: index % 3,
      time: index * 1_000,
    },
    // Low words far more often than high ones.
    tokens: Array.from({ length: 1 + random(12) }, (__, position) => ({
      term: `w${random(1 + random(1 + random(2_000)))}`,
      position,
    })),
    isDead: random(5) === 0,
  }));
}

export function memorySegmentOf(samples: readonly Sample[]): MemorySegment {
  const segment = new MemorySegment();
  for (const { head, tokens } of samples) segment.add(head, tokens);
  return segment;
}

export async function openEmptyFile(): Promise<BackendFile> {
  const file = await createMemoryBackend().open('file', { create: true });
  if (file === null) throw new Error('The file was not made.');
  return file;
}

export async function openFileWith(bytes: Uint8Array): Promise<BackendFile> {
  const file = await openEmptyFile();
  file.write(bytes, 0);
  return file;
}

export function bytesOf(file: BackendFile): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  return bytes;
}

/**
 * Everything that a segment answers, with its documents named by their sample.
 *
 * @param samplesByDocument which sample each document of the segment came from
 */
export function factsOf(
  segment: ReadableSegment,
  samplesByDocument: readonly number[],
  { keys = KEYS, prefixes = TERMS }: { keys?: readonly string[]; prefixes?: string[] } = {},
) {
  const sampleOf = (document: number): number => samplesByDocument[document] ?? -1;
  const numbers = [...Array(NUMBERS + 2).keys(), 0xffff_fffe];
  const terms = [...segment.terms()].sort();
  return {
    documentCount: segment.documentCount,
    totalLength: segment.totalLength,
    owners: segment.owners.map(({ key, mimeType }) => `${key} ${mimeType}`).sort(),
    documents: samplesByDocument
      .map((sample, document) => ({
        sample,
        owner: segment.owners[segment.ownerOf(document)]?.key,
        number: segment.numberOf(document),
        role: segment.roleOf(document),
        time: segment.timeOf(document),
        length: segment.lengthOf(document),
        previous: sampleOf(segment.previous(document)),
        next: sampleOf(segment.next(document)),
      }))
      .sort((a, b) => a.sample - b.sample),
    owned: [...keys, 'missing'].map((key) =>
      [...segment.documentsOf(key)].map(sampleOf).sort((a, b) => a - b),
    ),
    found: [...keys, 'missing'].map((key) =>
      numbers.map((number) => sampleOf(segment.find(key, number))),
    ),
    terms: terms.map((term) => {
      const postings = segment.postings(term);
      const documents = Array.from(postings?.documents ?? [], (document, index) => ({
        sample: sampleOf(document),
        count: postings?.counts[index],
        positions: [...(postings?.positionsAt(index) ?? [])],
      })).sort((a, b) => a.sample - b.sample);
      return { term, frequency: segment.frequencyOf(term), documents };
    }),
    missing: [segment.frequencyOf('missing'), segment.postings('missing')],
    prefixes: [...prefixes, 'missing'].map((prefix) => segment.termsWithPrefix(prefix).sort()),
  };
}

/** What {@link factsOf} a segment with these samples must be, worked out by brute force. */
export function expectedFacts(
  samples: readonly Sample[],
  {
    keys = KEYS,
    prefixes = TERMS,
    dead = true,
  }: { keys?: readonly string[]; prefixes?: string[]; dead?: boolean } = {},
): ReturnType<typeof factsOf> {
  const numbers = [...Array(NUMBERS + 2).keys(), 0xffff_fffe];
  const all = samples
    .map(({ head, tokens, isDead }, sample) => ({ ...head, tokens, isDead, sample }))
    .filter(({ isDead }) => dead || !isDead);
  const terms = [...new Set(all.flatMap(({ tokens }) => tokens.map(({ term }) => term)))].sort();
  const lengthOf = (tokens: readonly IndexToken[]) => codeToLength(lengthToCode(tokens.length));
  /** The last of those with the lowest or highest number. */
  const nearest = (found: typeof all, choose: (...values: number[]) => number): number => {
    const number = choose(...found.map((each) => each.number));
    return found.findLast((each) => each.number === number)?.sample ?? -1;
  };
  return {
    documentCount: all.length,
    totalLength: all.reduce((sum, { tokens }) => sum + lengthOf(tokens), 0),
    owners: [...new Set(all.map(({ key, mimeType }) => `${key} ${mimeType}`))].sort(),
    documents: all.map(({ sample, key, number, role, time, tokens }) => {
      const siblings = all.filter((other) => other.key === key);
      return {
        sample,
        owner: key,
        number,
        role,
        time,
        length: lengthOf(tokens),
        previous: nearest(
          siblings.filter((other) => other.number < number),
          Math.max,
        ),
        next: nearest(
          siblings.filter((other) => other.number > number),
          Math.min,
        ),
      };
    }),
    owned: [...keys, 'missing'].map((key) =>
      all.filter((each) => each.key === key).map(({ sample }) => sample),
    ),
    found: [...keys, 'missing'].map((key) =>
      numbers.map(
        (number) =>
          all.findLast((each) => each.key === key && each.number === number)?.sample ?? -1,
      ),
    ),
    terms: terms.map((term) => {
      const documents = all.flatMap(({ sample, tokens }) => {
        const positions = tokens
          .filter((token) => token.term === term)
          .map((token) => token.position);
        return positions.length === 0 ? [] : [{ sample, count: positions.length, positions }];
      });
      return { term, frequency: documents.length, documents };
    }),
    missing: [0, undefined],
    prefixes: [...prefixes, 'missing'].map((prefix) =>
      terms.filter((term) => term.startsWith(prefix)),
    ),
  };
}

/** Turns what a writer gives, new documents by old ones, around. */
export function oldDocuments(written: Int32Array): number[] {
  const old: number[] = [];
  written.forEach((document, index) => {
    if (document >= 0) old[document] = index;
  });
  return old;
}
