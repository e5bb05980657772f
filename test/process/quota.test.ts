import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';
import { serveSource, type ServedApp } from '../../scripts/serve.mjs';

const SMALL = 6_000_000;
const LARGE = 1_000_000_000;

let app: ServedApp;
let launched: LaunchedBrowser;
let page: Page;

beforeAll(async () => {
  app = await serveSource(fileURLToPath(new URL('page/', import.meta.url)));
});

afterEach(() => launched?.kill());

afterAll(() => app?.close());

/** A page that may keep so many bytes. */
async function openPage(): Promise<(quotaSize: number) => Promise<void>> {
  launched = await launchBrowser();
  page = await launched.page();
  await page.goto(app.url);
  await page.waitForFunction(() => 'chatPage' in globalThis);
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(app.url);
  return async (quotaSize) => {
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  };
}

describe.each(['opfs', 'indexeddb'] as const)('a full disk, with %s', (backend) => {
  it('refuses what does not fit, keeps what there was, and works on once there is space', async () => {
    const setQuota = await openPage();
    await setQuota(SMALL);
    await page.evaluate((kind) => chatPage.open(kind, 'flushed'), backend);
    await page.evaluate(() => chatPage.startSession('Full'));
    const { added, refusal } = await page.evaluate(() => chatPage.fill());
    expect(refusal).toStrictEqual({ isQuotaError: true, code: 'quota' });
    expect(added).toBeGreaterThan(0);

    const read = () => page.evaluate(() => chatPage.read('Full'));
    const expectState = async (count: number) => {
      const { messages, counted, listed } = await read();
      expect([messages.length, counted, listed]).toStrictEqual([count, count, count]);
      const [first, last] = [messages[0], messages[added - 1]];
      expect(first?.content).toMatch(/^fill0 .{300000}$/);
      expect(last?.content).toMatch(new RegExp(`^fill${added - 1} .{300000}$`));
    };
    await expectState(added);
    expect(await page.evaluate(() => chatPage.search('fill0'))).toHaveLength(1);

    // All or none, also here.
    const batch = await page.evaluate(() => chatPage.addLargeBatch());
    expect(batch).toStrictEqual({ isQuotaError: true, code: 'quota' });
    await expectState(added);

    await page.evaluate(() => chatPage.close());
    await page.evaluate((kind) => chatPage.open(kind, 'flushed'), backend);
    await expectState(added);

    await setQuota(LARGE);
    await page.evaluate(() => chatPage.resumeSession('Full'));
    expect(await page.evaluate(() => chatPage.addLargeBatch())).toBe(2);
    await expectState(added + 2);
  });

  it('lets go of what is deleted, and writes on in its place', async () => {
    const setQuota = await openPage();
    await setQuota(SMALL);
    await page.evaluate((kind) => chatPage.open(kind, 'flushed'), backend);
    await page.evaluate(() => chatPage.startSession('Kept'));
    expect(await page.evaluate(() => chatPage.addSmall())).toBe(2);
    await page.evaluate(() => chatPage.whenIdle());
    await page.evaluate(() => chatPage.startSession('Full'));
    const { refusal } = await page.evaluate(() => chatPage.fill());
    expect(refusal).toStrictEqual({ isQuotaError: true, code: 'quota' });

    await page.evaluate(() => chatPage.resumeSession('Kept'));
    expect(await page.evaluate(() => chatPage.deleteFirst())).toBe(true);
    await page.evaluate(() => chatPage.resumeSession('Full'));
    expect(await page.evaluate(() => chatPage.deleteSession())).toBe(true);

    // Chromium sets a mebibyte or more aside for each file that is open for writing.
    await page.evaluate(() => chatPage.close());
    await page.evaluate((kind) => chatPage.open(kind, 'flushed'), backend);
    await page.evaluate(() => chatPage.startSession('After'));
    expect(await page.evaluate(() => chatPage.addSmall())).toBe(2);
    await page.evaluate(() => chatPage.close());
    await page.evaluate((kind) => chatPage.open(kind, 'flushed'), backend);
    for (const [title, count] of [
      ['Kept', 1],
      ['After', 2],
    ] as const) {
      const { messages, counted, listed } = await page.evaluate((of) => chatPage.read(of), title);
      expect([title, messages.length, counted, listed]).toStrictEqual([title, count, count, count]);
    }
  });
});
