import { faultOf } from './words.mjs';

/** Beyond what any of the words is likely to have. */
const LIMIT = 10_000;

/**
 * Searches for a word, and checks that every hit holds it in some form and that every message which
 * holds the very word is hit.
 *
 * @param {import('playwright').Page} page
 * @param {string} query
 * @param {readonly string[]} holders the ids of the messages that hold the very word
 */
export async function search(page, query, holders) {
  const since = performance.now();
  const json = await page.evaluate(
    ([text, limit]) => example.search(text, limit),
    /** @type {[string, number]} */ ([query, LIMIT]),
  );
  const ms = performance.now() - since;
  const hits = /** @type {import('flatfile-chat').FFSearchResultDTO[]} */ (JSON.parse(json));

  /** @type {string[]} */
  const problems = [];
  for (const hit of hits) {
    const fault = faultOf(query, hit);
    if (fault !== undefined) problems.push(`search for "${query}": ${hit.id} ${fault}`);
  }
  const found = new Set(hits.map(({ id }) => id));
  const missing = holders.filter((id) => !found.has(id));
  if (hits.length < LIMIT && missing.length > 0) {
    problems.push(`search for "${query}": ${missing.join(', ')} not found`);
  }
  return { query, hits: hits.length, exact: holders.length, ms, problems };
}
