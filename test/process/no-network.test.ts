import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';
import { serveSource, type ServedApp } from '../../scripts/serve.mjs';
import { startProxy, type RecordingProxy } from './support/recording-proxy.ts';

let app: ServedApp;
let proxy: RecordingProxy;
let launched: LaunchedBrowser;
let page: Page;

beforeAll(async () => {
  app = await serveSource(fileURLToPath(new URL('page/', import.meta.url)));
  proxy = await startProxy(new URL(app.url).origin);
  launched = await launchBrowser();
  const context = await launched.browser.newContext({ proxy: { server: proxy.url } });
  page = await context.newPage();
  await page.goto(`${app.url}offline.html`);
  await page.waitForFunction(() => 'offlinePage' in globalThis);
});

afterAll(async () => {
  await launched?.close();
  await proxy?.close();
  await app?.close();
});

describe('a store with the default configuration', () => {
  it('asks nobody but the page’s own origin for anything, whatever it is used for', async () => {
    const found = await page.evaluate(() => offlinePage.use());
    expect(proxy.foreign).toStrictEqual([]);
    // The model has come from there, and is in use.
    expect(proxy.own.filter((path) => path.endsWith('.bin'))).toHaveLength(1);
    const flight = 'My flight to Madrid got cancelled';
    expect(found).toMatchObject({
      backend: 'opfs',
      text: [flight],
      similar: [flight],
      documents: [expect.stringContaining('expensive')],
      vector: [flight],
      hybrid: expect.arrayContaining([flight, 'Limestone dissolves in acid']),
      embedding: { status: 'ready', model: 'static', embedded: 3, pending: 0 },
    });
  });

  it('would be found out, whichever of its workers asked', async () => {
    for (const url of ['http://models.example/a', 'https://models.example/b']) {
      await page.evaluate((address) => offlinePage.leak(address), url);
    }
    expect(proxy.foreign).toStrictEqual(['http://models.example/a', 'models.example:443']);
  });
});
