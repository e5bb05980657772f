import { FFUserNotFoundError, type FFProgress } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import {
  changeEverything,
  exportBlob,
  openEmpty,
  withFilledStore,
  withoutBackups,
} from './backup-support.ts';
import { shareStore, type Subject } from './subject.ts';
import { expectError, readState, readUser, say } from './support.ts';

/** What the contract says of archives on their way out of a store and into one. */
export function backupTransfersContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('exportBackup and importBackup', () => {
    it('carry a store into another one', async () => {
      const { storage } = await withFilledStore(store);
      const before = await readState(storage);
      const archive = await exportBlob(storage);
      const other = await openEmpty(subject);
      expect(await other.importBackup(archive)).toStrictEqual({
        users: 2,
        sessions: 3,
        messages: 4,
        documents: 3,
        skipped: 0,
        warnings: [],
      });
      expect(await readState(other)).toStrictEqual(before);
    });

    it('take a stream as well, whatever its pieces', async () => {
      const filled = await withFilledStore(store);
      const { storage } = filled;
      const before = await readState(storage);
      const bytes = new Uint8Array(await (await exportBlob(storage)).arrayBuffer());
      await changeEverything(filled);
      let at = 0;
      let size = 1;
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (at >= bytes.length) return controller.close();
          controller.enqueue(bytes.slice(at, at + size));
          at += size;
          size = (size * 3) % 9_973;
        },
      });
      await storage.importBackup(stream);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('take the one stream as it comes from the other', async () => {
      const { storage } = await withFilledStore(store);
      const other = await openEmpty(subject);
      await other.importBackup(await storage.exportBackup());
      expect(await readState(other)).toStrictEqual(await readState(storage));
    });

    it('put a single user into a store that has others', async () => {
      const { storage } = await withFilledStore(store);
      const archive = await exportBlob(storage, 'alice');
      const alice = await readUser(storage, 'alice');
      const other = await openEmpty(subject);
      await other.createUser('bob', { name: 'Another Bob' });
      await other.createUser('carol');
      const session = await other.createSession('carol', 'Hers');
      await other.addMessage('carol', session, say('hello'));
      const others = [await readUser(other, 'bob'), await readUser(other, 'carol')];
      const report = await other.importBackup(archive);
      expect(report).toMatchObject({
        users: 1,
        sessions: 2,
        messages: 3,
        documents: 3,
        skipped: 0,
      });
      // Hers were all that there were, but for the one that speaks in her panel and belongs to nobody.
      expect(await readUser(other, 'alice')).toStrictEqual(alice);
      expect((await other.listPersonas()).map(({ personaId }) => personaId)).toStrictEqual([
        'global',
      ]);
      expect((await other.listPanels()).map(({ panelId }) => panelId)).toStrictEqual(['her panel']);
      const bob = await readUser(other, 'bob');
      expect(bob.profile).toStrictEqual(others[0]?.profile);
      expect((await readUser(other, 'carol')).sessions).toStrictEqual(others[1]?.sessions);
    });

    it('count the users that were not asked for as skipped', async () => {
      const { storage } = await withFilledStore(store);
      const archive = await exportBlob(storage);
      const other = await openEmpty(subject);
      const report = await other.importBackup(archive, { userId: 'bob' });
      expect(report).toMatchObject({ users: 1, sessions: 1, messages: 1, skipped: 1 });
      expect(await other.listUsers()).toStrictEqual(['bob']);
      expect(await other.listPanels()).toMatchObject([{ panelId: 'his panel' }]);
    });

    it('give what was restored, twice, as once', async () => {
      const filled = await withFilledStore(store);
      const { storage } = filled;
      const before = await readState(storage);
      const archive = await exportBlob(storage);
      await changeEverything(filled);
      const report = await storage.importBackup(archive);
      expect(await storage.importBackup(archive)).toStrictEqual(report);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('warn of what stays with its owner', async () => {
      const { storage } = await withFilledStore(store);
      const archive = await exportBlob(storage, 'alice');
      const other = await openEmpty(subject);
      await other.createUser('eve');
      await other.createPersona({ personaId: 'hers', name: 'Eve’s', ownerId: 'eve' });
      await other.createPersona({ personaId: 'global', name: 'Older' });
      await other.createPanel({
        panelId: 'her panel',
        type: 'brainstorm',
        personaIds: ['hers'],
        ownerId: 'eve',
      });
      const { warnings } = await other.importBackup(archive);
      expect(warnings).toHaveLength(2);
      expect(warnings.join()).toMatch(/persona "hers".*"eve".*panel "her panel".*"eve"/s);
      expect(await other.getPersona('hers')).toMatchObject({ name: 'Eve’s', ownerId: 'eve' });
      expect(await other.getPersona('global')).toMatchObject({ name: 'Everyone’s' });
      expect(await other.getPanel('her panel')).toMatchObject({ ownerId: 'eve', messageCount: 0 });
    });

    it('warn of what belongs to a user who is not there', async () => {
      const { storage } = await withFilledStore(store);
      await storage.createUser('zed');
      await storage.createPersona({ personaId: 'zeds', name: 'Z', ownerId: 'zed' });
      const archive = await exportBlob(storage);
      const other = await openEmpty(subject);
      await other.importBackup(archive, { userId: 'bob' });
      expect(await other.getPersona('zeds')).toBeNull();
      expect(await other.getPersona('global')).toBeNull();
      expect((await other.importBackup(archive)).warnings).toStrictEqual([]);
      expect(await other.getPersona('zeds')).toMatchObject({ ownerId: 'zed' });
    });

    it('refuse users who do not exist', async () => {
      const { storage } = await withFilledStore(store);
      await expectError(storage.exportBackup({ userId: 'nobody' }), {
        type: FFUserNotFoundError,
        code: 'user-not-found',
      });
      const archive = await exportBlob(storage, 'bob');
      const before = await readState(storage);
      await expectError(storage.importBackup(archive, { userId: 'alice' }), { code: 'not-found' });
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('tell how far they are, to the end', async () => {
      const { storage, aliceSession } = await withFilledStore(store);
      await storage.storeDocument(
        'alice',
        aliceSession,
        { originalName: 'large.bin' },
        noise(900_000),
      );
      const out: FFProgress[] = [];
      const stream = await storage.exportBackup({ onProgress: (step) => out.push(step) });
      const archive = await new Response(stream).blob();
      expectMonotone(out);
      expect(out.at(-1)?.doneBytes).toBe(archive.size);

      const fromBlob: FFProgress[] = [];
      await storage.importBackup(archive, { onProgress: (step) => fromBlob.push(step) });
      expectMonotone(fromBlob);
      expect(fromBlob.at(-1)).toStrictEqual({ doneBytes: archive.size, totalBytes: archive.size });
      expect(fromBlob.every(({ totalBytes }) => totalBytes === archive.size)).toBe(true);

      const fromStream: FFProgress[] = [];
      await storage.importBackup(archive.stream(), { onProgress: (step) => fromStream.push(step) });
      expectMonotone(fromStream);
      expect(fromStream[0]).not.toHaveProperty('totalBytes');
      expect(fromStream.at(-1)).toStrictEqual({
        doneBytes: archive.size,
        totalBytes: archive.size,
      });
    });

    it('work several at once', async () => {
      const { storage } = await withFilledStore(store);
      const before = await readState(storage);
      const archives = await Promise.all(
        [undefined, 'alice', 'bob', undefined].map((userId) => exportBlob(storage, userId)),
      );
      const reports = await Promise.all(archives.map((archive) => storage.importBackup(archive)));
      expect(reports.map(({ users }) => users)).toStrictEqual([2, 1, 1, 2]);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('go on while the store is written to', async () => {
      const { storage, aliceSession, bobSession } = await withFilledStore(store);
      const stream = await storage.exportBackup();
      const exporting = new Response(stream).blob();
      for (let n = 0; n < 20; n++) await storage.addMessage('bob', bobSession, say(`bread ${n}`));
      await storage.deleteSession('alice', aliceSession);
      const archive = await exporting;
      const other = await openEmpty(subject);
      await other.importBackup(archive);
      const { sessions } = await readUser(other, 'bob');
      expect(sessions[0]?.messages[0]).toMatchObject({ content: 'sourdough' });
      expect(sessions[0]?.session.messageCount).toBe(sessions[0]?.messages.length);

      // Writes of other users meanwhile stay, and those of the restored ones do not.
      await storage.createUser('carol');
      const session = await storage.createSession('carol', 'Hers');
      const importing = storage.importBackup(archive);
      const writes = Array.from({ length: 20 }, (_, n) =>
        storage.addMessage('carol', session, say(`tea ${n}`)),
      );
      await Promise.all([importing, ...writes]);
      expect(await storage.getAllMessages('carol', session)).toHaveLength(20);
      expect((await readUser(storage, 'bob')).sessions).toStrictEqual(sessions);
    });

    it('end when a stream is cancelled', async () => {
      const { storage } = await withFilledStore(store);
      const reader = (await storage.exportBackup()).getReader();
      await reader.read();
      await reader.cancel();
      expect(await storage.importBackup(await exportBlob(storage))).toMatchObject({ users: 2 });
    });
  });

  describe('an abort', () => {
    it('before anything has happened is heeded', async () => {
      const { storage } = await withFilledStore(store);
      const archive = await exportBlob(storage);
      const signal = AbortSignal.abort();
      await expectError(storage.exportBackup({ signal }), { code: 'aborted' });
      await expectError(storage.importBackup(archive, { signal }), { code: 'aborted' });
    });

    it('ends an export', async () => {
      const { storage } = await withFilledStore(store);
      const controller = new AbortController();
      const reader = (await storage.exportBackup({ signal: controller.signal })).getReader();
      controller.abort();
      await expectError(reader.read(), { code: 'aborted' });
    });

    it.each([
      ['while the archive is sent', 0.2],
      ['before it is verified', 0.499],
    ])('%s changes nothing', async (_, share) => {
      const filled = await withFilledStore(store);
      const { storage, aliceSession } = filled;
      const name = { originalName: 'large.bin' };
      await storage.storeDocument('alice', aliceSession, name, noise(2_000_000));
      const archive = await exportBlob(storage);
      await changeEverything(filled);
      const before = await readState(storage);
      const controller = new AbortController();
      const { signal } = controller;
      const onProgress = ({ doneBytes }: FFProgress) => {
        if (doneBytes >= archive.size * share) controller.abort();
      };
      await expectError(storage.importBackup(archive, { signal, onProgress }), { code: 'aborted' });
      expect(await readState(storage)).toStrictEqual(before);
      expect(await storage.importBackup(archive)).toMatchObject({ users: 2, documents: 4 });
    });

    it('ends an import that waits for a source', async () => {
      const storage = await withoutBackups(store);
      const controller = new AbortController();
      const silent = new ReadableStream<Uint8Array>({ start: () => undefined });
      const importing = storage.importBackup(silent, { signal: controller.signal });
      setTimeout(() => controller.abort());
      await expectError(importing, { code: 'aborted' });
      expect(await storage.createUser('alice')).toBe(true);
    });

    it('of one import does not touch another', async () => {
      const { storage } = await withFilledStore(store);
      const archive = await exportBlob(storage);
      const before = await readState(storage);
      const controller = new AbortController();
      const { signal } = controller;
      const onProgress = () => controller.abort();
      const [first, second] = await Promise.all([
        storage.importBackup(archive, { signal, onProgress }).catch((error: unknown) => error),
        storage.importBackup(archive),
      ]);
      expect(first).toMatchObject({ code: 'aborted' });
      expect(second).toMatchObject({ users: 2 });
      expect(await readState(storage)).toStrictEqual(before);
    });
  });
}

function expectMonotone(steps: readonly FFProgress[]): void {
  expect(steps.length).toBeGreaterThan(0);
  for (const [index, { doneBytes }] of steps.entries()) {
    expect(doneBytes).toBeGreaterThanOrEqual(steps[index - 1]?.doneBytes ?? 0);
  }
}

/** Bytes that do not compress; the same for the same length. */
function noise(length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes.buffer;
}
