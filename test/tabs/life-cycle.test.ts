import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startHold, type Hold } from './support/hold.ts';
import { launchTabBrowser, type TabBrowser, type TestTab } from './support/tab-browser.ts';
import { TabSet, until } from './support/tab-set.ts';

let browser: TabBrowser;
let set: TabSet;

beforeAll(async () => {
  browser = await launchTabBrowser();
});

afterEach(() => set.closeAll());

afterAll(() => browser?.close());

describe('a page that is left', () => {
  it('lets others go on at once, and takes part again when it is shown again', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), 'opfs');
    const [first, second] = [await set.open(), await set.open()];
    const sessionId = await first.call('createSession', 'A talk');
    await first.call('add', sessionId, 'before');
    await first.leave();
    await until(
      'the other is the owner',
      () => second.call('role'),
      (role) => role === 'owner',
    );
    await second.call('add', sessionId, 'meanwhile');

    await first.goBack();
    if ((await first.call('returns')) === 0) {
      // This browser keeps no page with a worker: it was loaded anew, like any other tab.
      await first.call('open', set.options);
    }
    await first.call('add', sessionId, 'after');
    expect(await first.call('role')).toBe('follower');
    const contents = ['before', 'meanwhile', 'after'];
    for (const tab of [first, second]) {
      expect(await tab.call('contents', sessionId)).toStrictEqual(contents);
    }
  });

  it.runIf(process.env['FFDB_TABS_BROWSER'] !== 'firefox')(
    'is kept by Chromium, with its store open, as it holds nothing that others wait for',
    async () => {
      set = new TabSet(browser, inject('tabPageUrl'), 'opfs');
      const tab = await set.open();
      const sessionId = await tab.call('createSession', 'A talk');
      await tab.call('startStream', 'all', sessionId, 'start');
      await tab.leave();
      await tab.goBack();
      expect(await tab.call('returns')).toBe(1);
      await tab.call('add', sessionId, 'after');
      await until(
        'it is streamed',
        () => tab.call('streamed', 'all'),
        (all) => all.length === 1,
      );
    },
  );
});

describe('an owner that nobody sees', () => {
  it('gives way to a tab that somebody looks at, when nobody waits for it', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), 'opfs');
    const [first, second, third] = [await set.open(), await set.open(), await set.open()];
    const sessionId = await first.call('createSession', 'A talk');
    for (const tab of [first, second, third]) await tab.call('setVisible', false);
    await third.call('startStream', 'all', sessionId, 'start');
    await third.call('setVisible', true);
    await until(
      'it is the owner',
      () => third.call('role'),
      (role) => role === 'owner',
    );
    for (const [n, tab] of [first, second, third].entries()) {
      expect(await tab.call('add', sessionId, `${n}`)).toMatchObject({ result: true });
    }
    await until(
      'all are streamed',
      () => third.call('streamed', 'all'),
      (all) => all.length === 3,
    );
    expect(await third.call('streamed', 'all')).toStrictEqual(['0', '1', '2']);
  });
});

describe.each(['opfs', 'indexeddb'] as const)('an owner on %s that is frozen', (backend) => {
  const callTimeoutMs = 12_000;

  async function openHeld(): Promise<{
    owner: TestTab;
    follower: TestTab;
    sessionId: string;
    hold: Hold;
  }> {
    set = new TabSet(browser, inject('tabPageUrl'), backend, { callTimeoutMs });
    const holdChannel = crypto.randomUUID();
    const owner = await set.openBlank();
    await owner.call('open', { ...set.options, holdChannel });
    const follower = await set.open();
    const sessionId = await owner.call('createSession', 'A talk');
    await owner.call('add', sessionId, 'before the frost');
    await follower.call('add', sessionId, 'also before');
    const hold = await startHold();
    await follower.call('hold', holdChannel, hold.url);
    await hold.reached;
    return { owner, follower, sessionId, hold };
  }

  it('leaves everything readable, and refuses writes within their deadline', async () => {
    const { owner, follower, sessionId, hold } = await openHeld();
    try {
      const refused = follower.call('add', sessionId, 'refused');
      const contents = ['before the frost', 'also before'];
      expect(await follower.call('contents', sessionId)).toStrictEqual(contents);
      expect(await follower.call('role')).toBe('reader');
      expect(await follower.call('search', 'frost')).toStrictEqual(['before the frost']);
      expect(await follower.call('titles')).toStrictEqual(['A talk']);

      const late = await set.open();
      expect(await late.call('role')).toBe('reader');
      expect(await late.call('contents', sessionId)).toStrictEqual(contents);
      expect(await refused).toMatchObject({ code: 'timeout' });

      const kept = follower.call('add', sessionId, 'in time');
      hold.release();
      expect(await kept).toMatchObject({ result: true });
      for (const tab of [owner, follower, late]) {
        expect(await tab.call('contents', sessionId)).toStrictEqual([...contents, 'in time']);
      }
      await until(
        'it is back',
        () => late.call('role'),
        (role) => role === 'follower',
      );
      expect(await follower.call('roles')).toStrictEqual(['follower', 'reader', 'follower']);
    } finally {
      await hold.close();
    }
  });
});

describe('an owner that is busy', () => {
  it('lets a tab open, and answers it, while it imports 100,000 messages', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), 'opfs');
    const first = await set.open();
    const sessionId = await first.call('createSession', 'Imported');
    const other = await first.call('createSession', 'A talk');
    const importing = first.call('importNumbered', sessionId, 100_000, 2_000);
    const second = await set.open();
    expect(await second.call('add', other, 'meanwhile')).toMatchObject({ result: true });
    expect(await second.call('contents', other)).toStrictEqual(['meanwhile']);
    expect(await first.call('importedCount')).toBeLessThan(100_000);
    await importing;
    expect(await second.call('count', sessionId)).toBe(100_000);
  });
});
