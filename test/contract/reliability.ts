import type { FFProgress, FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { storeText } from './document-support.ts';
import { withPanel } from './panel-support.ts';
import { shareStore, type Subject } from './subject.ts';
import { addAll, expectError, readState } from './support.ts';

/** What the contract says of checking, repairing and salvaging a store, and of its health. */
export function reliabilityContract(subject: Subject): void {
  const store = shareStore(subject);

  /** A store with one of everything. */
  async function withEverything(): Promise<FFStorageManager> {
    const { storage, sessionId } = await withPanel(store);
    await addAll(storage, sessionId, ['one', 'two', 'three']);
    await storage.updateMessage('alice', sessionId, 'one', { content: 'first' });
    await storage.deleteMessage('alice', sessionId, 'two');
    await storeText(storage, sessionId, 'a.txt', 'text');
    await storage.backupData('b');
    await storage.whenIdle();
    return storage;
  }

  describe('verify', () => {
    it('finds nothing in a store that is in order, and tells how far it is', async () => {
      const storage = await withEverything();
      const told: FFProgress[] = [];
      const report = await storage.verify({ onProgress: (progress) => told.push(progress) });
      expect(report).toMatchObject({ ok: true, findings: [], damagedBytes: 0 });
      expect(report.totals).toMatchObject({ users: 1, sessions: 1, panels: 1, documents: 1 });
      expect(report.totals.messages).toBeGreaterThanOrEqual(2);
      const done = told.map(({ doneBytes }) => doneBytes);
      expect(done).toStrictEqual([...done].sort((a, b) => a - b));
      expect(told.at(-1)?.totalBytes).toBe(told.at(-1)?.doneBytes);
    });

    it('ends when it is aborted', async () => {
      const storage = await withEverything();
      await expectError(storage.verify({ signal: AbortSignal.abort() }), { code: 'aborted' });
      const abort = new AbortController();
      const verifying = storage.verify({
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      await expectError(verifying, { code: 'aborted' });
    });

    it('passes on what progress throws', async () => {
      const storage = await withEverything();
      const verifying = storage.verify({
        onProgress: () => {
          throw new RangeError('mine');
        },
      });
      await expect(verifying).rejects.toBeInstanceOf(RangeError);
    });
  });

  describe('repair', () => {
    it('changes nothing in a store that is in order', async () => {
      const storage = await withEverything();
      const before = await readState(storage);
      const { repaired, remaining } = await storage.repair();
      expect(repaired).toStrictEqual([]);
      expect(remaining.ok).toBe(true);
      expect(await readState(storage)).toStrictEqual(before);
    });
  });

  describe('salvage', () => {
    it('gives an archive that brings everything back', async () => {
      const storage = await withEverything();
      const before = await readState(storage);
      const archive = await new Response(await storage.salvage()).blob();
      await storage.deleteUser('alice', { force: true });
      expect(await storage.importBackup(archive)).toMatchObject({ users: 1, documents: 1 });
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('ends when it is aborted or cancelled', async () => {
      const storage = await withEverything();
      await expectError(storage.salvage({ signal: AbortSignal.abort() }), { code: 'aborted' });
      const stream = await storage.salvage();
      await stream.cancel();
    });
  });

  describe.runIf(subject.persistent)('without an open store', () => {
    it('verifies, repairs and salvages the files, and lets go of them', async () => {
      const storage = await subject.open();
      await storage.createUser('alice');
      const sessionId = await storage.createSession('alice', 'A talk');
      await addAll(storage, sessionId, ['one', 'two']);
      const before = await readState(storage);
      await storage.close();

      expect(await storage.verify()).toMatchObject({ ok: true, totals: { messages: 2 } });
      expect(await storage.repair()).toMatchObject({ repaired: [], remaining: { ok: true } });
      const archive = await new Response(await storage.salvage()).blob();
      await storage.initialize();
      expect(await readState(storage)).toStrictEqual(before);
      await storage.deleteUser('alice', { force: true });
      await storage.importBackup(archive);
      expect(await readState(storage)).toStrictEqual(before);
    });
  });

  describe('getStorageHealth', () => {
    it('tells of the backend, its risks and the last backup', async () => {
      const storage = await subject.open();
      const before = await storage.getStorageHealth();
      expect(before).toMatchObject({ backend: subject.backend, damagedRecords: 0 });
      expect(before).not.toHaveProperty('lastBackupAt');
      expect(before).not.toHaveProperty('lastExportAt');
      const isKept = before.persisted && subject.backend !== 'memory';
      expect(before.evictionRisk === 'none').toBe(isKept);
      expect(before.evictionReasons.length === 0).toBe(isKept);
      const { quotaBytes, usageBytes, headroomBytes } = before;
      const isKnown = quotaBytes !== undefined && usageBytes !== undefined;
      expect(headroomBytes).toBe(isKnown ? Math.max(quotaBytes - usageBytes, 0) : undefined);

      await storage.backupData('b');
      await new Response(await storage.exportBackup()).blob();
      await storage.whenIdle();
      const after = await storage.getStorageHealth();
      const [backup] = await storage.listBackups();
      expect(after.lastBackupAt).toBe(backup?.createdAt);
      expect(Date.parse(after.lastExportAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(after.lastBackupAt ?? ''),
      );
      expect(after.reservedBytes).toBe(storage.getConfiguration().storage.reserveBytes);
    });

    it('needs an open store', async () => {
      await expectError(subject.create().getStorageHealth(), { code: 'closed' });
    });
  });

  describe('requestPersistence', () => {
    it('tells whether the browser has promised to keep what is stored', async () => {
      const storage = await subject.open();
      const promised = await storage.requestPersistence();
      expect((await storage.getStorageHealth()).persisted).toBe(promised);
    });
  });
}
