import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { confirm, goTo, messages, searchFor, send, serveDemo } from './demo-page.ts';

const demo = serveDemo();

const SAMPLE = 'Should the library open on Sundays?';

const personas = (page: Page) => page.getByRole('list', { name: 'Personas' }).getByRole('listitem');
const panels = (page: Page) => page.getByRole('list', { name: 'Panels' }).getByRole('link');

async function createPersona(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New persona' }).click();
  const dialog = page.getByRole('dialog', { name: 'New persona' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('textbox', { name: 'Traits' }).fill('patient, loud');
  await dialog.getByRole('textbox', { name: 'Expertise' }).fill('tides');
  await dialog.getByRole('textbox', { name: 'Expertise' }).press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await personas(page).filter({ hasText: name }).getByText('patient').waitFor();
}

async function createPanel(page: Page, title: string, members: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'New panel' }).click();
  const dialog = page.getByRole('dialog', { name: 'New panel' });
  await dialog.getByRole('textbox', { name: 'Title' }).fill(title);
  await dialog.getByRole('combobox', { name: 'Type' }).selectOption('Brainstorm');
  for (const name of members) await dialog.getByRole('checkbox', { name }).check();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

describe('panels in the demo', () => {
  it('keeps personas, a panel and what was said in it across a reload', async () => {
    const page = await demo.open();
    await goTo(page, 'Panels');
    await createPersona(page, 'Odile');
    await createPersona(page, 'Bruno');
    await createPanel(page, 'A name for the ferry', ['Odile', 'Bruno']);
    await send(page, 'Something with a seal in it');
    await page.getByRole('radio', { name: 'Bruno' }).check({ force: true });
    await messages(page).getByRole('button', { name: 'Reply to Odile' }).click();
    await send(page, 'Then why not Selkie');

    await page.reload();
    await page.getByText('Brainstorm · 2 personas · 2 messages').waitFor();
    expect(await messages(page).count()).toBe(2);
    const reply = messages(page).filter({ hasText: 'Selkie' });
    expect(await reply.getAttribute('aria-label')).toContain('Bruno');
    await reply.getByRole('link', { name: 'Odile: Something with a seal in it' }).click();
    const focused = page.locator('li:focus').filter({ hasText: 'Something with a seal' });
    await focused.waitFor();

    await page.getByRole('link', { name: 'All panels' }).click();
    await panels(page).filter({ hasText: 'A name for the ferry' }).waitFor();
    await personas(page).filter({ hasText: 'Odile' }).waitFor();
  });

  it('finds what a persona said and leads to it', async () => {
    const page = await demo.open();
    const results = await searchFor(page, 'surcharge');
    await results.getByRole('link').filter({ hasText: SAMPLE }).click();
    await page.getByRole('heading', { level: 1, name: SAMPLE }).waitFor();
    await page.locator('li:focus').filter({ hasText: 'surcharge' }).waitFor();

    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Sourdough, second attempt' }).waitFor();
  });

  it('keeps what a deleted persona has said, but lets it say no more', async () => {
    const page = await demo.open();
    await goTo(page, 'Panels');
    await page.getByRole('button', { name: 'Delete “Karim”' }).click();
    await confirm(page, 'Delete this persona?', 'Delete');
    await personas(page).filter({ hasText: 'Karim' }).waitFor({ state: 'detached' });

    await panels(page).filter({ hasText: SAMPLE }).click();
    await messages(page).filter({ hasText: 'Karim' }).first().waitFor();
    const speakers = page.getByRole('group', { name: 'Speak as' }).getByRole('radio');
    expect(await speakers.count()).toBe(2);
  });

  it('deletes a panel once that is confirmed', async () => {
    const page = await demo.open();
    await goTo(page, 'Panels');
    await panels(page).filter({ hasText: SAMPLE }).click();
    await page.getByRole('button', { name: 'Delete this panel' }).click();
    await confirm(page, 'Delete this panel?', 'Delete');
    await page.getByText('No panels yet.').waitFor();

    await page.reload();
    await page.getByText('No panels yet.').waitFor();
    const results = await searchFor(page, 'surcharge');
    await results.getByRole('radio', { name: 'Words' }).check({ force: true });
    await results.getByText('Nothing holds “surcharge”').waitFor();
  });

  it('asks for what a persona and a panel cannot do without', async () => {
    const page = await demo.open();
    await goTo(page, 'Panels');
    await page.getByRole('button', { name: 'New panel' }).click();
    const dialog = page.getByRole('dialog', { name: 'New panel' });
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'at least one persona' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await panels(page).count()).toBe(1);
  });
});
