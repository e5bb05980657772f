import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromiumTabs } from './support/chromium-tabs.ts';
import type { TabBrowser } from './support/tab-browser.ts';
import { TabSet, until } from './support/tab-set.ts';

/** Served by this name, over HTTP, a page has neither Web Locks nor OPFS. */
const ALIAS = 'insecure.test';

let browser: TabBrowser;
let set: TabSet;

beforeAll(async () => {
  browser = await launchChromiumTabs(ALIAS);
});

afterEach(() => set.closeAll());

afterAll(() => browser?.close());

function openSet(): TabSet {
  const url = inject('tabPageUrl').replace('127.0.0.1', ALIAS);
  return new TabSet(browser, url, 'indexeddb');
}

describe('tabs that are not served over HTTPS', () => {
  it('share a store without Web Locks, and go on at once when the owner closes it', async () => {
    set = openSet();
    const [first, second, third] = [await set.open(), await set.open(), await set.open()];
    expect(await first.call('hasLocks')).toBe(false);
    expect(await Promise.all(set.tabs.map((tab) => tab.call('role')))).toStrictEqual([
      'owner',
      'follower',
      'follower',
    ]);
    const sessionId = await second.call('createSession', 'A talk');
    await third.call('startStream', 'all', sessionId, 'start');
    await first.call('add', sessionId, 'one');
    await first.call('close');
    set.drop(first);
    expect(await second.call('add', sessionId, 'two')).toMatchObject({ result: true });
    await until(
      'both',
      () => third.call('streamed', 'all'),
      (all) => all.length === 2,
    );
    expect(await third.call('contents', sessionId)).toStrictEqual(['one', 'two']);
    await first.close();
  });

  it('go on when the owner is killed, as soon as its lease has run out', async () => {
    set = openSet();
    const [first, second] = [await set.open(), await set.open()];
    const sessionId = await first.call('createSession', 'A talk');
    await first.call('startMessage', sessionId, 'reply');
    await first.call('writeDelta', 'reply', 'so far');
    await until(
      'it is saved',
      () => second.call('message', sessionId, 'reply'),
      (message) => message?.content === 'so far',
    );
    const adding = Array.from({ length: 20 }, (_, n) => second.call('add', sessionId, `m${n}`));
    await first.crash();
    set.drop(first);
    const outcomes = await Promise.all(adding);
    expect(outcomes.map(({ result }) => result)).toStrictEqual(outcomes.map(() => true));
    expect(await set.owner()).toBe(second);
    const contents = await second.call('contents', sessionId);
    expect(contents.slice(1).toSorted()).toStrictEqual(
      outcomes.map(({ content }) => content).toSorted(),
    );
    await until(
      'its message is interrupted',
      () => second.call('message', sessionId, 'reply'),
      (message) => message?.status === 'interrupted',
    );
  });
});
