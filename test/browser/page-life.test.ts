import type { BackendKind } from 'flatfile-chat';
import { describe, expect, it, vi } from 'vitest';
import { NAME_PREFIX } from '../../src/shared/names.ts';
import { contentsOf, say } from '../contract/support.ts';
import { createManager } from './support/managers.ts';

/** A machine that is busy with other tests takes its time. */
const TIME = { timeout: 60_000 };

/** Tells this page what the browser tells one that it puts aside or brings back. */
const happen = {
  freeze: () => document.dispatchEvent(new Event('freeze')),
  resume: () => document.dispatchEvent(new Event('resume')),
  pagehide: () => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })),
  pageshow: () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
};

/** Names of the locks that somebody holds or waits for; either keeps a page out of the cache. */
async function lockNames(): Promise<string[]> {
  const { held = [], pending = [] } = await navigator.locks.query();
  const names = [...held, ...pending].map(({ name = '' }) => name);
  return names.filter((name) => name.startsWith(NAME_PREFIX));
}

async function openStore(backend: BackendKind = 'opfs') {
  const storage = createManager({}, { backend });
  await storage.initialize();
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const { basePath } = storage.getConfiguration().storage;
  return { storage, sessionId, basePath };
}

describe.each([
  ['frozen', happen.freeze, happen.resume],
  ['left', happen.pagehide, happen.pageshow],
])('a page that is %s', TIME, (_, leave, comeBack) => {
  it.each(['opfs', 'indexeddb'] as const)(
    'lets go of its locks on %s, and carries out later what it was asked for',
    async (backend) => {
      const { storage, sessionId } = await openStore(backend);
      const before = storage.addMessage('alice', sessionId, say('before'));
      leave();
      let isAdded = false;
      const added = storage.addMessage('alice', sessionId, say('held'));
      void added.then(
        () => (isAdded = true),
        () => undefined,
      );
      expect(await before).toBe(true);
      await vi.waitFor(async () => expect(await lockNames()).toEqual([]), TIME);
      expect(isAdded).toBe(false);

      comeBack();
      expect(await added).toBe(true);
      const messages = await storage.getAllMessages('alice', sessionId);
      expect(contentsOf(messages)).toEqual(['before', 'held']);
    },
  );

  it('leaves the store to others, and finds what they wrote', async () => {
    const { storage, sessionId, basePath } = await openStore();
    const stream = storage.streamMessages('alice', sessionId, { from: 'start' });
    const reading = stream[Symbol.asyncIterator]();
    const next = reading.next();
    leave();
    // One that is opened later is not told that the page is put aside.
    const other = createManager({ storage: { basePath } });
    await other.initialize();
    expect(other.role).toBe('owner');
    await other.addMessage('alice', sessionId, say('from the other'));
    comeBack();
    expect(contentsOf((await next).value ?? [])).toEqual(['from the other']);
    await storage.addMessage('alice', sessionId, say('from the first'));
    const messages = await other.getAllMessages('alice', sessionId);
    expect(contentsOf(messages)).toEqual(['from the other', 'from the first']);
    await reading.return?.();
  });
});

describe('a page with a message that it is writing', TIME, () => {
  it('keeps the store when it is left, and goes on writing when it was frozen', async () => {
    const { storage, sessionId } = await openStore();
    const writer = await storage.startMessage('alice', sessionId, {
      role: 'assistant',
      content: '',
    });
    happen.pagehide();
    writer.write('Let it ');
    await storage.whenIdle();
    expect(await lockNames()).not.toEqual([]);
    happen.pageshow();

    happen.freeze();
    writer.write('rise');
    happen.resume();
    const finished = await writer.finish();
    expect(finished.content).toBe('Let it rise');
    expect(finished).not.toHaveProperty('status');
    expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([finished]);
  });
});

describe('a store that is closed', TIME, () => {
  it('does not follow its page any more', async () => {
    const { storage } = await openStore();
    await storage.close();
    happen.freeze();
    happen.resume();
    await expect(storage.listUsers()).rejects.toMatchObject({ code: 'closed' });
    expect(await storage.initialize()).toBe(true);
    expect(await storage.listUsers()).toEqual(['alice']);
  });
});
