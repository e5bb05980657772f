/**
 * A generator of the same numbers for the same seed (mulberry32).
 *
 * @param {number} seed
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    /** From 0 up to 1. */
    next,
    /** @param {number} share the probability of `true` */
    chance: (share) => next() < share,
    /** @param {number} limit */
    below: (limit) => Math.floor(next() * limit),
    /**
     * @template T
     * @param {readonly T[]} items not empty
     * @returns {T}
     */
    pick: (items) => /** @type {T} */ (items[Math.floor(next() * items.length)]),
    /**
     * @template T
     * @param {T[]} items shuffled in place
     */
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i -= 1) {
        const j = Math.floor(next() * (i + 1));
        [items[i], items[j]] = [/** @type {T} */ (items[j]), /** @type {T} */ (items[i])];
      }
      return items;
    },
  };
}
/** @typedef {ReturnType<typeof createRandom>} Random */
