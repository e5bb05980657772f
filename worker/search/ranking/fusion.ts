import type { ParsedQuery } from '../analysis/query.ts';
import { findMarks } from './query-marks.ts';
import { scoreText, type TextRankingOptions } from './text-ranking.ts';
import { TopDocuments } from './top-documents.ts';
import type { RankedPart, ScoredDocument } from './types.ts';
import { liftSimilarities } from './vector-ranking.ts';

/** Candidates of each kind, for each hit that is wanted. */
const CANDIDATES_PER_HIT = 4;
const MIN_CANDIDATES = 200;

/**
 * How both lists count, each relative to its best. Anything from 0.4 to 0.6 finds as much. Ranks
 * instead of scores (reciprocal rank fusion) would forget by how much one hit is better.
 */
export const HYBRID_WEIGHTS = { text: 0.5, vector: 0.5 };

/** What is to be fused: the scores of the same documents by their words and by their vectors. */
export interface Candidates {
  readonly text: readonly ScoredDocument[];
  readonly vector: readonly ScoredDocument[];
}

export interface CandidateOptions extends TextRankingOptions {
  /** The least cosine of the own vector of a hit that holds no term of the query. */
  readonly minCosine: number;
}

/**
 * The best documents by their words and the best by their vectors, each with both of its scores, for
 * whoever adds them up. So one that holds no term of the query is beaten only by what holds some and
 * is about as close in meaning; `minCosine` is asked of those alone. A document has a score of words
 * although it holds none when its neighbours do; one that has no vector yet is judged by its words.
 */
export function findCandidates(
  parts: readonly RankedPart[],
  query: ParsedQuery,
  cosines: readonly Float32Array[],
  options: CandidateOptions,
): Candidates {
  const marks = findMarks(parts, query);
  const texts = scoreText(parts, query, marks, options);
  const lifted = parts.map((part, index) =>
    liftSimilarities(part, cosines[index] ?? new Float32Array(), marks.senders[index]),
  );
  const count = Math.max(options.limit * CANDIDATES_PER_HIT, MIN_CANDIDATES);
  const byText = new TopDocuments(parts, count);
  const byVector = new TopDocuments(parts, count);
  for (const [part, { segment }] of parts.entries()) {
    const { scores, holds } = texts[part] ?? { scores: [], holds: [] };
    for (let document = 0; document < segment.documentCount; document += 1) {
      if (marks.phrases !== undefined && marks.phrases[part]?.[document] !== 1) continue;
      const cosine = cosines[part]?.[document] ?? Number.NaN;
      if (holds[document] !== 1 && !(cosine >= options.minCosine)) continue;
      byText.offer(part, document, scores[document] ?? 0);
      byVector.offer(part, document, lifted[part]?.[document] ?? Number.NaN);
    }
  }
  const text = byText.toArray();
  const vector = byVector.toArray();
  const ratio = (vector[0]?.score ?? 0) / (text[0]?.score ?? 1);
  const textScore = ({ part, document }: Place) => texts[part]?.scores[document] ?? 0;
  const vectorScore = (place: Place) => {
    const score = lifted[place.part]?.[place.document] ?? Number.NaN;
    return Number.isNaN(score) ? textScore(place) * ratio : score;
  };
  return {
    text: [...text, ...others(vector, text, textScore)],
    vector: [...vector, ...others(text, vector, vectorScore)],
  };
}

type Place = Pick<ScoredDocument, 'part' | 'document'>;

/** The documents of one list that are not in the other, with the score that they have there. */
function others(
  list: readonly ScoredDocument[],
  known: readonly ScoredDocument[],
  scoreOf: (place: Place) => number,
): ScoredDocument[] {
  const isKnown = new Set(known.map(({ part, document }) => `${part}:${document}`));
  return list.flatMap(({ part, document }) => {
    if (isKnown.has(`${part}:${document}`)) return [];
    const score = scoreOf({ part, document });
    return score > 0 ? [{ part, document, score }] : [];
  });
}
