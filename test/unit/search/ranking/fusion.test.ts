import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedQuery } from '../../../../worker/search/analysis/query.ts';
import { queryOrama } from '../../../../worker/search/orama-query.ts';
import { findCandidates } from '../../../../worker/search/ranking/fusion.ts';
import type { RankedPart, ScoredDocument } from '../../../../worker/search/ranking/types.ts';
import { expectRanking, holdsTerm, naiveSimilarity, naiveTextScore } from './oracle.ts';
import { anyCosines, anyParts, anyQuery, conversation, EXACT, partOf, queryOf } from './support.ts';

const anyCase = fc.tuple(
  anyParts.chain((parts) => fc.tuple(fc.constant(parts), anyCosines(parts))),
  anyQuery,
  fc.integer({ min: 1, max: 8 }),
  fc.constantFrom(-1, 0.2, 0.9),
);

/** A hybrid search the way an index makes it: Orama adds up what the candidates have. */
function rankHybrid(
  parts: readonly RankedPart[],
  query: ParsedQuery,
  cosines: readonly Float32Array[],
  { limit, minCosine = -1 }: { limit: number; minCosine?: number },
): Promise<ScoredDocument[]> {
  const candidates = findCandidates(parts, query, cosines, { ...EXACT, limit, minCosine });
  return queryOrama({
    mode: 'hybrid',
    text: 'any',
    vector: Float32Array.of(1),
    limit,
    rankText: () => candidates.text,
    rankVectors: () => candidates.vector,
  });
}

describe('a hybrid ranking', () => {
  it('agrees with a naive one', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ([[parts, cosines], query, limit, minCosine]) => {
        const hits = await rankHybrid(parts, query, cosines, { limit, minCosine });
        const scoresOf = (index: number, document: number) => {
          const part = parts[index];
          const ofPart = cosines[index] ?? new Float32Array();
          const own = ofPart[document] ?? Number.NaN;
          if (part === undefined || !part.isLive(document) || !part.accepts(document)) return null;
          if (!holdsTerm(part, query, document) && !(own >= minCosine)) return null;
          const text = naiveTextScore(parts, query, part, document);
          const similarity = naiveSimilarity(part, query, ofPart, document);
          return { text, similarity: Number.isNaN(own) ? null : Math.max(0, similarity) };
        };
        const all = parts.flatMap(({ segment }, index) =>
          [...segment.documents.keys()].flatMap((document) => scoresOf(index, document) ?? []),
        );
        const bestText = Math.max(0, ...all.map(({ text }) => text)) || 1;
        const bestSimilarity = Math.max(0, ...all.map(({ similarity }) => similarity ?? 0));
        expectRanking(parts, hits, limit, (_, document, index) => {
          const scores = scoresOf(index, document);
          if (scores === null) return 0;
          const byText = scores.text / bestText;
          if (bestSimilarity === 0) return byText / 2;
          const { similarity } = scores;
          return (byText + (similarity === null ? byText : similarity / bestSimilarity)) / 2;
        });
      }),
    );
  });

  const far = ['b: a', 'b: b', 'b: c', 'b: d', 'b: e'];
  const part = partOf(conversation('a: tea', ...far, 'a: hot drink', ...far, 'a: tea cup rain'));
  const cosines = new Float32Array(part.segment.documentCount);
  cosines[0] = 0.2;
  cosines[6] = 0.9;
  cosines[12] = 0.3;

  it('puts a hit without any word of the query before one that merely holds a word', async () => {
    const options = { limit: 3, minCosine: 0.25 };
    const hits = await rankHybrid([part], queryOf('tea', 'rain'), [cosines], options);
    expect(hits.map(({ document }) => document)).toEqual([12, 6, 0]);
  });

  it('asks a cosine of hits that hold no word', async () => {
    const options = { limit: 20, minCosine: 0.95 };
    const hits = await rankHybrid([part], queryOf('tea'), [cosines], options);
    expect(new Set(hits.map(({ document }) => document))).toEqual(new Set([0, 12]));
  });

  it('judges by its words what has no vector', async () => {
    const none = [cosines.map(() => Number.NaN)];
    const hits = await rankHybrid([part], queryOf('tea', 'rain'), none, { limit: 3 });
    expect(hits.map(({ document }) => document)).toEqual([12, 0]);

    const some = [cosines.map((cosine, document) => (document === 12 ? Number.NaN : cosine))];
    const [best] = await rankHybrid([part], queryOf('tea', 'rain'), some, { limit: 3 });
    expect(best).toMatchObject({ document: 12, score: 1 });
  });

  it('takes more hits than a function takes arguments', async () => {
    const list = Array.from({ length: 200_000 }, (_, document) => ({
      part: 0,
      document,
      score: 1 / (document + 1),
    }));
    const hits = await queryOrama({
      mode: 'hybrid',
      text: 'any',
      vector: Float32Array.of(1),
      limit: 10,
      rankText: () => list,
      rankVectors: () => list,
    });
    expect(hits.map(({ document }) => document)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
