import type { Tab } from '../page/page.ts';

/** A tab of a real browser, on the page that the tests of this folder drive. */
export interface TestTab {
  /** Calls a function of `test/tabs/page/page.ts`. */
  call<Name extends keyof Tab>(
    name: Name,
    ...args: Parameters<Tab[Name]>
  ): Promise<Awaited<ReturnType<Tab[Name]>>>;
  /** Hears of what the page writes with `writeSlowly`; at most one listener. */
  onWritten: (n: number) => void;
  close(): Promise<void>;
  reload(): Promise<void>;
  /** Goes to another page of the site, and back again by history. */
  leave(): Promise<void>;
  goBack(): Promise<void>;
  /** Ends the tab's process without any warning. Where a browser cannot do that, the tab is closed. */
  crash(): Promise<void>;
}

/** A browser with a profile of its own. */
export interface TabBrowser {
  readonly name: 'chromium' | 'firefox';
  newTab(url: string): Promise<TestTab>;
  close(): Promise<void>;
}

/** The browser that the tests are to run in: Chromium, unless `FFDB_TABS_BROWSER` says `firefox`. */
export async function launchTabBrowser(): Promise<TabBrowser> {
  if (process.env['FFDB_TABS_BROWSER'] === 'firefox') {
    const { launchFirefoxTabs } = await import('./firefox-tabs.ts');
    return launchFirefoxTabs();
  }
  const { launchChromiumTabs } = await import('./chromium-tabs.ts');
  return launchChromiumTabs();
}
