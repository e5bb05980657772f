import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import {
  confirm,
  conversations,
  PATIENTLY,
  hasFocus,
  messages,
  searchFor,
  send,
  serveDemo,
} from './demo-page.ts';

const SAMPLE_CONVERSATIONS = 6;

const demo = serveDemo();

const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const results = (page: Page) => page.getByRole('region', { name: 'Search results' });

async function startConversation(page: Page): Promise<void> {
  await page.keyboard.press('Control+Alt+KeyN');
  await page.getByRole('heading', { level: 1, name: 'New conversation' }).waitFor();
  await expect.poll(() => composer(page).isEnabled(), PATIENTLY).toBe(true);
}

async function rightEdge(element: Locator): Promise<number | undefined> {
  const box = await element.boundingBox();
  return box === null ? undefined : box.x + box.width;
}

describe('demo', () => {
  it('opens on sample conversations and says where they are kept', async () => {
    const page = await demo.open();
    await messages(page).first().waitFor();
    const status = page.getByRole('contentinfo', { name: 'Storage' });
    await status.getByText('OPFS').waitFor();
    await status.getByText(/\d+ messages in 6 conversations/).waitFor();

    await page.setViewportSize({ width: 360, height: 700 });
    const themes = status.getByRole('group', { name: 'Theme' });
    await expect.poll(() => rightEdge(themes), PATIENTLY).toBeLessThanOrEqual(360);
  });

  it('keeps a message across a reload, and returns to its conversation', async () => {
    const page = await demo.open();
    await startConversation(page);
    await send(page, 'The bicycle is parked on level three');
    // The message, and the answer to it.
    await page.getByText('56 messages in 7 conversations').waitFor();
    // Another conversation would be the one that the demo opens by itself.
    await conversations(page).nth(2).click();
    await conversations(page).first().click();
    const address = page.url();

    await page.reload();
    await messages(page).getByText('The bicycle is parked on level three').waitFor();
    expect(page.url()).toBe(address);
  });

  it('finds a message, marks what matched and leads to it', async () => {
    const page = await demo.open();
    await page.keyboard.press('/');
    await page.keyboard.type('isopropyl');
    await results(page).locator('mark', { hasText: 'isopropyl' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Squealing bicycle brakes' }).waitFor();
    const found = page.getByRole('listitem').filter({ hasText: 'isopropyl' });
    await hasFocus(found.last());

    await page.keyboard.press('Escape');
    await results(page).waitFor({ state: 'detached' });
  });

  it('finds by meaning what holds none of the words, and says how similar it is', async () => {
    const page = await demo.open();
    const found = await searchFor(page, 'noisy bike');
    const hit = found.getByRole('link').filter({ hasText: 'rhythmic rubbing' });
    // It is found as soon as it is embedded.
    await hit.getByText(/\d\d % similar/).waitFor();
    expect(await hit.locator('mark').count()).toBe(0);

    await found.getByRole('radio', { name: 'Words' }).check({ force: true });
    await found.getByText('Nothing holds “noisy bike”').waitFor();

    await found.getByRole('radio', { name: 'Meaning' }).check({ force: true });
    await hit.waitFor();
    await found.getByRole('combobox', { name: 'Said by' }).selectOption('By assistants');
    await hit.waitFor({ state: 'detached' });
    await found.getByText('rotor is slightly bent').waitFor();

    await page.setViewportSize({ width: 360, height: 700 });
    await page.getByRole('button', { name: 'Show conversations' }).click();
    const overflow = () => found.evaluate((list) => list.scrollWidth - list.clientWidth);
    await expect.poll(overflow, PATIENTLY).toBe(0);
  });

  it('renames a conversation by keyboard, and not when Escape is pressed', async () => {
    const page = await demo.open();
    await conversations(page).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('F2');
    await page.keyboard.type('Timers');
    await page.keyboard.press('Enter');
    const renamed = conversations(page).filter({ hasText: 'Timers' });
    await renamed.waitFor();
    await hasFocus(renamed);

    await page.keyboard.press('F2');
    await page.keyboard.type('Something else');
    await page.keyboard.press('Escape');
    await renamed.waitFor();

    await page.reload();
    await renamed.waitFor();
  });

  it('deletes a conversation by keyboard once that is confirmed', async () => {
    const page = await demo.open();
    const doomed = conversations(page).filter({ hasText: 'Lisbon' });
    await doomed.focus();
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete this conversation?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await doomed.waitFor();

    await page.keyboard.press('Delete');
    await dialog.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await doomed.waitFor({ state: 'detached' });

    await page.reload();
    await conversations(page)
      .nth(SAMPLE_CONVERSATIONS - 2)
      .waitFor();
    expect(await conversations(page).count()).toBe(SAMPLE_CONVERSATIONS - 1);
  });

  it('shows as text what looks like HTML, also where it was searched for', async () => {
    const page = await demo.open();
    const text = '<img src=x onerror=alert(1)> & <mark>';
    await startConversation(page);
    await send(page, text);
    const found = await searchFor(page, 'onerror');
    await found.getByRole('radio', { name: 'Words' }).check({ force: true });
    await found.locator('mark', { hasText: 'onerror' }).waitFor();
    expect(await found.getByRole('link').first().innerText()).toContain(
      '<img src=x onerror=alert(1)> & <mark>',
    );
    expect(await page.locator('img').count()).toBe(0);
  });

  it('edits and deletes a message', async () => {
    const page = await demo.open();
    await startConversation(page);
    await send(page, 'Meet at eight');
    const own = messages(page).filter({ hasText: 'Meet at' });
    await own.getByRole('button', { name: 'Edit message' }).click();
    await page.getByRole('textbox', { name: 'Edit message' }).fill('Meet at nine');
    await page.keyboard.press('Enter');
    await own.getByText('Meet at nine').waitFor();
    await own.getByText('edited').waitFor();

    await own.getByRole('button', { name: 'Delete message' }).click();
    await confirm(page, 'Delete this message?', 'Delete');
    await own.waitFor({ state: 'detached' });
  });

  it('answers with what the history says', async () => {
    const page = await demo.open();
    await startConversation(page);
    await send(page, 'Which number has the dinner confirmation?');
    const answer = messages(page).filter({ hasText: 'Recall' });
    await answer.getByRole('link').filter({ hasText: 'LX-4471' }).click();
    await page.getByRole('heading', { level: 1, name: 'Lisbon in three days' }).waitFor();
  });

  it('answers with what means the same where nothing has the words', async () => {
    const page = await demo.open();
    // Only what is embedded by then can be found.
    const found = await searchFor(page, 'noisy bike');
    await found
      .getByText(/\d\d % similar/)
      .first()
      .waitFor();
    await startConversation(page);
    await send(page, 'Remove rust and oil with a towel');
    const answer = messages(page).filter({ hasText: 'Close to it in meaning' });
    await answer.getByRole('link').filter({ hasText: 'isopropyl' }).waitFor();
  });

  it('says why a message was refused, and keeps it', async () => {
    const page = await demo.open();
    await startConversation(page);
    const tooLong = 'words '.repeat(200_000);
    // Not typed in: a browser takes long to edit that much text.
    await composer(page).evaluate((field, text) => {
      if (field instanceof HTMLTextAreaElement) field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, tooLong);
    await composer(page).press('Enter');
    await page.getByRole('alert').filter({ hasText: 'content' }).waitFor();
    expect(await composer(page).inputValue()).toBe(tooLong);
  });

  it('remembers the theme that was chosen', async () => {
    const page = await demo.open();
    await page.getByRole('radio', { name: 'Dark theme' }).check({ force: true });
    const scheme = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await expect.poll(scheme, PATIENTLY).toBe('dark');
    await page.reload();
    await expect.poll(scheme, PATIENTLY).toBe('dark');
  });
});
