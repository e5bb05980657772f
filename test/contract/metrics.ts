import { describe, expect, it, vi } from 'vitest';
import { storeText } from './document-support.ts';
import { openWithSession, type Subject } from './subject.ts';
import { addAll, expectError, say, UTC } from './support.ts';

/** What the contract says of how the store tells that it is doing. */
export function metricsContract(subject: Subject): void {
  describe('getPerformanceMetrics', () => {
    it('counts the calls of each method since the opening, and how many failed', async () => {
      const before = Date.now();
      const { storage, sessionId } = await openWithSession(subject);
      for (const word of ['one', 'two', 'three']) {
        await storage.addMessage('alice', sessionId, say(word));
      }
      await expectError(storage.addMessage('alice', 'none', say('x')), {
        code: 'session-not-found',
      });
      await expectError(storage.getUserStats('nobody'), { code: 'user-not-found' });
      // Refused on this side, so that no worker hears of it.
      await expectError(storage.addMessage('', sessionId, say('x')), { code: 'validation' });
      const { since, operations } = await storage.getPerformanceMetrics();
      expect(since).toMatch(UTC);
      expect(Date.parse(since)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(since)).toBeLessThanOrEqual(Date.now());
      expect(operations).toMatchObject({
        createUser: { count: 1, errors: 0 },
        createSession: { count: 1, errors: 0 },
        addMessage: { count: 4, errors: 1 },
        getUserStats: { count: 1, errors: 1 },
      });
      expect(operations).not.toHaveProperty('deleteUser');
      const again = await storage.getPerformanceMetrics();
      expect(again.since).toBe(since);
      expect(again.operations['getPerformanceMetrics']).toMatchObject({ count: 1, errors: 0 });
    });

    it('tells how long they took, in order', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      for (let index = 0; index < 50; index++) {
        await storage.addMessage('alice', sessionId, say(`m${index}`));
      }
      const { operations } = await storage.getPerformanceMetrics();
      for (const { p50Ms, p95Ms, p99Ms, maxMs, count, errors } of Object.values(operations)) {
        expect(p50Ms).toBeGreaterThanOrEqual(0);
        expect(p95Ms).toBeGreaterThanOrEqual(p50Ms);
        expect(p99Ms).toBeGreaterThanOrEqual(p95Ms);
        expect(maxMs).toBeGreaterThanOrEqual(p99Ms);
        expect(maxMs).toBeLessThan(60_000);
        expect(errors).toBeLessThanOrEqual(count);
      }
      expect(operations['addMessage']?.maxMs).toBeGreaterThan(0);
    });

    it('tells of open files and of the index', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      await addAll(storage, sessionId, ['one', 'two', 'three']);
      await storage.deleteMessage('alice', sessionId, 'two');
      await storeText(storage, sessionId, 'a.txt', 'text');
      await storage.whenIdle();
      const { cache, index, embedding, leader } = await storage.getPerformanceMetrics();
      expect(index).toStrictEqual({
        status: 'ready',
        entries: 3,
        pendingSessions: 0,
        pendingDocuments: 0,
        // One for messages, one for documents.
        segments: 2,
        bytes: expect.any(Number),
      });
      expect(index.bytes).toBeGreaterThan(0);
      expect(index.bytes).toBeLessThanOrEqual(
        (await storage.getStorageStats()).bytesByKind.indexes,
      );
      expect(embedding).toStrictEqual({
        status: 'ready',
        model: 'static',
        embedded: 3,
        pending: 0,
      });
      expect(cache).toMatchObject({ maxOpenFiles: 48, openSessions: 1 });
      expect(cache.openFiles).toBeGreaterThan(0);
      expect(cache.openFiles).toBeLessThanOrEqual(48);
      expect(cache.hits).toBeGreaterThan(0);
      expect(cache.misses).toBeGreaterThanOrEqual(cache.openFiles);
      expect(leader).toBe(true);
    });

    it('tells that few files are open where few may be, also after a change', async () => {
      const { storage } = await openWithSession(subject, { storage: { maxOpenHandles: 6 } });
      const writeEverywhere = async () => {
        for (let index = 0; index < 10; index++) {
          const sessionId = await storage.createSession('alice');
          await storage.addMessage('alice', sessionId, say('x'));
        }
        return (await storage.getPerformanceMetrics()).cache;
      };
      expect((await writeEverywhere()).maxOpenFiles).toBe(6);
      // What is on its way out is closed in a moment.
      await vi.waitFor(async () => {
        const { cache } = await storage.getPerformanceMetrics();
        expect(cache.openFiles).toBeLessThanOrEqual(6);
      });
      await storage.updateConfiguration({ storage: { maxOpenHandles: 40 } });
      const many = await writeEverywhere();
      expect(many.maxOpenFiles).toBe(40);
      expect(many.openFiles).toBeGreaterThan(6);
    });
  });
}
