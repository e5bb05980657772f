/**
 * `npm run bench:tabs`: what sharing a store among tabs costs, in headless Chromium: a call of a tab that
 * is not the owner, how soon the others see what one has written, and how long the owner's death holds
 * them up, beside the least that a change of hands can take. The last line printed is the report as JSON.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { say, sayTable } from '../../examples/runner/output.mjs';
import { launchBrowser } from '../../scripts/launch-browser.mjs';
import { serveBuiltPage } from '../support/pages.mjs';

const PAGE_FOLDER = fileURLToPath(new URL('page/', import.meta.url));

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const COUNTS = values.quick
  ? { messages: 1_000, calls: 50, sent: 20, deaths: 3 }
  : { messages: 10_000, calls: 500, sent: 200, deaths: 20 };

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('./page/page.ts').MeasuredTab} MeasuredTab */

const app = await serveBuiltPage(PAGE_FOLDER);
const launched = await launchBrowser();
try {
  const figures = await measure();
  const rows = Object.entries(figures).map(([what, times]) => ({ what, ...summary(times) }));
  sayTable(
    ['what, in ms', 'p50', 'p95', 'max', 'n'],
    rows.map(({ what, p50, p95, max, n }) => [what, ...[p50, p95, max].map(shown), `${n}`]),
  );
  say(JSON.stringify({ ...COUNTS, rows }));
} finally {
  await launched.close();
  await app.close();
}

/** @returns {Promise<Record<string, number[]>>} */
async function measure() {
  const owner = await open();
  const sessionId = await owner.evaluate((count) => measuredTab.fill(count), COUNTS.messages);
  const other = await open();
  const third = await open();

  /** @param {Page} page @param {'read' | 'add'} kind */
  const time = (page, kind) =>
    page.evaluate(
      ([what, session, count]) => measuredTab.timeCalls(what, session, count),
      /** @type {const} */ ([kind, sessionId, COUNTS.calls]),
    );
  const calls = {
    'read, in the owner': await time(owner, 'read'),
    'read, in another tab': await time(other, 'read'),
    'durable add, in the owner': await time(owner, 'add'),
    'durable add, in another tab': await time(other, 'add'),
  };
  const delivered = await measureDelivery(sessionId, other, third);
  const grown = await measureGrowth(sessionId, other, third);
  await third.close();
  return {
    ...calls,
    'add until streamed in a third tab': delivered,
    'delta until followed in a third tab': grown,
    'longest add around the crash of the owner': await measureDeaths(sessionId, owner, other),
    'bare lock and handle, after a crash': await measureBare(),
  };
}

/** @param {string} sessionId @param {Page} from @param {Page} to */
async function measureDelivery(sessionId, from, to) {
  await to.evaluate((session) => measuredTab.listen(session), sessionId);
  const sent = await from.evaluate(
    ([session, count]) => measuredTab.send(session, count),
    /** @type {const} */ ([sessionId, COUNTS.sent]),
  );
  await to.waitForFunction(
    (count) => Object.keys(measuredTab.arrivals()).length >= count,
    COUNTS.sent,
  );
  const arrived = await to.evaluate(() => measuredTab.arrivals());
  return Object.entries(sent).map(([content, at]) => (arrived[content] ?? Number.NaN) - at);
}

/** @param {string} sessionId @param {Page} from @param {Page} to */
async function measureGrowth(sessionId, from, to) {
  await from.evaluate((session) => measuredTab.startGrowing(session), sessionId);
  await to.evaluate((session) => measuredTab.follow(session), sessionId);
  const written = await from.evaluate((count) => measuredTab.grow(count), COUNTS.sent);
  const grown = await to.evaluate(() => measuredTab.grown());
  return written.map((at, n) => {
    const seen = grown.find(({ length }) => length > n);
    return (seen?.at ?? Number.NaN) - at;
  });
}

/**
 * How long a call takes in whose midst the owner dies.
 *
 * @param {string} sessionId @param {Page} owner @param {Page} other
 */
async function measureDeaths(sessionId, owner, other) {
  const times = [];
  let [dying, next] = [owner, other];
  for (let n = 0; n < COUNTS.deaths; n++) {
    const hammering = next.evaluate((session) => measuredTab.hammer(session), sessionId);
    await next.waitForTimeout(100);
    await crash(dying);
    await next.waitForFunction(() => measuredTab.role() === 'owner');
    await next.evaluate(() => measuredTab.stopHammering());
    times.push(await hammering);
    [dying, next] = [next, await open()];
  }
  await dying.close();
  await next.close();
  return times;
}

async function measureBare() {
  const times = [];
  let dying = await openBare();
  await dying.waitForFunction(() => measuredTab.bareSince() !== undefined);
  for (let n = 0; n < COUNTS.deaths; n++) {
    const next = await openBare();
    await next.waitForTimeout(100);
    const begun = performance.timeOrigin + performance.now();
    await crash(dying);
    await next.waitForFunction(() => measuredTab.bareSince() !== undefined);
    times.push(((await next.evaluate(() => measuredTab.bareSince())) ?? Number.NaN) - begun);
    dying = next;
  }
  return times;
}

async function openBare() {
  const page = await blank();
  await page.evaluate(() => measuredTab.waitBare());
  return page;
}

/** A tab with the store open. */
async function open() {
  const page = await blank();
  await page.evaluate(() => measuredTab.open());
  return page;
}

async function blank() {
  const page = await launched.page();
  await page.goto(app.url);
  await page.waitForFunction(() => 'measuredTab' in globalThis);
  return page;
}

/** @param {Page} page */
async function crash(page) {
  const session = await page.context().newCDPSession(page);
  // It is never answered: who would?
  session.send('Page.crash').catch(() => undefined);
  await page.waitForEvent('crash');
  await page.close();
}

/** @param {number[]} times */
function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1), n: sorted.length };
}

/** @param {number} ms */
function shown(ms) {
  return ms < 10 ? ms.toFixed(2) : ms.toFixed(0);
}
