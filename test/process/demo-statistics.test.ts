import type { Locator, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../demo/samples/add-samples.ts';
import { confirm, PATIENTLY, goTo, send, serveDemo } from './demo-page.ts';

const SAMPLE_MESSAGES = SAMPLES.flatMap(({ messages }) => messages);
const SAMPLE_DOCUMENTS = SAMPLES.flatMap(({ documents = [] }) => documents);

const demo = serveDemo();

async function openStatistics(): Promise<Page> {
  const page = await demo.open({ hash: '#/statistics' });
  await expect.poll(() => figure(page, 'Messages'), PATIENTLY).toBe(`${SAMPLE_MESSAGES.length}`);
  return page;
}

/** The number below a name. */
function figure(page: Page, name: string): Promise<string> {
  return page
    .locator('.figure')
    .filter({ has: page.locator('dt').getByText(name, { exact: true }) })
    .locator('.figure-value')
    .innerText();
}

/** A chart's numbers by label, from the table that stands for it. */
async function numbers(chart: Locator): Promise<Record<string, string>> {
  const rows = await chart.locator('tbody tr').all();
  const cells = rows.map(async (row) => [
    await row.locator('th').textContent(),
    await row.locator('td').textContent(),
  ]);
  return Object.fromEntries(await Promise.all(cells));
}

async function total(chart: Locator): Promise<number> {
  const values = Object.values(await numbers(chart));
  return values.reduce((sum, value) => sum + Number(value), 0);
}

const chart = (page: Page, title: string | RegExp) => page.getByRole('figure', { name: title });

/** The colours that are drawn, without what is see-through or between two. */
function paintedColours(drawing: Locator): Promise<string[]> {
  return drawing.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    const colours = new Set<string>();
    for (let at = 0; at < (pixels?.length ?? 0); at += 4) {
      if (pixels?.[at + 3] === 255) colours.add([...pixels.slice(at, at + 3)].join(' '));
    }
    return [...colours];
  });
}

const ACCENT_LIGHT = '15 107 98';
const ACCENT_DARK = '95 208 192';

