import { FFSessionNotFoundError, FFUserNotFoundError, type FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { storeText } from './document-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { addAll, expectError, say } from './support.ts';

const NO_ROLES = { user: 0, assistant: 0, system: 0, tool: 0 };
const NO_HOURS = Array.from({ length: 24 }, () => 0);

function hours(counts: Readonly<Record<number, number>>): number[] {
  return NO_HOURS.map((_, hour) => counts[hour] ?? 0);
}

/** What the contract says of statistics. */
export function statisticsContract(subject: Subject): void {
  const store = shareStore(subject);

  /** Five messages in two sessions; only the first session's are in the order of their timestamps. */
  async function withMessages(given?: { storage: FFStorageManager; sessionId: string }) {
    const { storage, sessionId } = given ?? (await store.withSession());
    const otherId = await storage.createSession('alice');
    await storage.addMessages('alice', sessionId, [
      say('four', { messageId: 'a', timestamp: '2024-05-01T23:30:00Z' }),
      { role: 'assistant', messageId: 'b', content: '🦊', timestamp: '2024-05-02T02:00:00+02:00' },
      say('seven..', { messageId: 'c', timestamp: '2024-05-02T00:00:30.500Z' }),
    ]);
    await storage.addMessages('alice', otherId, [
      { role: 'tool', messageId: 'd', content: '12', timestamp: '2024-05-01T22:59:59.999-01:00' },
      { role: 'system', messageId: 'e', content: 'xyz', timestamp: '2023-12-31T12:00:00Z' },
    ]);
    return { storage, sessionId, otherId };
  }

  describe('getSessionStats', () => {
    it('counts what a session holds', async () => {
      const { storage, sessionId, otherId } = await withMessages();
      expect(await storage.getSessionStats('alice', sessionId)).toStrictEqual({
        sessionId,
        messageCount: 3,
        messagesByRole: { ...NO_ROLES, user: 2, assistant: 1 },
        documentCount: 0,
        characters: 13,
        averageMessageLength: 13 / 3,
        firstMessageAt: '2024-05-01T23:30:00.000Z',
        lastMessageAt: '2024-05-02T00:00:30.500Z',
        durationSeconds: 1_830.5,
        storageBytes: expect.any(Number),
      });
      expect(await storage.getSessionStats('alice', otherId)).toMatchObject({
        messagesByRole: { ...NO_ROLES, tool: 1, system: 1 },
        firstMessageAt: '2023-12-31T12:00:00.000Z',
        lastMessageAt: '2024-05-01T23:59:59.999Z',
      });
    });

    it('gives zeros for an empty session, and no times', async () => {
      const { storage, sessionId } = await store.withSession();
      const empty = {
        sessionId,
        messageCount: 0,
        messagesByRole: NO_ROLES,
        documentCount: 0,
        characters: 0,
        averageMessageLength: 0,
        durationSeconds: 0,
        storageBytes: expect.any(Number),
      };
      expect(await storage.getSessionStats('alice', sessionId)).toStrictEqual(empty);
      await addAll(storage, sessionId, ['m']);
      expect(await storage.getSessionStats('alice', sessionId)).toMatchObject({
        messageCount: 1,
        durationSeconds: 0,
      });
      await storage.deleteMessage('alice', sessionId, 'm');
      expect(await storage.getSessionStats('alice', sessionId)).toStrictEqual(empty);
    });

    it('follows edits and deletions, of the earliest and the latest message too', async () => {
      const { storage, sessionId } = await withMessages();
      const stats = () => storage.getSessionStats('alice', sessionId);
      await storage.updateMessage('alice', sessionId, 'a', { content: 'fourteen units' });
      expect(await stats()).toMatchObject({ messageCount: 3, characters: 23 });
      await storage.deleteMessage('alice', sessionId, 'a');
      expect(await stats()).toMatchObject({
        messageCount: 2,
        characters: 9,
        messagesByRole: { ...NO_ROLES, user: 1, assistant: 1 },
        firstMessageAt: '2024-05-02T00:00:00.000Z',
        durationSeconds: 30.5,
      });
      await storage.deleteMessage('alice', sessionId, 'c');
      expect(await stats()).toMatchObject({
        firstMessageAt: '2024-05-02T00:00:00.000Z',
        lastMessageAt: '2024-05-02T00:00:00.000Z',
        durationSeconds: 0,
        averageMessageLength: 2,
      });
    });

    it('counts documents and their bytes', async () => {
      const { storage, sessionId } = await store.withSession();
      const stats = () => storage.getSessionStats('alice', sessionId);
      await storage.storeDocument('alice', sessionId, { filename: 'known.pdf', size: 99_999 });
      expect(await stats()).toMatchObject({ documentCount: 1, storageBytes: 0 });
      const id = await storeText(storage, sessionId, 'a.txt', 'x'.repeat(5_000));
      await storage.whenIdle();
      const { documentCount, storageBytes } = await stats();
      expect(documentCount).toBe(2);
      expect(storageBytes).toBeGreaterThan(10_000);
      await storage.deleteDocument('alice', sessionId, id);
      expect(await stats()).toMatchObject({ documentCount: 1, storageBytes: 0 });
    });
  });

  describe('getUserStats', () => {
    it('counts what a user has, and when they were active', async () => {
      const { storage, sessionId } = await withMessages();
      await storeText(storage, sessionId, 'a.txt', 'text');
      expect(await storage.getUserStats('alice')).toStrictEqual({
        userId: 'alice',
        totalSessions: 2,
        totalMessages: 5,
        totalDocuments: 1,
        messagesByRole: { user: 2, assistant: 1, system: 1, tool: 1 },
        firstActivity: '2023-12-31T12:00:00.000Z',
        lastActivity: '2024-05-02T00:00:30.500Z',
        averageMessagesPerSession: 2.5,
        activityByDay: { '2023-12-31': 1, '2024-05-01': 2, '2024-05-02': 2 },
        activityByHour: hours({ 0: 2, 12: 1, 23: 2 }),
        storageBytes: expect.any(Number),
      });
    });

    it('gives zeros for a user without anything', async () => {
      const storage = await store.empty();
      await storage.createUser('alice');
      const nothing = {
        userId: 'alice',
        totalSessions: 0,
        totalMessages: 0,
        totalDocuments: 0,
        messagesByRole: NO_ROLES,
        averageMessagesPerSession: 0,
        activityByDay: {},
        activityByHour: NO_HOURS,
        storageBytes: expect.any(Number),
      };
      expect(await storage.getUserStats('alice')).toStrictEqual(nothing);
      const sessionId = await storage.createSession('alice');
      await addAll(storage, sessionId, ['m']);
      await storage.deleteSession('alice', sessionId);
      expect(await storage.getUserStats('alice')).toStrictEqual(nothing);
    });

    it('follows deletions', async () => {
      const { storage, sessionId, otherId } = await withMessages();
      await storage.deleteMessage('alice', otherId, 'e');
      await storage.deleteMessage('alice', sessionId, 'c');
      expect(await storage.getUserStats('alice')).toMatchObject({
        totalMessages: 3,
        firstActivity: '2024-05-01T23:30:00.000Z',
        lastActivity: '2024-05-02T00:00:00.000Z',
        activityByHour: hours({ 0: 1, 23: 2 }),
      });
      expect((await storage.getUserStats('alice')).activityByDay).toStrictEqual({
        '2024-05-01': 2,
        '2024-05-02': 1,
      });
      await storage.deleteSession('alice', sessionId);
      expect(await storage.getUserStats('alice')).toMatchObject({
        totalSessions: 1,
        totalMessages: 1,
        firstActivity: '2024-05-01T23:59:59.999Z',
        lastActivity: '2024-05-01T23:59:59.999Z',
      });
    });

    it('counts nobody else’s', async () => {
      const { storage } = await withMessages();
      await storage.createUser('bob');
      const bobs = await storage.createSession('bob');
      await storage.addMessage('bob', bobs, say('x'));
      expect(await storage.getUserStats('bob')).toMatchObject({ totalMessages: 1 });
      expect(await storage.getUserStats('alice')).toMatchObject({ totalMessages: 5 });
    });
  });

  describe('statistics', () => {
    it('of who or what does not exist are refused', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      const noUser = { type: FFUserNotFoundError, code: 'user-not-found' } as const;
      const noSession = { type: FFSessionNotFoundError, code: 'session-not-found' } as const;
      await expectError(storage.getUserStats('nobody'), noUser);
      await expectError(storage.getSessionStats('nobody', sessionId), noUser);
      await expectError(storage.getSessionStats('alice', 'none'), noSession);
      await expectError(storage.getSessionStats('bob', sessionId), noSession);
    });

    // What follows is for stores that remember.
    if (!subject.persistent) return;

    it('are the same when the store is opened again', async () => {
      const { storage, sessionId, otherId } = await withMessages(await openWithSession(subject));
      await storeText(storage, sessionId, 'a.txt', 'text');
      await storage.deleteMessage('alice', otherId, 'e');
      await storage.whenIdle();
      const read = async (from: FFStorageManager) => {
        const { quotaBytes: _q, usageBytes: _u, ...whole } = await from.getStorageStats();
        const all = {
          user: await from.getUserStats('alice'),
          sessions: [
            await from.getSessionStats('alice', sessionId),
            await from.getSessionStats('alice', otherId),
          ],
          whole,
        };
        // A clean shutdown writes what makes the next opening fast.
        return JSON.parse(JSON.stringify(all, (key, value) => (/bytes/i.test(key) ? 0 : value)));
      };
      const before = await read(storage);
      expect(await read(await reopen(subject, storage))).toStrictEqual(before);
    });
  });
}
