import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inBrowser } from '../support/pages.mjs';
import { vectorKey } from './rows.mjs';
import { watchWorkerMemory } from './worker-memory.mjs';

const SEARCHES = 160;
const VECTOR_SEARCHES = 60;

/** How many bytes a megabyte has here. */
const MB = 1_000_000;

/**
 * Imports messages into a fresh profile, searches in a second browser on it, and looks at the memory
 * that this takes in a third.
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

    const searched = await onPage(url, profile, async (page) => {
      const { ms, hits } = await page.evaluate((name) => benchmark.coldSearch(name), system);
      if (hits === 0 || hits !== imported.hits) {
        throw new Error(`${system}: ${imported.hits} hits after the import, now ${hits}.`);
      }
      const { p50, p95, meanHits } = await page.evaluate(
        (times) => benchmark.searches(times),
        SEARCHES,
      );
      await page.evaluate(() => benchmark.closeText());
      return { ms, p50, p95, meanHits, bytes: await bytesOnDisk(page, count) };
    });

    const memory = await onPageWithMemory(url, profile, async (page, { measure }) => {
      await page.evaluate((name) => benchmark.coldSearch(name), system);
      const cold = await measure();
      await page.evaluate((times) => benchmark.searches(times), SEARCHES);
      return { cold, searched: await measure() };
    });

    return {
      importPerSecond: count / (imported.ms / 1_000),
      messageBytes: imported.meanMessageBytes,
      coldMs: searched.ms,
      searchP50Ms: searched.p50,
      searchP95Ms: searched.p95,
      searchHits: searched.meanHits,
      ...searched.bytes,
      coldHeapMB: memory.cold / MB,
      searchHeapMB: memory.searched / MB,
    };
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
  return {
    ...Object.fromEntries(perMessage),
    bytesPerMessage: Object.values(bytes).reduce((sum, value) => sum + value, 0) / count,
  };
}

/**
 * Adds vectors to a fresh profile and searches among them: first for the times, then for the memory,
 * in another browser, to which they are added anew where the system has not kept them.
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
  const search = (/** @type {import('playwright').Page} */ page) =>
    page.evaluate((times) => benchmark.vectorSearches(times), VECTOR_SEARCHES);

  return withProfile(async (profile) => {
    const { addedMs, p50, p95, meanHits } = await onPage(url, profile, async (page) => {
      await open(page);
      const ms = await add(page);
      const searches = await search(page);
      await page.evaluate(() => benchmark.closeVectors());
      return { addedMs: ms, ...searches };
    });

    const bytes = await onPageWithMemory(url, profile, async (page, { measure }) => {
      await open(page);
      const idle = await measure();
      if (!isKept) await add(page);
      await search(page);
      return (await measure()) - idle;
    });

    return {
      [vectorKey('P50Ms', dimensions)]: p50,
      [vectorKey('P95Ms', dimensions)]: p95,
      [vectorKey('HeapMB', dimensions)]: bytes / MB,
      [vectorKey('PerSecond', dimensions)]: count / (addedMs / 1_000),
      [`vector${dimensions}Hits`]: meanHits,
    };
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

/**
 * @template T
 * @param {string} url
 * @param {string} profile
 * @param {(page: import('playwright').Page, memory: import('./worker-memory.mjs').WorkerMemory) => Promise<T>} task
 */
async function onPageWithMemory(url, profile, task) {
  // The page starts no worker before it is told to.
  return onPage(url, profile, async (page) => task(page, await watchWorkerMemory(page)));
}
