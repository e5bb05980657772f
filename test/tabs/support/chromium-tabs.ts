import type { Page } from 'playwright';
import { launchBrowser } from '../../../scripts/launch-browser.mjs';
import type { TabBrowser, TestTab } from './tab-browser.ts';

/**
 * Tabs of a headless Chromium, each in a process of its own.
 *
 * @param alias one more name for this machine, whose pages are no secure contexts
 */
export async function launchChromiumTabs(alias?: string): Promise<TabBrowser> {
  const launched = await launchBrowser(undefined, alias === undefined ? {} : { alias });
  return {
    name: 'chromium',
    newTab: async (url) => openTab(await launched.page(), url),
    close: () => launched.close(),
  };
}

async function openTab(page: Page, url: string): Promise<TestTab> {
  const tab: TestTab = {
    // Its types are those of the page, which Playwright cannot follow.
    call: (name, ...args) =>
      page.evaluate(
        ([method, given]) => (chatTab[method] as (...rest: unknown[]) => never)(...given),
        [name, args as unknown[]] as const,
      ),
    onWritten: () => undefined,
    close: () => page.close(),
    reload: async () => {
      await page.reload();
      await ready(page);
    },
    leave: async () => {
      await page.goto(new URL('elsewhere.html', url).href);
    },
    goBack: async () => {
      // It may come out of the back-forward cache, and then there is no navigation to wait for.
      await page.goBack({ waitUntil: 'commit' });
      await ready(page);
    },
    crash: async () => {
      const session = await page.context().newCDPSession(page);
      const crashed = new Promise<void>((resolve) => page.once('crash', () => resolve()));
      // It is never answered: who would?
      session.send('Page.crash').catch(() => undefined);
      await crashed;
      await page.close();
    },
  };
  await page.exposeFunction('tellWritten', (n: number) => tab.onWritten(n));
  await page.goto(url);
  await ready(page);
  return tab;
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'chatTab' in globalThis);
}
