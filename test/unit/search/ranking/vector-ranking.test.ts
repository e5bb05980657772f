import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankHybrid } from '../../../../worker/search/ranking/fusion.ts';
import { rankVectors } from '../../../../worker/search/ranking/vector-ranking.ts';
import { expectRanking, holdsTerm, naiveSimilarity, naiveTextScore } from './oracle.ts';
import { anyCosines, anyParts, anyQuery, conversation, EXACT, partOf, queryOf } from './support.ts';

const anyCase = fc.tuple(
  anyParts.chain((parts) => fc.tuple(fc.constant(parts), anyCosines(parts))),
  anyQuery,
  fc.nat(8),
  fc.constantFrom(-1, 0.2, 0.9),
);

describe('rankVectors', () => {
  it('agrees with a naive ranking', () => {
    fc.assert(
      fc.property(anyCase, ([[parts, cosines], query, limit, minCosine]) => {
        const hits = rankVectors(parts, query, cosines, { limit, minCosine });
        expectRanking(parts, hits, limit, (part, document, index) => {
          const ofPart = cosines[index] ?? new Float32Array();
          const isHit = (ofPart[document] ?? Number.NaN) >= minCosine;
          return isHit ? naiveSimilarity(part, query, ofPart, document) : 0;
        });
      }),
    );
  });

  it('finds an answer by its question', () => {
    const part = partOf(conversation('a: x', 'b: x', 'b: x', 'b: x', 'b: x', 'b: x'));
    const cosines = Float32Array.of(0.8, 0.3, 0, 0, 0, 0.4);
    const hits = rankVectors([part], queryOf(), [cosines], { limit: 3 });
    expect(hits.map(({ document }) => document)).toEqual([0, 1, 5]);
  });
});

describe('rankHybrid', () => {
  it('agrees with a naive ranking', () => {
    fc.assert(
      fc.property(anyCase, ([[parts, cosines], query, limit, minCosine]) => {
        const all = parts.flatMap((part, index) =>
          [...part.segment.documents.keys()].flatMap((document) => {
            const ofPart = cosines[index] ?? new Float32Array();
            const text = naiveTextScore(parts, query, part, document);
            const similarity = naiveSimilarity(part, query, ofPart, document);
            return part.isLive(document) ? { text, similarity: similarity || 0 } : [];
          }),
        );
        const bestText = Math.max(0, ...all.map(({ text }) => text)) || 1;
        const bestSimilarity = Math.max(0, ...all.map(({ similarity }) => similarity));
        const hits = rankHybrid(parts, query, cosines, { ...EXACT, limit, minCosine });
        expectRanking(parts, hits, limit, (part, document, index) => {
          const ofPart = cosines[index] ?? new Float32Array();
          const own = ofPart[document] ?? Number.NaN;
          if (!holdsTerm(part, query, document) && !(own >= minCosine)) return 0;
          const byText = naiveTextScore(parts, query, part, document) / bestText;
          if (Number.isNaN(own) || bestSimilarity === 0) return byText;
          const similarity = naiveSimilarity(part, query, ofPart, document);
          return (byText + Math.max(0, similarity / bestSimilarity)) / 2;
        });
        for (const { score } of hits) expect(score).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });

  const far = ['b: a', 'b: b', 'b: c', 'b: d', 'b: e'];
  const part = partOf(conversation('a: tea', ...far, 'a: hot drink', ...far, 'a: tea cup rain'));
  const cosines = new Float32Array(part.segment.documentCount);
  cosines[0] = 0.2;
  cosines[6] = 0.9;
  cosines[12] = 0.3;

  it('puts a hit without any word of the query before one that merely holds a word', () => {
    const hits = rankHybrid([part], queryOf('tea', 'rain'), [cosines], {
      ...EXACT,
      limit: 3,
      minCosine: 0.25,
    });
    expect(hits.map(({ document }) => document)).toEqual([12, 6, 0]);
  });

  it('asks a cosine of hits that hold no word', () => {
    const options = { ...EXACT, limit: 20, minCosine: 0.95 };
    const hits = rankHybrid([part], queryOf('tea'), [cosines], options);
    expect(new Set(hits.map(({ document }) => document))).toEqual(new Set([0, 12]));
  });

  it('judges by words alone what has no vectors', () => {
    const none = [cosines.map(() => Number.NaN)];
    const hits = rankHybrid([part], queryOf('tea', 'rain'), none, { ...EXACT, limit: 3 });
    expect(hits.map(({ document, score }) => [document, score === 1])).toEqual([
      [12, true],
      [0, false],
    ]);
  });
});
