import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankVectors } from '../../../../worker/search/ranking/vector-ranking.ts';
import { expectRanking, naiveSimilarity } from './oracle.ts';
import { anyCosines, anyParts, anyQuery, conversation, partOf, queryOf } from './support.ts';

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
