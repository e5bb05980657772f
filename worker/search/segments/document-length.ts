/** Up to here lengths are exact. */
const EXACT = 128;
/** Above, each code stands for a length about a tenth greater than the one before, up to 2²⁴. */
const STEPS_PER_DOUBLING = 127 / 17;

/** The lengths that the codes 0 to 255 stand for. */
const LENGTHS = Uint32Array.from({ length: 256 }, (_, code) =>
  code < EXACT ? code : Math.round(EXACT * 2 ** ((code - EXACT) / STEPS_PER_DOUBLING)),
);

/** A byte for a document's length in tokens: ranking needs it of every document, and not exactly. */
export function lengthToCode(length: number): number {
  if (length < EXACT) return length;
  return Math.min(255, EXACT + Math.round(Math.log2(length / EXACT) * STEPS_PER_DOUBLING));
}

/** The length that a code stands for; its code is that code again. */
export function codeToLength(code: number): number {
  return LENGTHS[code] ?? 0;
}
