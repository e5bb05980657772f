import type { BackendKind } from 'flatfile-chat';
import { expect } from 'vitest';
import type { TabOptions } from '../page/page.ts';
import type { TabBrowser, TestTab } from './tab-browser.ts';

/** Long enough for a busy machine; nothing here is expected to take a tenth of it. */
const PATIENCE_MS = 30_000;

/** Waits until a condition holds; fails, with what was there last, when it never does. */
export async function until<T>(what: string, ask: () => Promise<T>, holds: (value: T) => boolean) {
  await expect
    .poll(async () => holds(await ask()), { message: what, timeout: PATIENCE_MS, interval: 20 })
    .toBe(true);
}

/** The tabs that have one store open. */
export class TabSet {
  readonly tabs: TestTab[] = [];
  readonly options: TabOptions;
  readonly #browser: TabBrowser;
  readonly #url: string;

  constructor(browser: TabBrowser, url: string, backend: BackendKind, rest = {}) {
    this.#browser = browser;
    this.#url = url;
    this.options = { basePath: `tabs-${crypto.randomUUID()}`, backend, ...rest };
  }

  /** A new tab with the store open. */
  async open(): Promise<TestTab> {
    const tab = await this.openBlank();
    await tab.call('open', this.options);
    return tab;
  }

  /** A new tab that has not opened the store yet. */
  async openBlank(): Promise<TestTab> {
    const tab = await this.#browser.newTab(this.#url);
    this.tabs.push(tab);
    return tab;
  }

  /** Takes a tab out that is closed or crashed. */
  drop(tab: TestTab): void {
    this.tabs.splice(this.tabs.indexOf(tab), 1);
  }

  /** The tab whose worker has the files open. */
  async owner(): Promise<TestTab> {
    let found: TestTab | undefined;
    await until(
      'there is one owner',
      async () => {
        const roles = await Promise.all(this.tabs.map((tab) => tab.call('role')));
        found = this.tabs[roles.indexOf('owner')];
        return roles.filter((role) => role === 'owner').length;
      },
      (owners) => owners === 1,
    );
    if (found === undefined) throw new Error('The owner is gone.');
    return found;
  }

  async follower(): Promise<TestTab> {
    const owner = await this.owner();
    const follower = this.tabs.find((tab) => tab !== owner);
    if (follower === undefined) throw new Error('There is no other tab.');
    return follower;
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.tabs.splice(0).map((tab) => tab.close()));
  }
}
