/** Segments of about one size that there may be before they become one. */
const MAX_IN_TIER = 6;

/** A tier's segments are up to this many times as large as those of the one below. */
const TIER_FACTOR = 6;

/** Documents of the smallest tier: a merge costs a file whatever is in it. */
const SMALLEST_TIER = 32;

/** A segment of which more than this share is dead is written anew. */
const MAX_DEAD = 0.4;

/** What the policy has to know of a segment. */
export interface MergeCandidate {
  readonly documentCount: number;
  readonly liveCount: number;
}

/**
 * The segments that should become one; none when all is well. So that each document is written a few
 * times only, however many there are, those of one size are merged (tiers, as log-structured stores
 * have them).
 */
export function chooseMerge<T extends MergeCandidate>(segments: readonly T[]): T[] {
  const tiers = new Map<number, T[]>();
  for (const segment of segments) {
    const { documentCount, liveCount } = segment;
    if (documentCount - liveCount > documentCount * MAX_DEAD) return [segment];
    const tier = tierOf(liveCount);
    const others = tiers.get(tier);
    if (others === undefined) tiers.set(tier, [segment]);
    else others.push(segment);
  }
  for (const [, members] of [...tiers].sort(([a], [b]) => a - b)) {
    if (members.length >= MAX_IN_TIER) return members;
  }
  return [];
}

function tierOf(documents: number): number {
  if (documents <= SMALLEST_TIER) return 0;
  return 1 + Math.floor(Math.log(documents / SMALLEST_TIER) / Math.log(TIER_FACTOR));
}