describe('statistics in the demo', () => {
  it('counts what is stored, and spreads every message over days and hours', async () => {
    const page = await openStatistics();
    const characters = SAMPLE_MESSAGES.reduce((sum, { content }) => sum + content.length, 0);
    expect(await figure(page, 'Conversations')).toBe(`${SAMPLES.length}`);
    expect(await figure(page, 'Documents')).toBe(`${SAMPLE_DOCUMENTS.length}`);
    expect(await figure(page, 'Average conversation')).toBe(
      `${SAMPLE_MESSAGES.length / SAMPLES.length}`,
    );
    expect(await figure(page, 'Average message')).toBe(
      `${Math.round(characters / SAMPLE_MESSAGES.length)}`,
    );
    expect(await figure(page, 'Damaged records')).toBe('0');

    const byKind = await numbers(chart(page, 'Storage by kind'));
    expect(byKind['Messages']).toMatch(/^\d+ kB$/);
    expect(byKind['Documents']).not.toBe('0 B');
    expect(byKind['Backups']).toBe('0 B');

    const byRole = await numbers(chart(page, 'Messages by role'));
    for (const role of ['user', 'assistant', 'system', 'tool']) {
      const expected = SAMPLE_MESSAGES.filter((message) => message.role === role).length;
      const label = role.charAt(0).toUpperCase() + role.slice(1);
      expect(byRole[label], role).toBe(`${expected}`);
    }

    const byHour = chart(page, 'Messages by hour (UTC)');
    expect(Object.keys(await numbers(byHour))).toHaveLength(24);
    expect(await total(byHour)).toBe(SAMPLE_MESSAGES.length);

    const byDay = chart(page, /Messages by (day|week|month) \(UTC\)/);
    expect(Object.keys(await numbers(byDay))).toHaveLength(30);
    await page.getByRole('combobox', { name: 'Range' }).selectOption('Last 365 days');
    await chart(page, 'Messages by week (UTC)').waitFor();
    await page.getByRole('combobox', { name: 'Range' }).selectOption('Everything');
    await expect.poll(() => total(byDay), PATIENTLY).toBe(SAMPLE_MESSAGES.length);
  });

  it('draws the charts in the colours of the theme, also when it changes', async () => {
    const page = await openStatistics();
    for (const title of ['Messages by role', 'Messages by hour (UTC)', 'Storage by kind']) {
      await expect
        .poll(() => paintedColours(chart(page, title)), PATIENTLY)
        .toContain(ACCENT_LIGHT);
    }
    const byRole = chart(page, 'Messages by role');
    await page.getByRole('radio', { name: 'Dark theme' }).check({ force: true });
    await expect.poll(() => paintedColours(byRole), PATIENTLY).toContain(ACCENT_DARK);
    expect(await paintedColours(byRole)).not.toContain(ACCENT_LIGHT);

    await page.getByRole('radio', { name: 'Theme of the system' }).check({ force: true });
    await expect.poll(() => paintedColours(byRole), PATIENTLY).toContain(ACCENT_LIGHT);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => paintedColours(byRole), PATIENTLY).toContain(ACCENT_DARK);
  });

  it('fits a narrow screen, charts included', async () => {
    const page = await openStatistics();
    const canvas = chart(page, 'Messages by role').locator('canvas');
    await expect
      .poll(() => paintedColours(chart(page, 'Messages by role')), PATIENTLY)
      .not.toEqual([]);
    await page.setViewportSize({ width: 360, height: 700 });
    await expect.poll(async () => (await canvas.boundingBox())?.width, PATIENTLY).toBeLessThan(340);
    const body = page.locator('.view-body');
    // Each chart follows its box by its own observer, so one may be narrow while another is not yet.
    const overflow = () =>
      body.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
    await expect.poll(overflow, PATIENTLY).toBe(0);
  });

  it('counts again after a message was sent', async () => {
    const page = await openStatistics();
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('link', { name: 'Chats' })
      .click();
    await send(page, 'Counted twice, with its answer');
    const status = page.getByRole('contentinfo', { name: 'Storage' });
    await status.getByText(`${SAMPLE_MESSAGES.length + 2} messages`).waitFor();

    await goTo(page, 'Statistics');
    await expect
      .poll(() => figure(page, 'Messages'), PATIENTLY)
      .toBe(`${SAMPLE_MESSAGES.length + 2}`);
    expect(await total(chart(page, 'Messages by role'))).toBe(SAMPLE_MESSAGES.length + 2);
  });

  it('says what a clean-up would delete, and deletes it once that is confirmed', async () => {
    const page = await openStatistics();
    const days = page.getByRole('spinbutton', { name: /Untouched for more than/ });
    const cleanUp = page.getByRole('button', { name: 'Clean up…' });
    await days.fill('-1');
    await cleanUp.click();
    await page.getByRole('alert').filter({ hasText: 'Enter a number of days' }).waitFor();

    await days.fill('30');
    await cleanUp.click();
    await page.getByText('Nothing has been untouched for more than 30 days.').waitFor();

    await days.fill('0');
    await cleanUp.click();
    const dialog = page.getByRole('dialog', { name: 'Clean up old conversations?' });
    await dialog.getByText(`${SAMPLES.length} conversations`).waitFor();
    await dialog.getByText(`${SAMPLE_MESSAGES.length} messages`).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await figure(page, 'Messages')).toBe(`${SAMPLE_MESSAGES.length}`);

    await cleanUp.click();
    await confirm(page, 'Clean up old conversations?', 'Delete');
    await page
      .getByText(`Deleted: ${SAMPLES.length} conversations, ${SAMPLE_MESSAGES.length} messages`)
      .waitFor();
    await expect.poll(() => figure(page, 'Messages'), PATIENTLY).toBe('0');
    expect(await figure(page, 'Documents')).toBe('0');
    expect(await figure(page, 'First activity')).toBe('none yet');
  });

  it('optimises the storage, and keeps everything', async () => {
    const page = await openStatistics();
    const performance = page.getByRole('region', { name: 'Performance' });
    await performance.getByText(/^Ready, \d+ passages, .* segments?$/).waitFor();
    await performance.getByText(/^Ready, \d+ embedded$/).waitFor();
    await page.getByRole('button', { name: 'Optimise storage' }).click();
    await page.getByText(/^Storage optimised/).waitFor();
    await performance
      .getByRole('table')
      .getByRole('rowheader', { name: 'optimizeStorage' })
      .waitFor();
    expect(await figure(page, 'Messages')).toBe(`${SAMPLE_MESSAGES.length}`);
  });
});
