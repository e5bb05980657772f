import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';
import { serveBuilt, type ServedApp } from '../../scripts/serve.mjs';
import { createRandom, pick, below } from '../support/crash/random.ts';
import type { Resolved } from './page/mixed-writes.ts';
import { Ledger } from './support/ledger.ts';

/** `npm run test:crash` does 500. */
const KILLS = Number(process.env['FFDB_KILLS'] ?? 12);

/** A user has so many rounds: what each of them is compared with grows with every round. */
const ROUNDS_OF_USER = 20;

/** Most writes that resolve before the kill. */
const MAX_WRITES = 40;

const TARGETS = ['worker', 'tab', 'page', 'renderer', 'browser'] as const;

type Target = (typeof TARGETS)[number];

/** Whole browsers are killed least often: starting one takes longest. */
const ORDER: readonly Target[] = [
  'worker',
  'renderer',
  'tab',
  'page',
  'browser',
  'worker',
  'renderer',
  'page',
];

interface Row {
  kills: number;
  writes: number;
  lost: number;
  half: number;
  notOpened: number;
}

const app: {
  /** The built page. */
  built?: string;
  served?: ServedApp;
  profile?: string;
  launched?: LaunchedBrowser;
} = {};
let page: Page;
let onResolved: (write: string) => void = () => undefined;

beforeAll(async () => {
  const pages = fileURLToPath(new URL('page/', import.meta.url));
  app.built = await mkdtemp(join(tmpdir(), 'flatfile-chat-crash-page-'));
  // From source a worker is hundreds of files, which a browser that was killed fetches again.
  await build({
    root: pages,
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: {
      outDir: app.built,
      minify: false,
      rolldownOptions: { input: join(pages, 'crash.html') },
    },
  });
  app.served = await serveBuilt(app.built);
  app.profile = await mkdtemp(join(tmpdir(), 'flatfile-chat-crash-'));
  await launch();
});

afterAll(async () => {
  await app.launched?.kill();
  await app.served?.close();
  for (const folder of [app.profile, app.built]) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
});

async function launch(): Promise<void> {
  app.launched = await launchBrowser(app.profile);
  await openPage();
}

async function openPage(): Promise<void> {
  const { launched, served } = app;
  if (launched === undefined || served === undefined) throw new Error('Nothing was started.');
  page = await newPage(launched);
  await page.exposeFunction('tellResolved', (write: string) => onResolved(write));
  await page.goto(`${served.url}crash.html`);
  await page.waitForFunction(() => 'crashPage' in globalThis);
}

/** A tab, for which the browser may have had a renderer ready that was killed along with the others. */
async function newPage(launched: LaunchedBrowser, attempts = 5): Promise<Page> {
  try {
    return await launched.page();
  } catch (error) {
    if (attempts === 1) throw error;
    return newPage(launched, attempts - 1);
  }
}

/** Ends a part of the browser without a warning. */
async function kill(target: Target): Promise<void> {
  const { launched } = app;
  switch (target) {
    case 'worker':
      return page.evaluate(() => crashPage.killWorker());
    case 'tab':
      return page.close({ runBeforeUnload: false });
    case 'page': {
      const session = await page.context().newCDPSession(page);
      const crashed = page.waitForEvent('crash');
      // It has nobody left who could answer.
      session.send('Page.crash').catch(() => undefined);
      await crashed;
      return page.close();
    }
    case 'renderer': {
      const session = await launched?.browser.newBrowserCDPSession();
      const processes = (await session?.send('SystemInfo.getProcessInfo'))?.processInfo ?? [];
      const crashed = page.waitForEvent('crash');
      for (const { type, id } of processes) {
        if (type === 'renderer') process.kill(id, 'SIGKILL');
      }
      await crashed;
      return page.close();
    }
    case 'browser':
      return launched?.kill();
  }
}

/** What it takes to open the store again. */
async function restart(target: Target): Promise<void> {
  if (target === 'browser') return launch();
  if (target !== 'worker') return openPage();
}

describe('a store on OPFS whose worker, tab, renderer or browser is killed', () => {
  it(
    `has lost no resolved write and holds no half of another, after ${KILLS} kills`,
    { timeout: 60_000 + KILLS * 30_000 },
    async () => {
      const random = createRandom(500);
      const rows = new Map<Target, Row>();
      const problems: string[] = [];
      const kinds = new Map<Resolved['kind'], number>();
      const report = (): void => console.table(Object.fromEntries(rows));
      let ledger = new Ledger();
      for (let round = 0; round < KILLS; round++) {
        const userId = `u${Math.floor(round / ROUNDS_OF_USER)}`;
        if (round % ROUNDS_OF_USER === 0) ledger = new Ledger();
        // By luck in long runs, in turn at first, so that none is left out of a short one.
        const target = round < ORDER.length ? (ORDER[round] ?? 'worker') : pick(random, ORDER);
        const row = rows.get(target) ?? { kills: 0, writes: 0, lost: 0, half: 0, notOpened: 0 };
        rows.set(target, row);

        // So that a long run that is given up has shown something.
        if (round > 0 && round % 25 === 0) report();
        if (round === 0) await page.evaluate((user) => crashPage.open(user), userId);
        const before = ledger.size;
        const enough = 1 + below(random, MAX_WRITES);
        const current = ledger;
        await new Promise<void>((reached, failed) => {
          let seen = 0;
          onResolved = (write) => {
            const resolved = JSON.parse(write) as Resolved;
            current.note(resolved);
            kinds.set(resolved.kind, (kinds.get(resolved.kind) ?? 0) + 1);
            seen++;
            if (seen === enough) reached();
          };
          const seed = below(random, 2 ** 31);
          // It never ends by itself; when it is killed before that, it says so too late to matter.
          page
            .evaluate(([user, number, start]) => crashPage.write(user, number, start), [
              userId,
              round,
              seed,
            ] as const)
            .catch((error: unknown) => failed(error as Error));
        });
        await kill(target);
        row.kills++;
        row.writes += ledger.size - before;

        const where = `kill ${round + 1}, of the ${target}`;
        const next = `u${Math.floor((round + 1) / ROUNDS_OF_USER)}`;
        try {
          await restart(target);
          await page.evaluate((user) => crashPage.open(user), userId);
          const read = await page.evaluate((user) => crashPage.read(user), userId);
          const { lost, half } = ledger.check(read);
          row.lost += lost.length;
          row.half += half.length;
          const found = [...lost, ...half].map((what) => `${where}: ${what}`);
          problems.push(...found);
          // At once: a long run may be given up.
          for (const problem of found) console.error(problem);
          const last = ledger.lastMessage;
          if (round % 5 === 0 && last !== undefined) {
            const word = `${last.split('-')[0]}`;
            const hits = await page.evaluate(([user, query]) => crashPage.search(user, query), [
              userId,
              word,
            ] as const);
            if (hits.length === 0 && !lost.some((what) => what.includes(last))) {
              problems.push(`${where}: ${word} is not found`);
            }
          }
          if (next !== userId) {
            if (read.backups.length > 0) await page.evaluate(() => crashPage.restore('safe'));
            await page.evaluate(() => crashPage.close());
            await page.evaluate((user) => crashPage.open(user), next);
          }
        } catch (error) {
          row.notOpened++;
          problems.push(`${where}: the store does not open: ${String(error)}`);
          break;
        }
      }
      report();
      console.log('resolved writes by kind:', Object.fromEntries(kinds));
      expect(problems).toEqual([]);
      expect([...rows.values()].reduce((sum, { kills }) => sum + kills, 0)).toBe(KILLS);
    },
  );
});
