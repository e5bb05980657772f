import type { ParsedQuery } from '../analysis/query.ts';
import { findPhrases } from './phrases.ts';
import { TopDocuments } from './top-documents.ts';
import type { RankedPart, ScoredDocument } from './types.ts';
import type { VectorRankingOptions } from './vector-ranking.ts';

/** What points away from the query comes last, but is a hit where any similarity will do. */
const AWAY = 1e-9;

/** Ranks documents by the cosines of their own vectors alone: who asks what is similar means that. */
export function rankCosines(
  parts: readonly RankedPart[],
  query: ParsedQuery,
  cosines: readonly Float32Array[],
  { limit, minCosine = -1 }: VectorRankingOptions,
): ScoredDocument[] {
  const phrases = findPhrases(parts, query);
  const top = new TopDocuments(parts, limit);
  for (const [part, own] of cosines.entries()) {
    for (const [document, cosine] of own.entries()) {
      if (!(cosine >= minCosine)) continue;
      if (phrases !== undefined && phrases[part]?.[document] !== 1) continue;
      top.offer(part, document, Math.max(cosine, AWAY * (2 + cosine)));
    }
  }
  return top.toArray();
}
