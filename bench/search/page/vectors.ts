import { createRandom } from './random.ts';

/** Texts about the same thing: their vectors lie within a cosine of about 0.8 of each other. */
const CLUSTERS = 500;

/** How far a vector is from the centre of its cluster, which has length 1. */
const SPREAD = 0.5;
const QUERY_SPREAD = 0.3;

const QUERY_PREFIX = 'query';

/** The content of a message that {@link vectorOf} has a vector for. */
export function noteText(number: number): string {
  return `note ${number}`;
}

/** A query that is near the messages of one cluster. */
export function queryText(number: number): string {
  return `${QUERY_PREFIX} ${number}`;
}

/** The vector of a text of {@link noteText} or {@link queryText}, of length 1. */
export function vectorOf(text: string, dimensions: number): Float32Array {
  const number = Number(/\d+$/.exec(text)?.[0] ?? 0);
  const isQuery = text.includes(QUERY_PREFIX);
  const centre = randomDirection(number % CLUSTERS, dimensions);
  const own = randomDirection(CLUSTERS + number * 2 + (isQuery ? 1 : 0), dimensions);
  const spread = isQuery ? QUERY_SPREAD : SPREAD;
  return normalize(centre.map((value, index) => value + spread * (own[index] ?? 0)));
}

function randomDirection(seed: number, dimensions: number): Float32Array {
  const random = createRandom(seed);
  // Sums of a few uniform numbers are normal enough for every direction to be as likely.
  return normalize(
    Float32Array.from({ length: dimensions }, () => random() + random() + random() - 1.5),
  );
}

function normalize(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
