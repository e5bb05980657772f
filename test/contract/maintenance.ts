import type { FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { storeText } from './document-support.ts';
import { addPersonas, readPanels, speakAll, withPanel } from './panel-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, readState, say } from './support.ts';

const NOTHING = {
  sessions: 0,
  messages: 0,
  documents: 0,
  contexts: 0,
  panels: 0,
  panelMessages: 0,
};

/** What the contract says of looking after a store. */
export function maintenanceContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('cleanupOldData', () => {
    /** Two sessions with all that there can be in one, and a panel. */
    async function withEverything() {
      const { storage, sessionId } = await withPanel(store);
      await addAll(storage, sessionId, ['one', 'two']);
      await storage.addMessage('alice', sessionId, say('x', { timestamp: '1999-01-01T00:00:00Z' }));
      await storeText(storage, sessionId, 'a.txt', 'text');
      await storage.saveContext('alice', sessionId, { summary: 'A talk.' });
      await storage.createSession('alice', 'Empty');
      await speakAll(storage, ['p', 'q']);
      await storage.whenIdle();
      return { storage, sessionId };
    }
    /** A moment after the last write, as a fraction of a day. */
    const MOMENT = 1e-9;
    const ALL = {
      sessions: 2,
      messages: 3,
      documents: 1,
      contexts: 1,
      panels: 1,
      panelMessages: 2,
    };

    /** Until everything written so far lies at least a moment back. */
    async function tick(): Promise<void> {
      const begin = Date.now();
      while (Date.now() <= begin + 1) await new Promise((resolve) => setTimeout(resolve));
    }

    it('finds nothing old in what was just written, whatever its timestamps', async () => {
      const { storage } = await withEverything();
      expect(await storage.cleanupOldData()).toStrictEqual(NOTHING);
      expect(await storage.cleanupOldData({ daysOld: 1, dryRun: false })).toStrictEqual(NOTHING);
      expect(await storage.getStorageStats()).toMatchObject({ totalMessages: 3 });
    });

    it('counts only, unless it is told otherwise', async () => {
      const { storage } = await withEverything();
      await tick();
      const before = [await readState(storage), await readPanels(storage)];
      expect(await storage.cleanupOldData({ daysOld: MOMENT })).toStrictEqual(ALL);
      expect(await storage.cleanupOldData({ daysOld: MOMENT, dryRun: true })).toStrictEqual(ALL);
      expect([await readState(storage), await readPanels(storage)]).toStrictEqual(before);
    });

    it('removes what it counted; users, personas and backups stay', async () => {
      const { storage, sessionId } = await withEverything();
      await storage.backupData('kept');
      await tick();
      const clean = () => storage.cleanupOldData({ daysOld: MOMENT, dryRun: false });
      expect(await clean()).toStrictEqual(ALL);
      expect(await clean()).toStrictEqual(NOTHING);
      expect(await storage.listUsers()).toStrictEqual(['alice']);
      expect(await storage.listSessions('alice')).toStrictEqual([]);
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
      expect(await storage.listDocuments('alice')).toStrictEqual([]);
      expect(await storage.listContexts('alice')).toStrictEqual([]);
      expect(await storage.listPanels()).toStrictEqual([]);
      expect(await storage.getPanelMessages('panel')).toStrictEqual([]);
      expect(await storage.searchMessages('alice', 'one')).toStrictEqual([]);
      expect(await storage.searchDocuments('alice', 'text')).toStrictEqual([]);
      expect(await storage.listPersonas()).toHaveLength(2);
      expect(await storage.listBackups()).toHaveLength(1);
      await storage.deleteBackup('kept');
    });
  });

  describe('optimizeStorage', () => {
    async function wearOut(storage: FFStorageManager, sessionId: string): Promise<void> {
      const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
      await addAll(storage, sessionId, ids);
      for (const id of ids) {
        for (const version of ['first', 'second', 'third']) {
          const content = `${version} ${id} ${'filler '.repeat(50)}`;
          await storage.updateMessage('alice', sessionId, id, { content });
        }
      }
      for (const id of ids.slice(0, 10)) await storage.deleteMessage('alice', sessionId, id);
      for (let round = 0; round < 30; round++) {
        await storage.updateSession('alice', sessionId, { metadata: { round } });
      }
      await storeText(storage, sessionId, 'a.txt', 'a porcupine');
      await storage.saveContext('alice', sessionId, { summary: 'A talk.' });
    }

    async function readAll(storage: FFStorageManager, sessionId: string) {
      const { storageBytes: _b, ...session } = await storage.getSessionStats('alice', sessionId);
      const { storageBytes: _c, ...user } = await storage.getUserStats('alice');
      const found = async (query: string) =>
        contentsOf(await storage.searchMessages('alice', query)).sort();
      return {
        state: await readState(storage),
        documents: await storage.listDocuments('alice'),
        contexts: await storage.listContexts('alice'),
        hits: [await found('third'), await found('second'), await found('m3')],
        passages: await storage.searchDocuments('alice', 'porcupine'),
        session,
        user,
      };
    }

    it('makes the store smaller and changes no answer', async () => {
      const { storage, sessionId } = await store.withSession();
      await wearOut(storage, sessionId);
      await storage.whenIdle();
      const before = await readAll(storage, sessionId);
      const { bytesByKind: worn } = await storage.getStorageStats();
      expect(await storage.optimizeStorage()).toBe(true);
      const { bytesByKind: tidy } = await storage.getStorageStats();
      expect(tidy.messages).toBeLessThan(worn.messages / 2);
      expect(tidy.catalogs).toBeLessThan(worn.catalogs);
      expect(await readAll(storage, sessionId)).toStrictEqual(before);
      expect(await storage.addMessage('alice', sessionId, say('x', { messageId: 'm3' }))).toBe(
        false,
      );
      await addAll(storage, sessionId, ['new']);
      expect((await storage.getMessage('alice', sessionId, 'new'))?.parentId).toBe('m29');
      expect(await storage.optimizeStorage()).toBe(true);
    });

    it('does so for one user, and gives false where there is none', async () => {
      const { storage, sessionId } = await store.withSession();
      await wearOut(storage, sessionId);
      await storage.createUser('bob');
      const before = await storage.getUserStats('alice');
      expect(await storage.optimizeStorage('nobody')).toBe(false);
      expect(await storage.optimizeStorage('bob')).toBe(true);
      expect(await storage.optimizeStorage('alice')).toBe(true);
      const after = await storage.getUserStats('alice');
      expect(after.storageBytes).toBeLessThan(before.storageBytes / 2);
      expect(await storage.listUsers()).toStrictEqual(['alice', 'bob']);
    });

    it('lets reads and writes go on', async () => {
      const { storage, sessionId } = await store.withSession();
      await wearOut(storage, sessionId);
      const optimizing = storage.optimizeStorage();
      const adding = Array.from({ length: 40 }, (_, index) =>
        storage.addMessage('alice', sessionId, say(`during ${index}`, { messageId: `d${index}` })),
      );
      const editing = storage.updateMessage('alice', sessionId, 'm20', { content: 'edited' });
      const deleting = storage.deleteMessage('alice', sessionId, 'm21');
      const reading = storage.getMessages('alice', sessionId, { limit: 1 });
      expect(await editing).toBe(true);
      expect(await deleting).toBe(true);
      expect(await reading).toHaveLength(1);
      expect(await Promise.all(adding)).toStrictEqual(adding.map(() => true));
      expect(await optimizing).toBe(true);
      const messages = await storage.getAllMessages('alice', sessionId);
      expect(messages.map(({ messageId }) => messageId)).toStrictEqual([
        ...Array.from({ length: 20 }, (_, index) => `m${index + 10}`).filter((id) => id !== 'm21'),
        ...Array.from({ length: 40 }, (_, index) => `d${index}`),
      ]);
      expect(contentsOf(await storage.searchMessages('alice', 'edited'))).toStrictEqual(['edited']);
      expect(await storage.searchMessages('alice', 'during')).toHaveLength(40);
    });

    it('tidies up panels', async () => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['p', 'q']);
      await addPersonas(storage, ['cy']);
      await storage.deletePersona('cy');
      const before = await readPanels(storage);
      expect(await storage.optimizeStorage()).toBe(true);
      expect(await readPanels(storage)).toStrictEqual(before);
      await speakAll(storage, ['r']);
      expect(await storage.getPanelMessages('panel')).toHaveLength(3);
    });

    // What follows is for stores that remember.
    if (!subject.persistent) return;

    it('leaves a store that opens as it was', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      await wearOut(storage, sessionId);
      await storage.updateConfiguration({ panel: { maxPersonas: 3 } });
      await storage.whenIdle();
      const before = await readAll(storage, sessionId);
      await storage.optimizeStorage();
      const again = await reopen(subject, storage);
      expect(await readAll(again, sessionId)).toStrictEqual(before);
      expect(again.getConfiguration().panel.maxPersonas).toBe(3);
      await addAll(again, sessionId, ['new']);
      expect(await again.optimizeStorage()).toBe(true);
      const third = await reopen(subject, again);
      expect(await third.getAllMessages('alice', sessionId)).toHaveLength(21);
    });
  });
}
