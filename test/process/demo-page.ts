import { fileURLToPath } from 'node:url';
import type { BrowserContext, Locator, Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';

/** A file as somebody would drop it. */
export interface DroppedFile {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

export interface Demo {
  /** The demo as somebody sees it who has never been there, once it is ready. */
  open(): Promise<Page>;
}

/**
 * Serves the demo for the tests of a file. Each opening has a store of its own; after each test,
 * nothing may have gone wrong in the page, and nothing in it may have run as a script of its own.
 */
export function serveDemo(): Demo {
  let server: ViteDevServer;
  let launched: LaunchedBrowser;
  let context: BrowserContext | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await createServer({
      configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0, hmr: false },
    });
    await server.listen();
    launched = await launchBrowser();
  });

  afterEach(async () => {
    await context?.close();
    expect(problems.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await launched?.close();
    await server?.close();
  });

  return {
    async open() {
      const [url] = server.resolvedUrls?.local ?? [];
      if (url === undefined) throw new Error('The server has no address.');
      context = await launched.browser.newContext({ baseURL: url, acceptDownloads: true });
      const page = await context.newPage();
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('dialog', (dialog) => {
        problems.push(`${dialog.type()}: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto('/');
      await page.getByRole('region', { name: 'Messages' }).getByRole('article').first().waitFor();
      return page;
    },
  };
}

/** Goes to a view by the navigation. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
  await page.getByRole('heading', { level: 1, name: view }).waitFor();
}

/** Searches in the sidebar; gives the region with the results. */
export async function searchFor(page: Page, query: string): Promise<Locator> {
  await page.getByRole('searchbox', { name: 'Search messages and documents' }).fill(query);
  return page.getByRole('region', { name: 'Search results' });
}

/** Drags files over an element and lets go. */
export async function drop(target: Locator, ...files: DroppedFile[]): Promise<void> {
  const dataTransfer = await target.page().evaluateHandle((dropped) => {
    const transfer = new DataTransfer();
    for (const { name, type, content } of dropped) {
      transfer.items.add(new File([content], name, { type }));
    }
    return transfer;
  }, files);
  await target.dispatchEvent('dragenter', { dataTransfer });
  await target.dispatchEvent('dragover', { dataTransfer });
  await target.dispatchEvent('drop', { dataTransfer });
}
