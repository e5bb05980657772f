import type { ParsedQuery } from '../analysis/query.ts';
import { findMarks } from './query-marks.ts';
import { scoreText, type TextRankingOptions } from './text-ranking.ts';
import { TopDocuments } from './top-documents.ts';
import type { RankedPart, ScoredDocument } from './types.ts';
import { liftSimilarities } from './vector-ranking.ts';

export interface HybridRankingOptions extends TextRankingOptions {
  /** The least cosine of the own vector of a hit that holds no term of the query; any when absent. */
  readonly minCosine?: number;
}

/** The vectors' share of a score, and the terms' the rest. Anything from 0.4 to 0.6 does as well. */
const VECTOR_SHARE = 0.5;

/**
 * Ranks documents by their terms and their vectors together: the sum of both scores, each relative
 * to the best of its kind. So a document that holds no term of the query can only be beaten by one
 * that holds some if its meaning is not much closer; `minCosine` is asked of those alone. One that
 * has no vector yet is judged by its terms. Scores lie in 0..1.
 *
 * Ranks instead of scores (reciprocal rank fusion) would forget by how much one hit is better.
 */
export function rankHybrid(
  parts: readonly RankedPart[],
  query: ParsedQuery,
  cosines: readonly Float32Array[],
  options: HybridRankingOptions,
): ScoredDocument[] {
  const { limit, minCosine = -1 } = options;
  const marks = findMarks(parts, query);
  const texts = scoreText(parts, query, marks, options);
  const similarities = parts.map((part, index) =>
    liftSimilarities(part, cosines[index] ?? new Float32Array(), marks.senders[index]),
  );
  const bestText = maximumOf(
    parts,
    texts.map(({ scores }) => scores),
  );
  const bestSimilarity = maximumOf(parts, similarities);
  const top = new TopDocuments(parts, limit);
  for (const [index, { segment }] of parts.entries()) {
    const text = texts[index];
    const ownCosines = cosines[index];
    const ofPart = similarities[index];
    for (let document = 0; document < segment.documentCount; document += 1) {
      if (marks.phrases !== undefined && marks.phrases[index]?.[document] !== 1) continue;
      const cosine = ownCosines?.[document] ?? Number.NaN;
      if (text?.holds[document] !== 1 && !(cosine >= minCosine)) continue;
      const byText = bestText > 0 ? (text?.scores[document] ?? 0) / bestText : 0;
      const similarity = ofPart?.[document] ?? Number.NaN;
      top.offer(index, document, fuse(byText, similarity / bestSimilarity));
    }
  }
  return top.toArray();
}

function fuse(byText: number, byVector: number): number {
  if (!Number.isFinite(byVector)) return byText;
  return (1 - VECTOR_SHARE) * byText + VECTOR_SHARE * Math.max(0, byVector);
}

/** Of what is live; 0 when there is nothing positive. */
function maximumOf(parts: readonly RankedPart[], scores: readonly Float32Array[]): number {
  let maximum = 0;
  for (const [index, part] of parts.entries()) {
    const ofPart = scores[index] ?? new Float32Array();
    for (let document = 0; document < ofPart.length; document += 1) {
      const score = ofPart[document] ?? 0;
      if (score > maximum && part.isLive(document)) maximum = score;
    }
  }
  return maximum;
}
