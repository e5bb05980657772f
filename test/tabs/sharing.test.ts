import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchTabBrowser, type TabBrowser } from './support/tab-browser.ts';
import { TabSet, until } from './support/tab-set.ts';

let browser: TabBrowser;
let set: TabSet;

beforeAll(async () => {
  browser = await launchTabBrowser();
});

afterEach(() => set.closeAll());

afterAll(async () => {
  await browser?.close();
});

describe.each(['opfs', 'indexeddb'] as const)('tabs that share a store on %s', (backend) => {
  it('has one owner, and everybody sees the same', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    const first = await set.open();
    const second = await set.open();
    expect(await first.call('role')).toBe('owner');
    expect(await second.call('role')).toBe('follower');
    expect(await second.call('backend')).toBe(backend);

    const sessionId = await second.call('createSession', 'Made by the second');
    await first.call('add', sessionId, 'said by the first');
    await second.call('add', sessionId, 'said by the second');
    const contents = ['said by the first', 'said by the second'];
    expect(await first.call('contents', sessionId)).toStrictEqual(contents);
    expect(await second.call('contents', sessionId)).toStrictEqual(contents);
    expect(await first.call('titles')).toStrictEqual(['Made by the second']);
    expect(await second.call('search', 'second')).toStrictEqual(['said by the second']);
    expect([await first.call('isLeader'), await second.call('isLeader')]).toStrictEqual([
      true,
      false,
    ]);
  });

  it('goes on when the owner is closed, with what was in flight', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    const first = await set.open();
    const second = await set.open();
    const sessionId = await first.call('createSession', 'A talk');
    const adding = Array.from({ length: 200 }, (_, n) => second.call('add', sessionId, `m${n}`));
    await adding[20];
    await first.close();
    set.drop(first);
    const outcomes = await Promise.all(adding);
    expect(outcomes.every(({ result }) => result === true)).toBe(true);
    expect(await set.owner()).toBe(second);
    const contents = await second.call('contents', sessionId);
    expect(contents.toSorted()).toStrictEqual(outcomes.map(({ content }) => content).toSorted());
  });

  it('opens in ten tabs at once', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    const tabs = await Promise.all(Array.from({ length: 10 }, () => set.openBlank()));
    await Promise.all(tabs.map((tab) => tab.call('open', set.options)));
    const owner = await set.owner();
    const sessionId = await owner.call('createSession', 'A talk');
    const added = await Promise.all(tabs.map((tab, n) => tab.call('add', sessionId, `tab ${n}`)));
    expect(added.map(({ result }) => result)).toStrictEqual(tabs.map(() => true));
    for (const tab of tabs) expect(await tab.call('contents', sessionId)).toHaveLength(10);
  });

  it('tells every tab of a change of the configuration', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    const [first, second] = [await set.open(), await set.open()];
    await second.call('updateDefaultLimit', 7);
    await until(
      'heard',
      () => first.call('defaultLimit'),
      (limit) => limit === 7,
    );
    const third = await set.open();
    expect(await third.call('defaultLimit')).toBe(7);
  });
});
