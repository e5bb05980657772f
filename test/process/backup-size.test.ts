import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';
import { serveSource, type ServedApp } from '../../scripts/serve.mjs';
import { watchWorkerMemory } from './support/worker-memory.ts';

const STORE_BYTES = 200_000_000;
const MAX_GROWTH_BYTES = 64 * 1024 * 1024;

let app: ServedApp;
let launched: LaunchedBrowser;

beforeAll(async () => {
  app = await serveSource(fileURLToPath(new URL('page/', import.meta.url)));
  launched = await launchBrowser();
});

afterAll(async () => {
  await launched?.kill();
  await app?.close();
});

// A minute on a machine that has nothing else to do.
describe('a store of 200 MB', { timeout: 240_000 }, () => {
  it('is exported, and imported elsewhere, in little memory', async () => {
    const page = await launched.page();
    const memory = await watchWorkerMemory(page);
    await page.goto(new URL('backup.html', app.url).href);
    await page.waitForFunction(() => 'backupPage' in globalThis);

    await page.evaluate(() => backupPage.open('first'));
    await page.evaluate(() => backupPage.fill('first'));
    const before = await page.evaluate(() => backupPage.digests('first'));
    expect(await page.evaluate(() => backupPage.storageBytes('first'))).toBeGreaterThan(
      STORE_BYTES,
    );
    // Opened anew, so that what writing left in memory is no part of what is measured.
    await page.evaluate(() => backupPage.close('first'));
    await page.evaluate(() => backupPage.open('first'));

    const exporting = await memory.during(() =>
      page.evaluate(() => backupPage.exportToFile('first', 'archive.zip')),
    );
    expect(exporting.value).toBeGreaterThan(STORE_BYTES / 2);
    await page.evaluate(() => backupPage.close('first'));

    await page.evaluate(() => backupPage.open('second'));
    const importing = await memory.during(() =>
      page.evaluate(() => backupPage.importFromFile('second', 'archive.zip')),
    );
    const counts = { users: 1, sessions: 10, messages: 20_000, documents: 5 };
    expect(importing.value).toMatchObject(counts);
    expect(await page.evaluate(() => backupPage.digests('second'))).toStrictEqual(before);
    await page.evaluate(() => backupPage.close('second'));

    for (const { samples, growthBytes } of [exporting, importing]) {
      expect(samples).toBeGreaterThan(10);
      expect(growthBytes).toBeLessThan(MAX_GROWTH_BYTES);
    }
  });
});
