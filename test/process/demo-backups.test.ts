import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';

/** Lists are read anew after a restore, which takes its time on a busy machine. */
const PATIENTLY = { timeout: 10_000 };

const SAMPLE_CONVERSATIONS = 6;
const CONTENTS = /6 conversations, 54 messages, \d+ documents/;

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

/** The backups of somebody who has never been there. `prepare` runs in the page, before all else. */
async function openBackups(prepare: () => void = withoutPicker): Promise<Page> {
  const [url] = server.resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('The server has no address.');
  context = await launched.browser.newContext({ baseURL: url });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  await page.addInitScript(prepare);
  await page.goto('/#/backups');
  await page.getByRole('heading', { level: 1, name: 'Backups' }).waitFor();
  await conversations(page)
    .nth(SAMPLE_CONVERSATIONS - 1)
    .waitFor();
  return page;
}

/** As in browsers that can only download. */
function withoutPicker(): void {
  delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker;
}

/** The dialog of the system cannot be driven; a file of the origin stands for the chosen one. */
function withPickedFile(): void {
  Object.assign(window, {
    showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) => {
      const root = await navigator.storage.getDirectory();
      return root.getFileHandle(suggestedName, { create: true });
    },
  });
}

/** Files whose end never comes, as on a disk that has stalled. */
function withStalledFiles(): void {
  delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker;
  const { stream } = Blob.prototype;
  File.prototype.stream = function (this: File) {
    const reader = stream.call(this).getReader();
    return new ReadableStream({
      pull: async (controller) => {
        const { value } = await reader.read();
        if (value === undefined) await new Promise(() => undefined);
        else controller.enqueue(value);
      },
    });
  };
}

const conversations = (page: Page) =>
  page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');
const backupRows = (page: Page) => page.locator('.backup');

async function titles(page: Page): Promise<string[]> {
  const texts = await conversations(page).allInnerTexts();
  return texts.map((text) => text.split('\n')[0] ?? '');
}

async function deleteConversation(page: Page, title: string): Promise<void> {
  const doomed = conversations(page).filter({ hasText: title });
  await doomed.focus();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await doomed.waitFor({ state: 'detached' });
}

async function exportToFile(page: Page): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export to a file…' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^flatfile-chat \d{4}-\d{2}-\d{2}\.zip$/);
  return readFile(await download.path());
}

async function importFile(page: Page, buffer: Buffer): Promise<void> {
  const file = { name: 'saved.zip', mimeType: 'application/zip', buffer };
  await page.locator('.backups input[type=file]').setInputFiles(file);
  const dialog = page.getByRole('dialog', { name: 'Import this backup?' });
  await dialog.getByRole('button', { name: 'Import' }).click();
}

describe('backups in the demo', () => {
  it('makes a backup in the store, and restores it', async () => {
    const page = await openBackups();
    await page.getByText('There is no backup in this store yet.').waitFor();
    const before = await titles(page);
    await page.getByRole('button', { name: 'Back up' }).click();
    await backupRows(page).getByText(CONTENTS).waitFor();

    await deleteConversation(page, 'Lisbon');
    await backupRows(page)
      .getByRole('button', { name: /^Restore/ })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Restore this backup?' });
    await dialog.getByText(CONTENTS).waitFor();
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await page
      .locator('.task')
      .getByText(/^Restored/)
      .waitFor();
    await expect.poll(() => titles(page), PATIENTLY).toEqual(before);
  });

  it('asks before it replaces a backup, says why a name is refused, and deletes', async () => {
    const page = await openBackups();
    const name = page.getByRole('textbox', { name: 'Name of the backup' });
    await name.fill('half:past');
    await name.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'A name is made of' }).waitFor();
    expect(await name.evaluate((field) => field.matches(':focus'))).toBe(true);

    await name.fill('weekly');
    await name.press('Enter');
    await backupRows(page).getByRole('heading', { name: 'weekly' }).waitFor();
    await name.fill('weekly');
    await name.press('Enter');
    const replace = page.getByRole('dialog', { name: 'Replace the backup?' });
    await replace.getByRole('button', { name: 'Replace' }).click();
    await page.locator('.task').getByText('Backed up as “weekly”.').waitFor();
    expect(await backupRows(page).count()).toBe(1);

    await page.getByRole('button', { name: 'Delete weekly' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await backupRows(page).waitFor({ state: 'detached' });
  });

  it('exports to a file and brings the same conversations back from it', async () => {
    const page = await openBackups();
    const before = await titles(page);
    const archive = await exportToFile(page);
    await page
      .locator('.task')
      .getByText(/^Exported \d/)
      .waitFor();

    await deleteConversation(page, 'Lisbon');
    await deleteConversation(page, 'bicycle');
    await importFile(page, archive);
    const report = page.getByRole('list', { name: 'Imported' });
    await report.getByText('6 conversations').waitFor();
    await report.getByText('54 messages').waitFor();
    await expect.poll(() => titles(page), PATIENTLY).toEqual(before);

    // Not only in the list: what is in them is there, too, and still after a reload.
    await page.reload();
    await conversations(page).filter({ hasText: 'Lisbon' }).click();
    await page.getByRole('region', { name: 'Messages' }).getByRole('article').first().waitFor();
    await expect.poll(() => titles(page), PATIENTLY).toEqual(before);
  });

  it('writes straight to the file that was chosen, where the browser can', async () => {
    const page = await openBackups(withPickedFile);
    await page.getByRole('button', { name: 'Export to a file…' }).click();
    await page
      .locator('.task')
      .getByText(/^Exported \d/)
      .waitFor();
    const start = await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      for await (const [name, handle] of root.entries()) {
        if (!name.endsWith('.zip') || !(handle instanceof FileSystemFileHandle)) continue;
        const file = await handle.getFile();
        return file.slice(0, 2).text();
      }
      return 'no file';
    });
    expect(start).toBe('PK');
  });

  it('shows how far an import is, and changes nothing when it is cancelled', async () => {
    const page = await openBackups(withStalledFiles);
    const archive = await exportToFile(page);
    await deleteConversation(page, 'Lisbon');
    const before = await titles(page);

    await importFile(page, archive);
    const bar = page.getByRole('progressbar');
    await expect.poll(() => bar.getAttribute('max'), PATIENTLY).toBe(`${archive.length}`);
    // All of it has been read, none of it restored.
    await expect
      .poll(() => bar.getAttribute('value'), PATIENTLY)
      .toBe(`${Math.floor(archive.length / 2)}`);
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.focus();
    await page.keyboard.press('Enter');
    const outcome = page.locator('.task');
    await outcome.getByText('The import was cancelled. Nothing was changed.').waitFor();
    await expect
      .poll(() => outcome.evaluate((panel) => panel.matches(':focus')), PATIENTLY)
      .toBe(true);
    expect(await titles(page)).toEqual(before);

    await page.reload();
    await conversations(page).first().waitFor();
    expect(await titles(page)).toEqual(before);
  });

  it('takes a file that is dropped, and says what is wrong with it', async () => {
    const page = await openBackups();
    const before = await titles(page);
    await page.getByRole('heading', { name: 'In a file' }).evaluate((target) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['not a backup'], 'holiday.zip'));
      target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    });
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await page.getByRole('alert').filter({ hasText: 'no flatfile-chat backup' }).waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    expect(await titles(page)).toEqual(before);
  });
});
