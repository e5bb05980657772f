import { describe, expect, it } from 'vitest';
import { storeText } from './document-support.ts';
import { addPersonas, withoutPanels } from './panel-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { addAll, say } from './support.ts';

/** What the contract says of the statistics of a store as a whole. */
export function storageStatisticsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('getStorageStats', () => {
    it('counts what the store holds', async () => {
      const storage = await store.empty();
      expect(await storage.getStorageStats()).toMatchObject({
        backend: subject.backend,
        totalUsers: 0,
        totalSessions: 0,
        totalMessages: 0,
        totalDocuments: 0,
        damagedRecords: 0,
      });
      for (const userId of ['alice', 'bob']) {
        await storage.createUser(userId);
        const sessionId = await storage.createSession(userId);
        await storage.createSession(userId);
        await storage.addMessages(userId, sessionId, [say('one'), say('two'), say('three')]);
        await storage.storeDocument(userId, sessionId, { filename: 'a.txt' }, 'text');
      }
      await storage.createUser('carol');
      const counts = { totalUsers: 3, totalSessions: 4, totalMessages: 6, totalDocuments: 2 };
      expect(await storage.getStorageStats()).toMatchObject(counts);
      await storage.deleteUser('bob', { force: true });
      expect(await storage.getStorageStats()).toMatchObject({
        totalUsers: 2,
        totalSessions: 2,
        totalMessages: 3,
        totalDocuments: 1,
      });
    });

    it('counts bytes by kind, which add up', async () => {
      const { storage, sessionId } = await withoutPanels(store);
      const read = async () => {
        await storage.whenIdle();
        const stats = await storage.getStorageStats();
        const sum = Object.values(stats.bytesByKind).reduce((total, bytes) => total + bytes, 0);
        expect(stats.storageBytes).toBe(sum);
        return stats.bytesByKind;
      };
      const before = await read();
      expect(Object.keys(before).sort()).toStrictEqual([
        'backups',
        'catalogs',
        'documents',
        'indexes',
        'messages',
        'panels',
        'quarantine',
        'reserve',
      ]);
      expect(before).toMatchObject({ messages: 0, documents: 0, quarantine: 0 });

      await storage.addMessage('alice', sessionId, say('x'.repeat(10_000)));
      const withMessage = await read();
      expect(withMessage.messages).toBeGreaterThan(10_000);
      expect(withMessage.documents).toBe(0);

      await storeText(storage, sessionId, 'a.txt', 'x'.repeat(20_000));
      const withDocument = await read();
      expect(withDocument.documents).toBeGreaterThan(20_000);
      expect(withDocument.messages).toBe(withMessage.messages);

      await addPersonas(storage, ['ada']);
      await storage.createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['ada'] });
      await storage.addPanelMessage('p', 'ada', say('x'.repeat(5_000)));
      const withPanel = await read();
      expect(withPanel.panels).toBeGreaterThan(before.panels + 5_000);
      expect(withPanel.messages).toBe(withMessage.messages);
      expect(withPanel.catalogs).toBeGreaterThan(withDocument.catalogs);

      await storage.backupData('everything');
      const withBackup = await read();
      expect(withBackup.backups).toBeGreaterThan(before.backups + 100);
      await storage.deleteBackup('everything');
      expect((await read()).backups).toBe(before.backups);
    });

    it('says what the browser grants, where it says so', async () => {
      const { storage } = store.current();
      const { quotaBytes, usageBytes, persisted } = await storage.getStorageStats();
      const manager = (globalThis.navigator as { storage?: unknown } | undefined)?.storage;
      expect(persisted).toBeTypeOf('boolean');
      const isGranted = (bytes: number | undefined) => bytes !== undefined && bytes > 0;
      expect(isGranted(quotaBytes)).toBe(manager !== undefined);
      expect(typeof usageBytes).toBe(manager === undefined ? 'undefined' : 'number');
    });

    // What follows is for stores that remember.
    if (!subject.persistent) return;

    it('knows everything again when the store is opened, before any user is', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      await addAll(storage, sessionId, ['one', 'two']);
      await storeText(storage, sessionId, 'a.txt', 'text');
      await storage.createUser('bob');
      await storage.whenIdle();
      const again = await reopen(subject, storage);
      expect(await again.getStorageStats()).toMatchObject({
        totalUsers: 2,
        totalSessions: 1,
        totalMessages: 2,
        totalDocuments: 1,
      });
      const user = await again.getUserStats('alice');
      const bob = await again.getUserStats('bob');
      const { storageBytes, bytesByKind } = await again.getStorageStats();
      expect(user.storageBytes + bob.storageBytes).toBeLessThan(storageBytes);
      expect(user.storageBytes).toBeGreaterThan(bytesByKind.messages + bytesByKind.documents);
    });
  });
}
