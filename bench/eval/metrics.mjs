/**
 * What one question came to.
 *
 * @typedef {object} Answer
 * @property {readonly string[]} found the ids that were found, best first
 * @property {readonly string[]} relevant the ids that should be found; at least one
 */

/**
 * Means over questions.
 *
 * @typedef {object} Quality
 * @property {number} questions
 * @property {number} recall5
 * @property {number} recall10
 * @property {number} mrr10
 */

/**
 * The share of what is relevant among the first `k` that were found.
 *
 * @param {Answer} answer
 * @param {number} k
 */
export function recallAt({ found, relevant }, k) {
  const wanted = new Set(relevant);
  const hits = new Set(found.slice(0, k).filter((id) => wanted.has(id)));
  return hits.size / wanted.size;
}

/**
 * One over the rank of the first relevant id among the first `k`; 0 when there is none.
 *
 * @param {Answer} answer
 * @param {number} k
 */
export function reciprocalRankAt({ found, relevant }, k) {
  const rank = found.slice(0, k).findIndex((id) => relevant.includes(id));
  return rank === -1 ? 0 : 1 / (rank + 1);
}

/**
 * @param {readonly Answer[]} answers
 * @returns {Quality} all zeros when there are no answers
 */
export function qualityOf(answers) {
  return {
    questions: answers.length,
    recall5: mean(answers.map((answer) => recallAt(answer, 5))),
    recall10: mean(answers.map((answer) => recallAt(answer, 10))),
    mrr10: mean(answers.map((answer) => reciprocalRankAt(answer, 10))),
  };
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
