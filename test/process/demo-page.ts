import { fileURLToPath } from 'node:url';
import type { BrowserContext, Locator, Page } from 'playwright';
import { preview, type PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';

/** For what is done in a moment, and on a busy machine later. */
export const PATIENTLY = { timeout: 60_000 };

/** A file as somebody would drop it. */
export interface DroppedFile {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

export interface Opening {
  /** Such as `#/statistics`. Default: the newest conversation. */
  readonly hash?: string;
  /** Milliseconds that a reply takes for each word. Default: 0, all of it at once. */
  readonly paceMs?: number;
  /** Runs in the page, before all else. */
  readonly prepare?: () => void;
}

export interface Demo {
  /** The demo as somebody sees it who has never been there, once its samples are stored. */
  open(opening?: Opening): Promise<Page>;
  /** One more tab of the store that was opened last. */
  openTab(opening?: Opening): Promise<Page>;
}

/**
 * Serves the demo for the tests of a file. Each opening has a store of its own; after each
 * test, nothing may have gone wrong in the page, and nothing in it may have run as a script of its own.
 */
export function serveDemo(): Demo {
  let server: PreviewServer;
  let launched: LaunchedBrowser;
  let context: BrowserContext | undefined;
  const problems: string[] = [];

  beforeAll(async () => {
    server = await preview({
      configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
      logLevel: 'error',
      build: { outDir: inject('demoFolder') },
      preview: { host: '127.0.0.1', port: 0 },
    });
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

  const openTab = async ({ hash = '', paceMs = 0, prepare }: Opening = {}): Promise<Page> => {
    if (context === undefined) throw new Error('No store has been opened.');
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => {
      problems.push(`${dialog.type()}: ${dialog.message()}`);
      void dialog.dismiss();
    });
    if (prepare !== undefined) await page.addInitScript(prepare);
    await page.goto(`/?pace=${paceMs}${hash}`);
    await conversations(page).first().waitFor();
    if (hash === '') await messages(page).first().waitFor();
    return page;
  };

  return {
    async open(opening) {
      const [url] = server.resolvedUrls?.local ?? [];
      if (url === undefined) throw new Error('The server has no address.');
      context = await launched.browser.newContext({
        baseURL: url,
        acceptDownloads: true,
        colorScheme: 'light',
      });
      context.setDefaultTimeout(PATIENTLY.timeout);
      return openTab(opening);
    },
    openTab,
  };
}

export async function hasFocus(element: Locator): Promise<void> {
  await expect
    .poll(() => element.evaluate((found) => found.matches(':focus')), PATIENTLY)
    .toBe(true);
}

/** The sidebar's list. */
export function conversations(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
}

/** Those of the conversation or the panel that is open. */
export function messages(page: Page): Locator {
  return page.getByRole('region', { name: 'Messages' }).getByRole('article');
}

/** Writes into the conversation or the panel that is open. */
export async function send(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.fill(text);
  await field.press('Enter');
  await messages(page).getByText(text, { exact: true }).waitFor();
}

/** Says yes in the dialog that is open. */
export async function confirm(page: Page, title: string, action: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('button', { name: action }).click();
  await dialog.waitFor({ state: 'detached' });
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
