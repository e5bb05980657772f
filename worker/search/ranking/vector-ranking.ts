import type { ParsedQuery } from '../analysis/query.ts';
import { findMarks } from './query-marks.ts';
import { TopDocuments } from './top-documents.ts';
import type { RankedPart, ScoredDocument } from './types.ts';

/** How much of the cosine of a message one or two turns away counts; see {@link liftSimilarities}. */
const NEIGHBOUR_WEIGHTS = [0.5, 0.4] as const;

/** What a message gains when the query names its sender. */
const SENDER_FACTOR = 1.2;

export interface VectorRankingOptions {
  readonly limit: number;
  /** The least cosine of a hit's own vector; any when absent. */
  readonly minCosine?: number;
}

/**
 * Ranks documents by the cosines between their vectors and the query's, by part and document; `NaN`
 * where there is no vector, which is no hit. Those that point away from the query are none either.
 * Neighbours and senders count as in
 * {@link liftSimilarities}, so a hit's place does not only depend on its own cosine.
 */
export function rankVectors(
  parts: readonly RankedPart[],
  query: ParsedQuery,
  cosines: readonly Float32Array[],
  { limit, minCosine = -1 }: VectorRankingOptions,
): ScoredDocument[] {
  const { senders, phrases } = findMarks(parts, query);
  const top = new TopDocuments(parts, limit);
  for (const [index, part] of parts.entries()) {
    const own = cosines[index] ?? new Float32Array();
    const lifted = liftSimilarities(part, own, senders[index]);
    for (let document = 0; document < own.length; document += 1) {
      if (!((own[document] ?? Number.NaN) >= minCosine)) continue;
      if (phrases !== undefined && phrases[index]?.[document] !== 1) continue;
      top.offer(index, document, lifted[document] ?? 0);
    }
  }
  return top.toArray();
}

/**
 * The cosine of each document and the best of its neighbours', weighted by how far away they are,
 * more for messages of a sender whom the query names: an answer is found by its question. `NaN`
 * where a document has no vector of its own.
 */
export function liftSimilarities(
  part: RankedPart,
  cosines: Float32Array,
  senders?: Uint8Array,
): Float32Array {
  const { segment } = part;
  const lifts = new Float32Array(cosines.length);
  for (let document = 0; document < cosines.length; document += 1) {
    const own = cosines[document] ?? Number.NaN;
    if (Number.isNaN(own) || !part.isLive(document)) continue;
    const number = segment.numberOf(document);
    // Each pair of neighbours is met once, at the earlier of the two.
    let next = segment.next(document);
    while (next !== -1) {
      const weight = NEIGHBOUR_WEIGHTS[segment.numberOf(next) - number - 1];
      if (weight === undefined) break;
      const other = cosines[next] ?? Number.NaN;
      if (!Number.isNaN(other) && part.isLive(next)) {
        if (weight * other > (lifts[document] ?? 0)) lifts[document] = weight * other;
        if (weight * own > (lifts[next] ?? 0)) lifts[next] = weight * own;
      }
      next = segment.next(next);
    }
  }
  for (let document = 0; document < cosines.length; document += 1) {
    const score = (lifts[document] ?? 0) + (cosines[document] ?? Number.NaN);
    const isSender = score > 0 && senders !== undefined && senders[document] === 1;
    lifts[document] = isSender ? score * SENDER_FACTOR : score;
  }
  return lifts;
}
