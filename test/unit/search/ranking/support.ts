import fc from 'fast-check';
import type { ParsedQuery } from '../../../../worker/search/analysis/query.ts';
import type { RankedPart } from '../../../../worker/search/ranking/types.ts';
import { senderTerm } from '../../../../worker/search/ranking/senders.ts';
import { type NaiveDocument, NaiveSegment } from '../../../support/naive-segment.ts';

export const EXACT = { prefix: false, typoTolerance: 0 };

/** A query of words as they stand, none of them with variants. */
export function queryOf(...terms: readonly string[]): ParsedQuery {
  return {
    terms: terms.map((term) => ({ term, prefix: false, typos: 0, quoted: false })),
    phrases: [],
  };
}

export interface NaivePart extends RankedPart {
  readonly segment: NaiveSegment;
}

export interface PartOptions {
  readonly type?: RankedPart['type'];
  readonly dead?: ReadonlySet<number>;
  readonly refused?: ReadonlySet<number>;
}

export function partOf(
  documents: readonly NaiveDocument[],
  { type = 'message', dead = new Set(), refused = new Set() }: PartOptions = {},
): NaivePart {
  return {
    segment: new NaiveSegment(documents),
    type,
    isLive: (document) => !dead.has(document),
    accepts: (document) => !refused.has(document),
  };
}

/** Messages of one session, in their order: `sender: some words`. */
export function conversation(...lines: readonly string[]): NaiveDocument[] {
  return lines.map((line, number) => {
    const [sender = '', text = ''] = line.split(': ');
    const words = text.split(' ');
    const gap = Array.from({ length: 100 }, () => null);
    return {
      ownerKey: 'session',
      number,
      time: number,
      terms: [...words, ...gap, sender, senderTerm(sender)],
    };
  });
}

const VOCABULARY = ['tea', 'cup', 'rain', 'cat', '__proto__'];
const SENDERS = ['ann', 'bob'];

export const anyTerm = fc.constantFrom(...VOCABULARY, ...SENDERS);

const anyDocument = fc.record({
  ownerKey: fc.constantFrom('a', 'b'),
  number: fc.nat(12),
  terms: fc
    .tuple(
      fc.array(fc.option(fc.constantFrom(...VOCABULARY, ...SENDERS)), { maxLength: 8 }),
      fc.option(fc.constantFrom(...SENDERS)),
    )
    .map(([terms, sender]) => (sender === null ? terms : [...terms, sender, senderTerm(sender)])),
  time: fc.nat(3),
});

/** Parts of any documents, some of which are dead or filtered out. */
export const anyParts: fc.Arbitrary<NaivePart[]> = fc.array(
  fc
    .tuple(
      fc.uniqueArray(anyDocument, {
        maxLength: 12,
        selector: ({ ownerKey, number }) => `${ownerKey}/${number}`,
      }),
      fc.constantFrom('message' as const, 'document' as const),
      fc.array(fc.nat(11), { maxLength: 4 }),
      fc.array(fc.nat(11), { maxLength: 4 }),
    )
    .map(([documents, type, dead, refused]) =>
      partOf(documents, { type, dead: new Set(dead), refused: new Set(refused) }),
    ),
  { minLength: 1, maxLength: 3 },
);

export const anyQuery = fc.uniqueArray(anyTerm, { maxLength: 4 }).map((terms) => queryOf(...terms));

/** For each part a number for each document, or `NaN`. */
export function anyCosines(parts: readonly NaivePart[]): fc.Arbitrary<Float32Array[]> {
  // Odd multiples of a power of two: no sum of weighted ones is 0, or nearly so.
  const anyCosine = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -32, max: 31 }).map((step) => (2 * step + 1) / 64) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
  return fc
    .tuple(
      ...parts.map(({ segment: { documentCount } }) =>
        fc.array(anyCosine, { minLength: documentCount, maxLength: documentCount }),
      ),
    )
    .map((cosines) => cosines.map((ofPart) => Float32Array.from(ofPart)));
}

/** A document of one part that lies near another one of it. */
export interface Neighbour {
  readonly document: number;
  /** Positive when it comes after. */
  readonly distance: number;
}

/** The live documents of the same owner that are at most `reach` numbers away, itself excluded. */
export function neighboursOf(part: NaivePart, document: number, reach: number): Neighbour[] {
  const { documents } = part.segment;
  const self = documents[document];
  return [...documents.entries()]
    .filter(([other, { ownerKey }]) => ownerKey === self?.ownerKey && part.isLive(other))
    .map(([other, { number }]) => ({ document: other, distance: number - (self?.number ?? 0) }))
    .filter(({ distance }) => distance !== 0 && Math.abs(distance) <= reach);
}
