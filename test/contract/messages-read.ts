import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, say } from './support.ts';

/** What the contract says of reading messages. */
export function readingMessagesContract(subject: Subject): void {
  const store = shareStore(subject);

  /** A session with the messages `m0`, `m1` … */
  async function openWithMessages(count: number) {
    const { storage, sessionId } = await store.withSession();
    const all = Array.from({ length: count }, (_, index) => `m${index}`);
    await addAll(storage, sessionId, all);
    const page = async (options: { limit?: number; offset?: number; reverse?: boolean }) =>
      contentsOf(await storage.getMessages('alice', sessionId, options));
    return { storage, sessionId, all, page };
  }

  describe('getAllMessages', () => {
    it('gives the messages in the order in which they were added, whatever their timestamps', async () => {
      const { storage, sessionId } = await store.withSession();
      const timestamps = ['2024-01-01T00:00:00Z', '2030-01-01T00:00:00Z', '1999-12-31T00:00:00Z'];
      for (const timestamp of timestamps) {
        await storage.addMessage('alice', sessionId, say(timestamp, { timestamp }));
      }
      const messages = await storage.getAllMessages('alice', sessionId);
      expect(contentsOf(messages)).toStrictEqual(timestamps);
    });

    it('gives an empty list for an empty session and for one that is not there', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
      expect(await storage.getAllMessages('alice', 'none')).toStrictEqual([]);
      expect(await storage.getAllMessages('bob', sessionId)).toStrictEqual([]);
      expect(await storage.getAllMessages('nobody', sessionId)).toStrictEqual([]);
    });

    it('gives copies: changing one changes nothing that is stored', async () => {
      const { storage, sessionId } = await openWithMessages(1);
      const [message] = await storage.getAllMessages('alice', sessionId);
      Object.assign(message ?? {}, { content: 'changed' });
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual(['m0']);
    });

    it('gives objects that can be cloned and sent', async () => {
      const { storage, sessionId } = await openWithMessages(3);
      const messages = await storage.getAllMessages('alice', sessionId);
      expect(structuredClone(messages)).toStrictEqual(messages);
      expect(JSON.parse(JSON.stringify(messages))).toStrictEqual(messages);
    });
  });

  describe('getMessages', () => {
    it('gives everything by default', async () => {
      const { all, page } = await openWithMessages(5);
      expect(await page({})).toStrictEqual(all);
    });

    it('counts offset and limit from the start', async () => {
      const { page } = await openWithMessages(5);
      expect(await page({ limit: 2 })).toStrictEqual(['m0', 'm1']);
      expect(await page({ limit: 2, offset: 2 })).toStrictEqual(['m2', 'm3']);
      expect(await page({ limit: 2, offset: 4 })).toStrictEqual(['m4']);
      expect(await page({ offset: 3 })).toStrictEqual(['m3', 'm4']);
    });

    it('counts from the end in reverse, and gives the newest first', async () => {
      const { page } = await openWithMessages(5);
      const reverse = true;
      expect(await page({ reverse })).toStrictEqual(['m4', 'm3', 'm2', 'm1', 'm0']);
      expect(await page({ reverse, limit: 2 })).toStrictEqual(['m4', 'm3']);
      expect(await page({ reverse, limit: 2, offset: 1 })).toStrictEqual(['m3', 'm2']);
      expect(await page({ reverse, limit: 2, offset: 4 })).toStrictEqual(['m0']);
      expect(await page({ reverse, offset: 3 })).toStrictEqual(['m1', 'm0']);
    });

    it('gives nothing beyond the end, and nothing for a limit of 0', async () => {
      const { page } = await openWithMessages(5);
      for (const reverse of [false, true]) {
        expect(await page({ reverse, offset: 5 })).toStrictEqual([]);
        expect(await page({ reverse, offset: 1_000_000_000, limit: 10 })).toStrictEqual([]);
        expect(await page({ reverse, limit: 0 })).toStrictEqual([]);
        expect(await page({ reverse, limit: Number.MAX_SAFE_INTEGER })).toHaveLength(5);
      }
    });

    it('gives every message once when it is read page by page', async () => {
      const { all, page } = await openWithMessages(103);
      for (const reverse of [false, true]) {
        const read: string[] = [];
        for (let offset = 0; offset < 110; offset += 10) {
          read.push(...(await page({ reverse, offset, limit: 10 })));
        }
        expect(read).toStrictEqual(reverse ? all.toReversed() : all);
      }
    });

    it('closes the gaps that deleted messages leave', async () => {
      const { storage, sessionId, all, page } = await openWithMessages(12);
      const deleted = new Set(['m0', 'm3', 'm4', 'm11']);
      for (const id of deleted) await storage.deleteMessage('alice', sessionId, id);
      const left = all.filter((id) => !deleted.has(id));
      expect(await page({})).toStrictEqual(left);
      for (const offset of [0, 1, 3, 7, 8, 9]) {
        expect(await page({ offset, limit: 3 })).toStrictEqual(left.slice(offset, offset + 3));
        expect(await page({ offset, limit: 3, reverse: true })).toStrictEqual(
          left.toReversed().slice(offset, offset + 3),
        );
      }
    });
  });

  describe('getMessage', () => {
    it('gives the one message', async () => {
      const { storage, sessionId } = await openWithMessages(3);
      const [, second] = await storage.getAllMessages('alice', sessionId);
      expect(await storage.getMessage('alice', sessionId, 'm1')).toStrictEqual(second);
    });

    it('gives null for what is not there', async () => {
      const { storage, sessionId } = await openWithMessages(1);
      const otherId = await storage.createSession('alice');
      await storage.createUser('bob');
      expect(await storage.getMessage('alice', sessionId, 'none')).toBeNull();
      expect(await storage.getMessage('alice', otherId, 'm0')).toBeNull();
      expect(await storage.getMessage('alice', 'none', 'm0')).toBeNull();
      expect(await storage.getMessage('bob', sessionId, 'm0')).toBeNull();
      expect(await storage.getMessage('nobody', sessionId, 'm0')).toBeNull();
    });
  });
}
