/** The largest value of a row: -128 is left out, so that both signs reach equally far. */
const ROW_MAX = 127;
const INT16_MAX = 0x7fff;
const INT32_MAX = 0x7fff_ffff;

/** Writes a vector at length 1, or zeros for one without a direction. */
export function normaliseRow(vector: Float32Array, into: Float32Array): void {
  const factor = inverseLength(vector);
  vector.forEach((value, index) => {
    // Zero times infinity would not be zero.
    into[index] = factor === 0 ? 0 : value * factor;
  });
}

/**
 * Writes a vector's direction as small integers.
 *
 * @returns what to multiply them by to get a vector of length 1; 0, with zeros written, for a vector
 *   without a direction
 */
export function quantiseRow(vector: Float32Array, into: Int8Array): number {
  return quantise(vector, into, ROW_MAX);
}

/**
 * Like {@link quantiseRow}, for a query. It is held far finer than the rows, so that the error of a
 * score is that of its row alone.
 */
export function quantiseQuery(vector: Float32Array, into: Int16Array): number {
  // No sum of products may leave 32 bits, which only matters from 517 dimensions on.
  const max = Math.min(INT16_MAX, Math.floor(INT32_MAX / (ROW_MAX * vector.length)));
  return quantise(vector, into, max);
}

function quantise(vector: Float32Array, into: Int8Array | Int16Array, max: number): number {
  if (inverseLength(vector) === 0) {
    into.fill(0, 0, vector.length);
    return 0;
  }
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  let sum = 0;
  vector.forEach((value, index) => {
    const rounded = Math.round((value / largest) * max);
    into[index] = rounded;
    sum += rounded * rounded;
  });
  // Rounding changes the length too; dividing by the new one leaves only the error of the direction.
  return 1 / Math.sqrt(sum);
}

/** 1 / the length of a vector; 0 when it has no direction: all zeros, or a value not finite. */
function inverseLength(vector: Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return sum > 0 && Number.isFinite(sum) ? 1 / Math.sqrt(sum) : 0;
}
