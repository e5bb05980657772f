import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { confirm, conversations, messages, PATIENTLY, send, serveDemo } from './demo-page.ts';

const QUESTION = 'Which number has the dinner confirmation?';

/** Slow enough for a busy machine to see a reply grow, and to close its tab before it has ended. */
const PACE_MS = 1_500;

const demo = serveDemo();

const growing = (page: Page): Locator => messages(page).and(page.locator('[aria-busy="true"]'));
const state = (page: Page, text: string): Locator =>
  page.locator('.message-state').filter({ hasText: text });
const status = (page: Page): Locator => page.getByRole('contentinfo', { name: 'Storage' });

/** The text of the one reply that is being written; `undefined` while there is none. */
async function grownText(page: Page): Promise<string | undefined> {
  // In one look, so that it cannot be completed between two.
  const texts = await growing(page).locator('.message-text').allInnerTexts();
  return texts[0];
}

/** Waits for a reply to begin and then to get longer; gives how it began. */
async function seeGrowth(page: Page): Promise<string> {
  await expect.poll(() => grownText(page), PATIENTLY).toBeTruthy();
  const beginning = (await grownText(page)) ?? '';
  await expect
    .poll(async () => (await grownText(page))?.length, PATIENTLY)
    .toBeGreaterThan(beginning.length);
  expect((await grownText(page))?.startsWith(beginning)).toBe(true);
  return beginning;
}

/** Two tabs on the conversation that has the newest activity; the first was there first. */
async function openTwo(): Promise<[Page, Page]> {
  const first = await demo.open({ paceMs: PACE_MS });
  return [first, await demo.openTab({ paceMs: PACE_MS })];
}

describe('demo in two tabs', () => {
  it('shows in both how a reply grows, and ends it where its writer says so', async () => {
    const [first, second] = await openTwo();
    await status(first).getByText('This tab keeps the files').waitFor();
    await status(second).getByText('Another tab keeps the files').waitFor();

    // The one that asks is not the one that has the files.
    await send(second, QUESTION);
    await Promise.all([seeGrowth(first), seeGrowth(second)]);
    await state(first, 'Being written in another tab').waitFor();
    expect(await first.getByRole('button', { name: 'Stop' }).count()).toBe(0);

    await second.getByRole('button', { name: 'Stop' }).click();
    await Promise.all([first, second].map((page) => state(page, 'Stopped').waitFor()));
    expect(await messages(first).last().innerText()).toBe(
      await messages(second).last().innerText(),
    );
  });

  it.each(['has the files', 'has them not'])(
    'keeps what a tab had written that %s and is closed, and goes on',
    async (which) => {
      const pages = await openTwo();
      const [writer, other] = which === 'has the files' ? pages : pages.toReversed();
      if (writer === undefined || other === undefined) throw new Error('There are two.');
      const row = conversations(other).first();
      await row.getByText('10 messages').waitFor();
      await send(writer, QUESTION);
      await row.getByText('12 messages').waitFor();
      await seeGrowth(writer);
      const beginning = await seeGrowth(other);

      await writer.close();
      await state(other, 'Interrupted').waitFor();
      const kept = await messages(other).last().locator('.message-text').innerText();
      // The last half second may be missing, and a word takes three times as long.
      expect(kept.startsWith(beginning)).toBe(true);
      expect(await messages(other).count()).toBe(12);
      await status(other).getByText('This tab keeps the files').waitFor();

      await send(other, 'And how far is the hut?');
      await seeGrowth(other);
      await row.getByText('14 messages').waitFor();
    },
  );

  it('leaves a conversation that the other tab deletes', async () => {
    const [first, second] = await openTwo();
    const title = await second.getByRole('heading', { level: 1 }).innerText();
    await conversations(first).filter({ hasText: title }).focus();
    await first.keyboard.press('Delete');
    await confirm(first, 'Delete this conversation?', 'Delete');

    await second.getByText('That conversation no longer exists.').waitFor();
    await conversations(second).filter({ hasText: title }).waitFor({ state: 'detached' });
    await messages(second).first().waitFor();
    expect(await second.getByRole('heading', { level: 1 }).innerText()).not.toBe(title);
  });
});
