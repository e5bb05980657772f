/** Numbers from 0 up to 1 that look random and are the same for the same seed: xorshift, 32 bits. */
export function createRandom(seed: number): () => number {
  // The generator stays at zero for ever; multiplying spreads seeds that lie side by side.
  let state = Math.imul(seed + 1, 0x9e3779b1) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
