import { FFUserNotFoundError } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import {
  changeEverything,
  openEmpty,
  openFilled,
  withFilledStore,
  withoutBackups,
} from './backup-support.ts';
import { reopen, shareStore, type Subject } from './subject.ts';
import { expectError, readState, readUser, say, UTC } from './support.ts';

/** What the contract says of backups in the store's own area, and of what a restore makes of a store. */
export function backupsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('backupData', () => {
    it('makes a backup that listBackups tells of', async () => {
      const { storage } = await withFilledStore(store);
      expect(await storage.backupData('nightly/monday')).toBe(true);
      const [backup, ...others] = await storage.listBackups();
      expect(others).toStrictEqual([]);
      expect(backup).toStrictEqual({
        path: 'nightly/monday',
        createdAt: expect.stringMatching(UTC),
        sizeBytes: expect.any(Number),
        users: 2,
        sessions: 3,
        messages: 4,
        documents: 3,
      });
      expect(backup?.sizeBytes).toBeGreaterThan(1_000);
    });

    it('tells of which user a backup is', async () => {
      const { storage } = await withFilledStore(store);
      await storage.backupData('bob', { userId: 'bob' });
      expect(await storage.listBackups()).toMatchObject([
        { path: 'bob', userId: 'bob', users: 1, sessions: 1, messages: 1, documents: 0 },
      ]);
    });

    it('replaces the one of the same name, and no other', async () => {
      const { storage, bobSession } = await withFilledStore(store);
      await storage.backupData('a/b');
      await storage.backupData('a');
      await storage.addMessage('bob', bobSession, say('rye'));
      await storage.backupData('a/b', { userId: 'bob' });
      expect(await storage.listBackups()).toMatchObject([
        { path: 'a/b', messages: 2, userId: 'bob' },
        { path: 'a', messages: 4 },
      ]);
      const { bytesByKind } = await storage.getStorageStats();
      const sizes = (await storage.listBackups()).map(({ sizeBytes }) => sizeBytes);
      expect(bytesByKind.backups).toBe(sizes.reduce((sum, size) => sum + size, 0));
    });

    it('keeps one of several of the same name that are made at once', async () => {
      const { storage } = await withFilledStore(store);
      const before = await readState(storage);
      await Promise.all(['same', 'same', 'other', 'same'].map((path) => storage.backupData(path)));
      const backups = await storage.listBackups();
      expect(backups.map(({ path }) => path).sort()).toStrictEqual(['other', 'same']);
      const { bytesByKind } = await storage.getStorageStats();
      expect(bytesByKind.backups).toBe(backups.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
      await storage.restoreData('same');
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('refuses a user who does not exist', async () => {
      const { storage } = await withFilledStore(store);
      await expectError(storage.backupData('b', { userId: 'nobody' }), {
        type: FFUserNotFoundError,
        code: 'user-not-found',
      });
      expect(await storage.listBackups()).toStrictEqual([]);
    });

    it('backs up an empty store', async () => {
      const storage = await withoutBackups(store);
      expect(await storage.backupData('empty')).toBe(true);
      expect(await storage.listBackups()).toMatchObject([{ users: 0, messages: 0 }]);
      await storage.createUser('alice');
      expect(await storage.restoreData('empty')).toBe(true);
      expect(await storage.listUsers()).toStrictEqual(['alice']);
    });

    it('goes on while the store is written to', async () => {
      const { storage, aliceSession } = await withFilledStore(store);
      const contents = Array.from({ length: 40 }, (_, index) => `meanwhile ${index}`);
      const backup = storage.backupData('busy');
      const writes = contents.map((content) =>
        storage.addMessage('alice', aliceSession, say(content)),
      );
      await Promise.all([backup, ...writes]);
      const after = await readUser(storage, 'bob');
      await storage.restoreData('busy');
      const messages = await storage.getAllMessages('alice', aliceSession);
      // As of some moment: what came first, and then as many of the others as there were.
      const expected = ['the suspension bridge', 'after the edit', 'an answer 🦊', ...contents];
      expect(messages.map(({ content }) => content)).toStrictEqual(
        expected.slice(0, messages.length),
      );
      expect(messages.length).toBeGreaterThanOrEqual(3);
      expect(await readUser(storage, 'bob')).toStrictEqual(after);
    });
  });

  describe('listBackups', () => {
    it('gives the newest first', async () => {
      const storage = await withoutBackups(store);
      expect(await storage.listBackups()).toStrictEqual([]);
      for (const path of ['1', '2', '3']) await storage.backupData(path);
      expect((await storage.listBackups()).map(({ path }) => path)).toStrictEqual(['3', '2', '1']);
    });
  });

  describe('deleteBackup', () => {
    it('deletes a backup with its file', async () => {
      const { storage } = await withFilledStore(store);
      await storage.backupData('a');
      expect(await storage.deleteBackup('a')).toBe(true);
      expect(await storage.deleteBackup('a')).toBe(false);
      expect(await storage.listBackups()).toStrictEqual([]);
      expect((await storage.getStorageStats()).bytesByKind.backups).toBe(0);
      await expectError(storage.restoreData('a'), { code: 'not-found' });
    });
  });

  describe('restoreData', () => {
    it('brings everything back', async () => {
      const filled = await withFilledStore(store);
      const { storage } = filled;
      const before = await readState(storage);
      await storage.backupData('all');
      await changeEverything(filled);
      expect(await readState(storage)).not.toEqual(before);
      expect(await storage.restoreData('all')).toBe(true);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('brings back users who were deleted, and what they owned', async () => {
      const { storage } = await withFilledStore(store);
      const before = await readState(storage);
      await storage.backupData('all');
      await storage.deleteUser('alice', { force: true });
      await storage.deleteUser('bob', { force: true });
      expect(await storage.restoreData('all')).toBe(true);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('changes nothing more when it is done again', async () => {
      const filled = await withFilledStore(store);
      const { storage } = filled;
      await storage.backupData('all');
      await changeEverything(filled);
      await storage.restoreData('all');
      const once = await readState(storage);
      await storage.restoreData('all');
      expect(await readState(storage)).toStrictEqual(once);
    });

    it('leaves users alone whom the backup does not hold', async () => {
      const { storage, bobSession } = await withFilledStore(store);
      await storage.backupData('all');
      await storage.createUser('carol');
      const session = await storage.createSession('carol', 'Hers');
      await storage.addMessage('carol', session, say('hello'));
      await storage.createPersona({ personaId: 'carols', name: 'C', ownerId: 'carol' });
      await storage.createPersona({ personaId: 'newer', name: 'Newer' });
      await storage.createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['carols'] });
      await storage.addPanelMessage('p', 'carols', say('in it', { messageId: 'x' }));
      const carol = await readUser(storage, 'carol');
      const messages = await storage.getPanelMessages('p');
      await storage.deleteSession('bob', bobSession);
      await storage.restoreData('all');
      expect(await readUser(storage, 'carol')).toStrictEqual(carol);
      expect(await storage.getPersona('newer')).toMatchObject({ name: 'Newer' });
      expect(await storage.getPanel('p')).toMatchObject({ ownerId: 'carol', messageCount: 1 });
      expect(await storage.getPanelMessages('p')).toStrictEqual(messages);
      expect(await storage.getSession('bob', bobSession)).not.toBeNull();
    });

    it('takes one user out of a backup of all', async () => {
      const filled = await withFilledStore(store);
      const { storage } = filled;
      const before = await readState(storage);
      await storage.backupData('all');
      await changeEverything(filled);
      const changed = await readState(storage);
      await storage.restoreData('all', { userId: 'alice' });
      const after = await readState(storage);
      expect(after.users.alice).toStrictEqual(before.users.alice);
      expect(after.users.bob).toStrictEqual(changed.users.bob);
      const panelOf = ({ panels }: typeof after, id: string) =>
        panels.find(({ panel }) => panel.panelId === id);
      expect(panelOf(after, 'her panel')).toStrictEqual(panelOf(before, 'her panel'));
      expect(panelOf(after, 'his panel')).toStrictEqual(panelOf(before, 'his panel'));
    });

    it('refuses a user whom the backup does not hold', async () => {
      const { storage } = await withFilledStore(store);
      await storage.backupData('bobs', { userId: 'bob' });
      const before = await readState(storage);
      await expectError(storage.restoreData('bobs', { userId: 'alice' }), { code: 'not-found' });
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('keeps the ids of deleted messages deleted', async () => {
      const { storage, aliceSession } = await withFilledStore(store);
      await storage.backupData('all');
      await storage.deleteUser('alice', { force: true });
      await storage.restoreData('all');
      const again = say('back again', { messageId: 'a2' });
      expect(await storage.addMessage('alice', aliceSession, again)).toBe(false);
      expect(await storage.getMessage('alice', aliceSession, 'a2')).toBeNull();
      const known = say('another text', { messageId: 'a1' });
      expect(await storage.addMessage('alice', aliceSession, known)).toBe(true);
      expect(await storage.getMessage('alice', aliceSession, 'a1')).toMatchObject({
        content: 'the suspension bridge',
      });
      // The next message follows the one that was the last.
      await storage.addMessage('alice', aliceSession, say('on it goes', { messageId: 'a9' }));
      expect(await storage.getMessage('alice', aliceSession, 'a9')).toMatchObject({
        parentId: 'a4',
      });
    });

    it('makes searches find what was restored, and not what was replaced', async () => {
      const filled = await withFilledStore(store);
      const { storage } = filled;
      const found = async (query: string) =>
        (await storage.searchMessages('alice', query)).map(({ content }) => content);
      const documents = async () =>
        (await storage.searchDocuments('alice', 'catenary')).map(({ content }) => content);
      await storage.backupData('all');
      await changeEverything(filled);
      expect(await found('intruder')).toHaveLength(1);
      await storage.restoreData('all');
      expect(await found('intruder')).toStrictEqual([]);
      expect(await found('overwritten')).toStrictEqual([]);
      expect(await found('later')).toStrictEqual([]);
      expect(await found('suspension')).toStrictEqual(['the suspension bridge']);
      expect(await found('truss')).toStrictEqual(['truss']);
      expect(await documents()).toStrictEqual(['The catenary carries the cable.']);
      await storage.whenIdle();
      const [document] = (await storage.listDocuments('alice')).filter(
        ({ mimeType }) => mimeType === 'text/plain',
      );
      expect(document?.text).toMatchObject({ status: 'ready' });
    });

    it('extracts the texts of documents again before whenIdle resolves', async () => {
      const { storage } = await withFilledStore(store);
      await storage.whenIdle();
      await storage.backupData('all');
      await storage.restoreData('all');
      await storage.whenIdle();
      const states = (await storage.listDocuments('alice')).map(({ originalName, text }) => [
        originalName,
        text.status,
      ]);
      expect(states).not.toContainEqual([expect.anything(), 'pending']);
    });

    it('makes the statistics what they were', async () => {
      const { storage, aliceSession } = await withFilledStore(store);
      const read = async () => {
        await storage.whenIdle();
        const { storageBytes: _u, ...user } = await storage.getUserStats('alice');
        const { storageBytes: _s, ...session } = await storage.getSessionStats(
          'alice',
          aliceSession,
        );
        const { totalUsers, totalSessions, totalMessages, totalDocuments } =
          await storage.getStorageStats();
        return {
          user,
          session,
          totals: [totalUsers, totalSessions, totalMessages, totalDocuments],
        };
      };
      const before = await read();
      await storage.backupData('all');
      await storage.addMessage('alice', aliceSession, say('one more'));
      await storage.deleteUser('bob', { force: true });
      await storage.restoreData('all');
      expect(await read()).toStrictEqual(before);
    });

    it('takes writes afterwards like any store', async () => {
      const filled = await withFilledStore(store);
      const { storage, aliceSession } = filled;
      await storage.backupData('all');
      await storage.restoreData('all');
      await changeEverything(filled);
      expect(await storage.getMessage('alice', aliceSession, 'a1')).toMatchObject({
        content: 'overwritten',
      });
      expect(await storage.deleteUser('alice', { force: true })).toBe(true);
      expect(await storage.createUser('alice')).toBe(true);
      expect(await storage.listSessions('alice')).toStrictEqual([]);
      await storage.restoreData('all');
      expect(await storage.listSessions('alice')).toHaveLength(2);
    });

    it('refuses a backup that is not there', async () => {
      const storage = await openEmpty(subject);
      await expectError(storage.restoreData('none'), { code: 'not-found' });
    });

    if (!subject.persistent) return;

    it('is there after the store was opened again', async () => {
      const filled = await openFilled(subject);
      const before = await readState(filled.storage);
      await filled.storage.backupData('all');
      await changeEverything(filled);
      await filled.storage.restoreData('all');
      const again = await reopen(subject, filled.storage);
      expect(await readState(again)).toStrictEqual(before);
      const backups = await again.listBackups();
      expect(backups).toHaveLength(1);
      await again.deleteUser('alice', { force: true });
      expect(await again.restoreData('all')).toBe(true);
      expect(await readState(again)).toStrictEqual(before);
      const third = await reopen(subject, again);
      expect(await readState(third)).toStrictEqual(before);
    });
  });
}
