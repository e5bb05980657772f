import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchTabBrowser, type TabBrowser } from './support/tab-browser.ts';
import { TabSet, until } from './support/tab-set.ts';

/** As the contract says. */
const CHECKPOINT_MS = 500;

let browser: TabBrowser;
let set: TabSet;

beforeAll(async () => {
  browser = await launchTabBrowser();
});

afterEach(() => set.closeAll());

afterAll(async () => {
  await browser?.close();
});

/** The text of so many pieces, as `writeSlowly` writes them. */
function piecesUpTo(count: number): string {
  return Array.from({ length: count }, (_, n) => `${n} `).join('');
}

describe.each(['opfs', 'indexeddb'] as const)('a message that grows on %s', (backend) => {
  it('is seen growing in every tab, and is one ordinary message in the end', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    const [first, second, third] = [await set.open(), await set.open(), await set.open()];
    const sessionId = await first.call('createSession', 'A talk');
    for (const tab of [first, third]) {
      await tab.call('startStream', 'all', sessionId, 'start');
      await tab.call('followMessage', 'reply', sessionId, 'reply');
    }
    await second.call('startMessage', sessionId, 'reply');
    for (const tab of [first, third]) await tab.call('followMessage', 'reply', sessionId, 'reply');
    for (const delta of ['Let ', 'it ', 'rise 🦊', ' longer.']) {
      await second.call('writeDelta', 'reply', delta);
      for (const tab of [first, third]) {
        await until(
          `seen: ${delta}`,
          () => tab.call('growth', 'reply'),
          (growth) => growth?.contents.at(-1)?.endsWith(delta) === true,
        );
      }
    }
    expect(await first.call('message', sessionId, 'reply')).toMatchObject({
      status: 'streaming',
      content: 'Let it rise 🦊 longer.',
    });
    expect(await first.call('search', 'longer')).toStrictEqual([]);
    expect(await third.call('streamed', 'all')).toStrictEqual([]);

    expect(await second.call('finish', 'reply')).not.toHaveProperty('status');
    for (const tab of [first, third]) {
      await until(
        'it is done',
        () => tab.call('growth', 'reply'),
        (growth) => growth?.done === true,
      );
      await until(
        'it is streamed',
        () => tab.call('streamed', 'all'),
        (all) => all.length > 0,
      );
      expect(await tab.call('streamed', 'all')).toStrictEqual(['Let it rise 🦊 longer.']);
    }
    expect(await third.call('search', 'longer')).toStrictEqual(['Let it rise 🦊 longer.']);
  });

  it('goes on through a change of owner, with nothing missing', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    const [first, second, third] = [await set.open(), await set.open(), await set.open()];
    const sessionId = await first.call('createSession', 'A talk');
    await second.call('startMessage', sessionId, 'reply');
    await third.call('followMessage', 'reply', sessionId, 'reply');
    const writing = second.call('writeSlowly', 'reply', 120, 5);
    await new Promise<void>((resolve) => (second.onWritten = (n) => n === 40 && resolve()));
    await first.crash();
    set.drop(first);
    await writing;
    const finished = await second.call('finish', 'reply');
    expect(finished?.content).toBe(piecesUpTo(120));
    await until(
      'it is done',
      () => third.call('growth', 'reply'),
      (growth) => growth?.done === true,
    );
    const growth = await third.call('growth', 'reply');
    expect(growth?.contents.at(-1)).toBe(piecesUpTo(120));
    for (const content of growth?.contents ?? []) expect(piecesUpTo(120)).toContain(content);
  });

  it.each([
    ['another tab', 'follower'],
    ['the owner itself', 'owner'],
  ] as const)('is kept as far as it came when %s, which wrote it, is killed', async (_, role) => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    await set.open();
    await set.open();
    const producer = await set[role]();
    const [witness] = set.tabs.filter((tab) => tab !== producer);
    if (witness === undefined) throw new Error('There are two tabs.');
    const sessionId = await producer.call('createSession', 'A talk');
    await producer.call('startMessage', sessionId, 'reply');
    await witness.call('startStream', 'all', sessionId, 'start');
    await witness.call('followMessage', 'reply', sessionId, 'reply');
    const writtenAt: number[] = [];
    const enough = new Promise<void>((resolve) => {
      producer.onWritten = (n) => {
        writtenAt.push(performance.now());
        if (n === 150) resolve();
      };
    });
    // It rejects, as the tab goes before it is done.
    producer.call('writeSlowly', 'reply', 10_000, 5).catch(() => undefined);
    await enough;
    const killedAt = performance.now();
    await producer.crash();
    set.drop(producer);

    await until(
      'it is interrupted',
      () => witness.call('growth', 'reply'),
      (growth) => growth?.done === true,
    );
    const message = await witness.call('message', sessionId, 'reply');
    expect(message?.status).toBe('interrupted');
    const safe = writtenAt.filter((at) => at < killedAt - CHECKPOINT_MS).length;
    expect(safe).toBeGreaterThan(0);
    expect(message?.content.startsWith(piecesUpTo(safe))).toBe(true);
    expect(await witness.call('growth', 'reply')).toMatchObject({ status: 'interrupted' });
    await until(
      'it is streamed',
      () => witness.call('streamed', 'all'),
      (all) => all.length > 0,
    );
    expect(await witness.call('streamed', 'all')).toStrictEqual([message?.content]);
  });

  it('is interrupted when its tab closes the store', async () => {
    set = new TabSet(browser, inject('tabPageUrl'), backend);
    const [first, second] = [await set.open(), await set.open()];
    const sessionId = await first.call('createSession', 'A talk');
    await second.call('startMessage', sessionId, 'reply');
    await second.call('writeDelta', 'reply', 'so far');
    await second.call('close');
    await until(
      'it is interrupted',
      () => first.call('message', sessionId, 'reply'),
      (message) => message?.status === 'interrupted',
    );
    expect((await first.call('message', sessionId, 'reply'))?.content).toBe('so far');
  });
});
