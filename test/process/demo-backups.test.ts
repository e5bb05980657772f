import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { confirm, conversations, PATIENTLY, hasFocus, serveDemo } from './demo-page.ts';

const CONTENTS = /6 conversations, 54 messages, \d+ documents/;

const demo = serveDemo();

/** The backups of somebody who has never been there. */
async function openBackups(prepare = withoutPicker): Promise<Page> {
  const page = await demo.open({ hash: '#/backups', prepare });
  await page.getByRole('heading', { level: 1, name: 'Backups' }).waitFor();
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

const backupRows = (page: Page) => page.locator('.backup');

async function titles(page: Page): Promise<string[]> {
  const texts = await conversations(page).allInnerTexts();
  return texts.map((text) => text.split('\n')[0] ?? '');
}

async function deleteConversation(page: Page, title: string): Promise<void> {
  const doomed = conversations(page).filter({ hasText: title });
  await doomed.focus();
  await page.keyboard.press('Delete');
  await confirm(page, 'Delete this conversation?', 'Delete');
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
  await confirm(page, 'Import this backup?', 'Import');
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
    await page.getByRole('dialog').getByText(CONTENTS).waitFor();
    await confirm(page, 'Restore this backup?', 'Restore');
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
    await hasFocus(name);

    await name.fill('weekly');
    await name.press('Enter');
    await backupRows(page).getByRole('heading', { name: 'weekly' }).waitFor();
    await name.fill('weekly');
    await name.press('Enter');
    await confirm(page, 'Replace the backup?', 'Replace');
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
    await hasFocus(outcome);
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
    await confirm(page, 'Import this backup?', 'Import');
    await page.getByRole('alert').filter({ hasText: 'no flatfile-chat backup' }).waitFor();
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    expect(await titles(page)).toEqual(before);
  });
});
