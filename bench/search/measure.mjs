import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inBrowser } from '../support/pages.mjs';
import { vectorKey } from './rows.mjs';
import { measureWorkerMemory } from './worker-memory.mjs';

const SEARCHES = 160;
const VECTOR_SEARCHES = 60;

/** How many bytes a megabyte has here. */
const MB = 1_000_000;

/**
 * Imports messages into a fresh profile; then searches, in another browser on it.
 *
 * @param {string} url
 * @param {string} system
 * @param {number} count
 * @returns {Promise<import('./rows.mjs').Figures>}
 */
export async function measureText(url, system, count) {
  return withProfile(async (profile) => {
    const imported = await onPage(url, profile, async (page) => {
      const result = await page.evaluate(
        ([name, messages]) => benchmark.importMessages(name, messages),
        /** @type {[string, number]} */ ([system, count]),
      );
      await page.evaluate(() => benchmark.leave());
      return result;
    });

    return onPage(url, profile, async (page) => {
      const cold = await page.evaluate((name) => benchmark.coldSearch(name), system);
      if (cold.hits === 0 || cold.hits !== imported.hits) {
        throw new Error(`${system}: ${imported.hits} hits after the import, now ${cold.hits}.`);
      }
      const searches = await page.evaluate((times) => benchmark.searches(times), SEARCHES);
      const memory = await measureWorkerMemory(page);
      await page.evaluate(() => benchmark.closeText());
      return {
        importPerSecond: count / (imported.ms / 1_000),
        messageBytes: imported.meanMessageBytes,
        coldMs: cold.ms,
        searchP50Ms: searches.p50,
        searchP95Ms: searches.p95,
        searchHits: searches.meanHits,
        searchHeapMB: memory / MB,
        ...(await bytesOnDisk(page, count)),
      };
    });
  });
}

/**
 * @param {import('playwright').Page} page
 * @param {number} count of messages
 */
async function bytesOnDisk(page, count) {
  const bytes = await page.evaluate(() => benchmark.bytesByExtension());
  const perMessage = Object.entries(bytes).map(([extension, sum]) => [
    `bytesPerMessage${extension}`,
    sum / count,
  ]);
  const all = Object.values(bytes).reduce((sum, value) => sum + value, 0);
  return {
    ...Object.fromEntries(perMessage),
    bytesPerMessage: all / count,
    // Of the other systems in this comparison none keeps any beside the text.
    bytesWithoutVectors: (all - (bytes['.vectors'] ?? 0)) / count,
  };
}

/**
 * Adds vectors to a fresh profile and searches among them: in another browser where they are kept,
 * in the same one where they only are in memory.
 *
 * @param {string} url
 * @param {string} system
 * @param {number} count
 * @param {number} dimensions
 * @param {boolean} isKept
 * @returns {Promise<import('./rows.mjs').Figures>}
 */
export async function measureVectors(url, system, count, dimensions, isKept) {
  const open = (/** @type {import('playwright').Page} */ page) =>
    page.evaluate(
      ([name, length]) => benchmark.openVectors(name, length),
      /** @type {[string, number]} */ ([system, dimensions]),
    );
  const add = (/** @type {import('playwright').Page} */ page) =>
    page.evaluate((vectors) => benchmark.addVectors(vectors), count);

  return withProfile(async (profile) => {
    const addedBefore = isKept
      ? await onPage(url, profile, async (page) => {
          await open(page);
          const ms = await add(page);
          await page.evaluate(() => benchmark.closeVectors());
          return ms;
        })
      : undefined;

    return onPage(url, profile, async (page) => {
      await open(page);
      const idle = await measureWorkerMemory(page);
      const addedMs = addedBefore ?? (await add(page));
      const searches = await page.evaluate(
        (times) => benchmark.vectorSearches(times),
        VECTOR_SEARCHES,
      );
      const memory = await measureWorkerMemory(page);
      return {
        [vectorKey('P50Ms', dimensions)]: searches.p50,
        [vectorKey('P95Ms', dimensions)]: searches.p95,
        [vectorKey('HeapMB', dimensions)]: (memory - idle) / MB,
        [vectorKey('PerSecond', dimensions)]: count / (addedMs / 1_000),
        [`vector${dimensions}Hits`]: searches.meanHits,
      };
    });
  });
}

/**
 * @template T
 * @param {(profile: string) => Promise<T>} task
 */
async function withProfile(task) {
  const profile = await mkdtemp(join(tmpdir(), 'flatfile-chat-bench-profile-'));
  try {
    return await task(profile);
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}

/**
 * @template T
 * @param {string} url
 * @param {string} profile
 * @param {(page: import('playwright').Page) => Promise<T>} task
 */
async function onPage(url, profile, task) {
  return inBrowser(
    url,
    async (page) => {
      await page.waitForFunction(() => 'benchmark' in globalThis);
      return task(page);
    },
    profile,
  );
}
