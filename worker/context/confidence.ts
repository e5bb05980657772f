import type { Conversation } from './conversation.ts';
import type { TermSpace } from './term-space.ts';

/** Terms at which half of the trust that a text can earn is earned. */
const HALF_TRUST = 12;

/**
 * How far some sentences speak for the whole conversation, 0 to 1: the share of its weight that lies
 * in terms which they contain, times `n / (n + 12)` for a conversation of `n` terms, because little
 * text proves little. A term weighs what it adds to the conversation's centroid.
 *
 * More sentences never give less. Small talk alone gives 0; a short exchange that is quoted whole
 * stays well below 1; one of hundreds of turns, of which a few sentences are quoted, is low as well.
 */
export function confidenceOf(
  { sentences }: Conversation,
  space: TermSpace,
  chosen: Iterable<number>,
): number {
  const covered = new Set<number>();
  for (const index of chosen) for (const id of space.vectors[index]?.ids ?? []) covered.add(id);
  let weight = 0;
  let coveredWeight = 0;
  for (const [id, value] of space.centroid.entries()) {
    weight += value;
    if (covered.has(id)) coveredWeight += value;
  }
  if (weight === 0) return 0;
  const count = sentences.reduce((sum, { terms }) => sum + terms.length, 0);
  const confidence = (coveredWeight / weight) * (count / (count + HALF_TRUST));
  return Math.round(confidence * 1_000) / 1_000;
}
