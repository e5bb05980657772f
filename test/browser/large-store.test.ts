import { describe, expect, it } from 'vitest';
import { contentsOf, say } from '../contract/support.ts';
import { createManager } from './support/managers.ts';

describe('a session of 100,000 messages', () => {
  it('gives any page of it, and finds what is in it', { timeout: 120_000 }, async () => {
    const storage = createManager({}, { backend: 'opfs' });
    await storage.initialize();
    await storage.createUser('alice');
    const sessionId = await storage.createSession('alice');
    const count = 100_000;
    const contentAt = (index: number) => `message number ${index} of a very long conversation`;
    for (let start = 0; start < count; start += 10_000) {
      const batch = Array.from({ length: 10_000 }, (_, index) => say(contentAt(start + index)));
      expect(await storage.addMessages('alice', sessionId, batch)).toBe(10_000);
    }
    const expected = (start: number, length: number) =>
      Array.from({ length }, (_, index) => contentAt(start + index));
    const page = async (options: { offset: number; limit: number; reverse?: boolean }) =>
      contentsOf(await storage.getMessages('alice', sessionId, options));

    const check = async () => {
      expect(await page({ offset: 0, limit: 50, reverse: true })).toStrictEqual(
        expected(count - 50, 50).toReversed(),
      );
      expect(await page({ offset: 50_000, limit: 50 })).toStrictEqual(expected(50_000, 50));
      expect(await page({ offset: 0, limit: 50 })).toStrictEqual(expected(0, 50));
      expect(await page({ offset: count - 5, limit: 50 })).toStrictEqual(expected(count - 5, 5));
      expect((await storage.getSession('alice', sessionId))?.messageCount).toBe(count);
    };
    await check();
    await storage.close();
    await storage.initialize();
    await check();
    const [hit] = await storage.searchMessages('alice', '77777', { limit: 1 });
    expect(hit?.content).toBe(contentAt(77_777));
  });
});

describe('more sessions than files may be open', () => {
  it('are written and read in any order', async () => {
    const storage = createManager({ storage: { maxOpenHandles: 4 } }, { backend: 'opfs' });
    await storage.initialize();
    await storage.createUser('alice');
    const sessionIds = await Promise.all(
      Array.from({ length: 80 }, (_, index) => storage.createSession('alice', `s${index}`)),
    );
    for (const round of ['first', 'second', 'third']) {
      await Promise.all(
        sessionIds.map((id) => storage.addMessage('alice', id, say(`${round} of ${id}`))),
      );
    }
    for (const id of sessionIds.toReversed()) {
      expect(contentsOf(await storage.getAllMessages('alice', id))).toStrictEqual([
        `first of ${id}`,
        `second of ${id}`,
        `third of ${id}`,
      ]);
    }
    expect(await storage.searchMessages('alice', 'second', { limit: 1_000 })).toHaveLength(80);
  });
});
