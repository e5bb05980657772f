import { expect } from 'vitest';
import type { ParsedQuery } from '../../../../worker/search/analysis/query.ts';
import { senderTerm } from '../../../../worker/search/ranking/senders.ts';
import type { ScoredDocument } from '../../../../worker/search/ranking/types.ts';
import { type NaivePart, neighboursOf } from './support.ts';

/** BM25 by the book, over plain arrays; each term counts where it counts most. */
export function naiveTextScore(
  parts: readonly NaivePart[],
  query: ParsedQuery,
  part: NaivePart,
  document: number,
): number {
  const all = parts.flatMap(({ segment }) => segment.documents);
  const ofType = parts.filter(({ type }) => type === part.type).map(({ segment }) => segment);
  const averageLength = Math.max(
    1,
    ofType.reduce((sum, { totalLength }) => sum + totalLength, 0) /
      ofType.reduce((sum, { documentCount }) => sum + documentCount, 0),
  );
  const weightAt = (term: string, at: number): number => {
    const count = part.segment.documents[at]?.terms.filter((other) => other === term).length ?? 0;
    if (count === 0 || !part.isLive(at)) return 0;
    const frequency = all.filter(({ terms }) => terms.includes(term)).length;
    const idf = Math.log(1 + (all.length - frequency + 0.5) / (frequency + 0.5));
    const length = part.segment.lengthOf(at) / averageLength;
    return (idf * count * 1.9) / (count + 0.9 * (0.7 + 0.3 * length));
  };
  let score = 0;
  for (const { term } of query.terms) {
    const nearby = neighboursOf(part, document, 4).map(({ document: other, distance }) => {
      const first = distance < 0 ? 0.7 : 0.5;
      return weightAt(term, other) * first * 0.75 ** (Math.abs(distance) - 1);
    });
    score += Math.max(weightAt(term, document), ...nearby);
  }
  return isSentByNamed(part, query, document) ? score * 1.5 : score;
}

export function holdsTerm(part: NaivePart, query: ParsedQuery, document: number): boolean {
  const terms = part.segment.documents[document]?.terms ?? [];
  return query.terms.some(({ term }) => terms.includes(term));
}

/** The cosine of a document, and the best of its neighbours'. */
export function naiveSimilarity(
  part: NaivePart,
  query: ParsedQuery,
  cosines: Float32Array,
  document: number,
): number {
  const lifts = neighboursOf(part, document, 2).map(({ document: other, distance }) => {
    const cosine = cosines[other] ?? Number.NaN;
    return Number.isNaN(cosine) ? 0 : cosine * (Math.abs(distance) === 1 ? 0.5 : 0.4);
  });
  const own = cosines[document] ?? Number.NaN;
  const score = own + (part.isLive(document) ? Math.max(0, ...lifts) : 0);
  return score > 0 && isSentByNamed(part, query, document) ? score * 1.2 : score;
}

function isSentByNamed(part: NaivePart, query: ParsedQuery, document: number): boolean {
  const terms = part.segment.documents[document]?.terms ?? [];
  return query.terms.some(({ term }) => terms.includes(senderTerm(term)));
}

/** Checks a ranking against the scores that all documents should have; 0 for those that are no hits. */
export function expectRanking(
  parts: readonly NaivePart[],
  ranking: readonly ScoredDocument[],
  limit: number,
  scoreOf: (part: NaivePart, document: number, index: number) => number,
): void {
  const expected = parts
    .flatMap((part, index) =>
      [...part.segment.documents.keys()]
        .filter((document) => part.isLive(document) && part.accepts(document))
        .map((document) => ({
          key: `${index}/${document}`,
          score: scoreOf(part, document, index),
        })),
    )
    .filter(({ score }) => score > 0);
  const scoreByKey = new Map(expected.map(({ key, score }) => [key, score]));
  const best = expected.map(({ score }) => score).toSorted((a, b) => b - a);
  expect(ranking).toHaveLength(Math.min(limit, expected.length));
  expect(new Set(ranking.map(({ part, document }) => `${part}/${document}`)).size).toBe(
    ranking.length,
  );
  for (const [place, { part, document, score }] of ranking.entries()) {
    // Scores are 32-bit floats: documents may change places where they differ by less than that.
    expect(score).toBeCloseTo(scoreByKey.get(`${part}/${document}`) ?? Number.NaN, 4);
    expect(score).toBeCloseTo(best[place] ?? Number.NaN, 4);
    expect(score).toBeLessThanOrEqual(ranking[place - 1]?.score ?? Number.POSITIVE_INFINITY);
  }
}
