import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import {
  confirm,
  drop,
  type DroppedFile,
  goTo,
  hasFocus,
  searchFor,
  serveDemo,
} from './demo-page.ts';

const demo = serveDemo();

const HARBOUR: DroppedFile = {
  name: 'Harbour notes.txt',
  type: 'text/plain',
  content: 'At low tide the keeper of the lighthouse counts cormorants on the mole.',
};

const list = (page: Page) => page.getByRole('list', { name: 'Documents', exact: true });
const row = (page: Page, name: string) =>
  list(page).getByRole('listitem').filter({ hasText: name });

async function dropInView(page: Page, file: DroppedFile): Promise<void> {
  await goTo(page, 'Documents');
  await drop(list(page), file);
}

describe('documents in the demo', () => {
  it('finds the text of a dropped file, also after a reload, until it is deleted', async () => {
    const page = await demo.open();
    await dropInView(page, HARBOUR);
    await row(page, HARBOUR.name).getByText('Searchable: 71 characters in 1 chunk').waitFor();

    await page.reload();
    await row(page, HARBOUR.name).waitFor();
    const results = await searchFor(page, 'cormorants');
    const hit = results.getByRole('link').filter({ hasText: HARBOUR.name });
    await hit.locator('mark', { hasText: 'cormorants' }).waitFor();
    await hit.click();
    await hasFocus(row(page, HARBOUR.name));

    await page.getByRole('button', { name: `Delete “${HARBOUR.name}”` }).click();
    await confirm(page, 'Delete this document?', 'Delete');
    await row(page, HARBOUR.name).waitFor({ state: 'detached' });
    await hit.waitFor({ state: 'detached' });

    await page.reload();
    await row(page, 'Loaf log.md').waitFor();
    expect(await row(page, HARBOUR.name).count()).toBe(0);
  });

  it('adds what is dropped on a conversation to it', async () => {
    const page = await demo.open();
    await drop(page.getByRole('region', { name: 'Messages' }), HARBOUR);
    const attached = page.getByRole('list', { name: 'Documents of this conversation' });
    const chip = attached.getByRole('link', { name: HARBOUR.name });
    await chip.waitFor();
    await page.reload();
    await chip.click();
    await row(page, HARBOUR.name).getByRole('link', { name: 'Sourdough' }).waitFor();

    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Sourdough, second attempt' }).waitFor();
  });

  it('searches in documents, of all conversations or of one', async () => {
    const page = await demo.open();
    await goTo(page, 'Documents');
    await page.getByRole('searchbox', { name: 'Search in documents' }).fill('buckwheat');
    const passages = page.getByRole('list', { name: 'Passages found' });
    await passages.locator('mark', { hasText: 'buckwheat' }).waitFor();

    const filter = page.getByRole('combobox', { name: 'Conversation' });
    await filter.selectOption({ label: 'Squealing bicycle brakes' });
    await page.getByText('No document holds “buckwheat”').waitFor();
    await page.goBack();
    await passages.locator('mark', { hasText: 'buckwheat' }).waitFor();
  });

  it('says why a document cannot be searched', async () => {
    const page = await demo.open();
    await dropInView(page, { name: 'Blank.txt', type: 'text/plain', content: ' \n ' });
    await row(page, 'Blank.txt').getByText('Not searchable.').waitFor();
  });

  it('shows HTML as text', async () => {
    const page = await demo.open();
    const html = '<p>Low tide</p><script>alert(1)</script><img src=x onerror=alert(2)>';
    await dropInView(page, { name: 'Page.html', type: 'text/html', content: html });
    await page.getByRole('button', { name: 'Open “Page.html”' }).click();
    const dialog = page.getByRole('dialog', { name: 'Page.html' });
    await dialog.getByText(html).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  it('gives a file back as it was', async () => {
    const page = await demo.open();
    await dropInView(page, HARBOUR);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: `Download “${HARBOUR.name}”` }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(HARBOUR.name);
    expect(await readFile(await download.path(), 'utf8')).toBe(HARBOUR.content);
  });
});
