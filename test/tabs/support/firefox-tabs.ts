import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findFirefox } from '../../../scripts/find-firefox.mjs';
import type { TabBrowser, TestTab } from './tab-browser.ts';

/** Tabs of a headless Firefox, through WebDriver BiDi. */
export async function launchFirefoxTabs(): Promise<TabBrowser> {
  const executablePath = findFirefox();
  if (executablePath === undefined) {
    throw new Error('No Firefox was found: install it, or set FFDB_FIREFOX to the path of one.');
  }
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: {
      // Nothing is asked of the network.
      'app.update.enabled': false,
      'browser.region.network.url': '',
      'browser.safebrowsing.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'services.settings.server': '',
    },
  });
  return {
    name: 'firefox',
    newTab: async (url) => openTab(browser, url),
    close: () => browser.close(),
  };
}

async function openTab(browser: Browser, url: string): Promise<TestTab> {
  const page = await browser.newPage();
  const tab: TestTab = {
    call: (name, ...args) =>
      page.evaluate(
        // Its types are those of the page, which Puppeteer cannot follow.
        (method, given) => (chatTab[method] as (...rest: unknown[]) => never)(...given),
        name,
        args as unknown[],
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
      await page.evaluate(() => history.back());
      await ready(page);
    },
    // WebDriver has no way to crash a tab.
    crash: () => page.close(),
  };
  await page.exposeFunction('tellWritten', (n: number) => tab.onWritten(n));
  await page.goto(url);
  await ready(page);
  return tab;
}

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'chatTab' in globalThis);
}
