import { addTo, dot, type TermSpace } from './term-space.ts';

/** Of a sentence's value, what it says; the rest is that it is not said yet. */
const RELEVANCE = 0.7;

/** Cosine similarity from which two sentences say the same. */
const SAME = 0.75;

/** Salience, against the best sentence, below which one is not worth naming. */
const LEAST_SALIENCE = 0.12;

/**
 * Picks sentences one after another by maximal marginal relevance (Carbonell and Goldstein 1998): each
 * time the one that is the most salient and the least like those that are picked already.
 *
 * @param accept asked for the best sentence left; one that it refuses is not asked for again
 * @param limit the most that are picked
 * @returns their indexes, in the order in which they were picked
 */
export function pickDiverse(
  space: TermSpace,
  salience: readonly number[],
  accept: (index: number) => boolean,
  limit = Infinity,
): number[] {
  const picked: number[] = [];
  let left = [...salience.keys()].filter((index) => (salience[index] ?? 0) >= LEAST_SALIENCE);
  const likeness = new Float64Array(salience.length);
  const last = new Float64Array(space.centroid.length);

  while (left.length > 0 && picked.length < limit) {
    const best = bestOf(left, salience, likeness);
    left = left.filter((index) => index !== best);
    if (!accept(best)) continue;
    picked.push(best);

    const vector = space.vectors[best];
    if (vector === undefined) continue;
    addTo(last, vector);
    for (const index of left) {
      likeness[index] = Math.max(likeness[index] ?? 0, dot(last, space.vectors[index]));
    }
    for (const id of vector.ids) last[id] = 0;
    left = left.filter((index) => (likeness[index] ?? 0) < SAME);
  }
  return picked;
}

function bestOf(
  indexes: readonly number[],
  salience: readonly number[],
  likeness: Float64Array,
): number {
  let best = -1;
  let most = -Infinity;
  for (const index of indexes) {
    const value = RELEVANCE * (salience[index] ?? 0) - (1 - RELEVANCE) * (likeness[index] ?? 0);
    if (value > most) {
      best = index;
      most = value;
    }
  }
  return best;
}
