import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestEngine } from '../../support/stores.ts';
import { exportBytes, importBytes, sendBytes, takeFullSnapshot } from './support.ts';

afterEach(() => vi.restoreAllMocks());

async function fill({ api }: Engine, tag: string): Promise<void> {
  for (const userId of ['alice', 'bob']) {
    await api.createUser(userId, {});
    const sessionId = `${tag} of ${userId}`;
    await api.createSession(userId, { sessionId, title: tag });
    const say = (n: number) => ({
      messageId: `${n}`,
      role: 'user' as const,
      content: `${tag} ${n}`,
    });
    await api.addMessages(
      userId,
      sessionId,
      Array.from({ length: 20 }, (_, n) => say(n)),
    );
    const documentId = `${tag}-${userId}`;
    const document = { documentId, originalName: 'd', filename: 'd', mimeType: 'x/y' };
    await api.storeDocument(userId, sessionId, document, new Blob([new Uint8Array(300_000)]));
  }
  await api.createPersona({ personaId: tag, name: tag, ownerId: 'alice' });
}

/** Each step of an import takes longer than an import may go on without telling. */
function makeStepsSlow(): void {
  let time = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => (time += 1_000));
}

async function prepare() {
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk);
  await fill(engine, 'older');
  const archive = await exportBytes(engine);
  await engine.api.deleteSession('alice', 'older of alice');
  await fill(engine, 'newer');
  await engine.api.whenIdle();
  const before = await takeFullSnapshot(engine);
  return { disk, engine, archive, before };
}

/** How often an import has to be continued until it is done. */
async function countSteps(disk: FaultyBackend, archive: Uint8Array): Promise<number> {
  const engine = await openTestEngine(disk);
  const importId = await sendBytes(engine, archive);
  let steps = 1;
  while ((await engine.api.continueImport(importId)).report === undefined) steps++;
  await engine.close();
  return steps;
}

/** What became of a call: `done`, or the code that it failed with. */
function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
}

const paths = (disk: FaultyBackend) => disk.paths.filter((path) => path.includes('/')).sort();

describe('an import', { timeout: 30_000 }, () => {
  it('that is cancelled after any step changes nothing, and leaves no file', async () => {
    const { disk, engine, archive, before } = await prepare();
    await engine.close();
    const files = paths(disk);
    makeStepsSlow();
    const steps = await countSteps(disk.disk('flushed'), archive);
    expect(steps).toBeGreaterThan(8);
    for (let cancelAfter = 0; cancelAfter < steps; cancelAfter += 2) {
      const copy = disk.disk('flushed');
      const again = await openTestEngine(copy);
      const importId = await sendBytes(again, archive);
      for (let step = 0; step < cancelAfter; step++) await again.api.continueImport(importId);
      await again.api.cancelImport(importId);
      expect(await takeFullSnapshot(again), `step ${cancelAfter}`).toEqual(before);
      await again.close();
      expect(paths(copy), `step ${cancelAfter}`).toEqual(files);
    }
  });

  it('is cancelled when the store closes, at any step', async () => {
    const { disk, engine, archive, before } = await prepare();
    await engine.close();
    const files = paths(disk);
    makeStepsSlow();
    for (const cancelAfter of [0, 1, 4, 9]) {
      const copy = disk.disk('flushed');
      const again = await openTestEngine(copy);
      const importId = await sendBytes(again, archive);
      for (let step = 0; step < cancelAfter; step++) await again.api.continueImport(importId);
      const running = again.api.continueImport(importId).catch((error: unknown) => error);
      await again.close();
      await running;
      expect(paths(copy)).toEqual(files);
      const third = await openTestEngine(copy.disk('flushed'));
      expect(await takeFullSnapshot(third)).toEqual(before);
      await third.close();
    }
  });

  it('that waits for another one says so, and can be cancelled meanwhile', async () => {
    const { engine, archive } = await prepare();
    const { api } = engine;
    makeStepsSlow();
    // Opened in one order and continued in the other.
    const [late, early] = [await sendBytes(engine, archive), await sendBytes(engine, archive)];
    await api.continueImport(early);
    expect(await api.continueImport(late)).toEqual({ doneBytes: 0, totalBytes: 1 });
    await api.cancelImport(late);
    await expect(api.continueImport(late)).rejects.toMatchObject({ code: 'not-found' });
    for (;;) if ((await api.continueImport(early)).report !== undefined) break;
    expect(await importBytes(engine, archive)).toMatchObject({ users: 2 });

    const waiting = [await sendBytes(engine, archive), await sendBytes(engine, archive)];
    await api.continueImport(waiting[1] ?? '');
    await api.continueImport(waiting[0] ?? '');
    await engine.close();
  });

  it('ends with an error where it is unknown', async () => {
    const { engine } = await prepare();
    const { api } = engine;
    await expect(api.continueImport('x')).rejects.toMatchObject({ code: 'not-found' });
    await expect(api.writeImport('x', Uint8Array.of(1))).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(api.readExport('x')).rejects.toMatchObject({ code: 'not-found' });
    await api.cancelImport('x');
    await api.cancelExport('x');
    await engine.close();
  });
});

describe('a restore from a backup', { timeout: 30_000 }, () => {
  it('that the store is closed under is undone or complete', async () => {
    const { disk, engine, before } = await prepare();
    await engine.api.backupData('b', {});
    await engine.api.addMessage('bob', 'newer of bob', {
      messageId: 'late',
      role: 'user',
      content: 'late',
    });
    const later = await takeFullSnapshot(engine);
    const restoring = outcomeOf(engine.api.restoreData('b', {}));
    const backing = outcomeOf(engine.api.backupData('c', {}));
    await engine.close();
    expect(['done', 'closed']).toContain(await restoring);
    expect(['done', 'closed', 'aborted']).toContain(await backing);
    const again = await openTestEngine(disk.disk('flushed'));
    expect(await takeFullSnapshot(again)).toEqual((await restoring) === 'done' ? before : later);
    await again.close();
  });

  it('reads one that is replaced meanwhile to its end', async () => {
    const { engine } = await prepare();
    const { api } = engine;
    await api.backupData('b', {});
    const outcomes = await Promise.all([
      outcomeOf(api.restoreData('b', {})),
      outcomeOf(api.restoreData('b', { userId: 'bob' })),
      outcomeOf(api.backupData('b', { userId: 'bob' })),
      outcomeOf(api.restoreData('b', { userId: 'bob' })),
    ]);
    // A backup cannot be of two different states.
    const [first, second, backup, last] = outcomes;
    expect([first, second, last]).toEqual(['done', 'done', 'done']);
    expect(['done', 'aborted']).toContain(backup);
    expect(await api.listBackups()).toHaveLength(1);
    await engine.close();
  });
});

describe('a backup', { timeout: 30_000 }, () => {
  it('that a crash interrupted leaves no file after the next opening', async () => {
    const { disk, engine } = await prepare();
    await engine.api.backupData('b', {});
    await engine.close();
    const whole = disk.disk('flushed');
    const counting = await openTestEngine(whole);
    await counting.api.backupData('b', {});
    await counting.close();
    for (let step = 0; step < whole.steps; step++) {
      const dying = disk.disk('flushed');
      dying.crashAt({ step, part: 0.5 });
      const outcome = await openTestEngine(dying)
        .then(async (again) => {
          await again.api.backupData('b', {});
          await again.close();
        })
        .catch((error: unknown) => error);
      expect(dying.crashed, String(outcome)).toBe(true);
      const survivor = dying.disk('written');
      const again = await openTestEngine(survivor);
      const [backup] = await again.api.listBackups();
      expect(backup, `step ${step}`).toMatchObject({ path: 'b', users: 2 });
      // It is whole, whichever of the two it is.
      await again.api.restoreData('b', {});
      await again.close();
      const files = survivor.paths.filter((path) => path.startsWith('backups/'));
      expect(files, `step ${step}`).toHaveLength(1);
      expect(survivor.bytesOf(files[0] ?? '')).toHaveLength(backup?.sizeBytes ?? -1);
    }
  });

  it('leaves out a document whose bytes are damaged, and can be restored', async () => {
    const { disk, engine } = await prepare();
    await engine.close();
    const path = disk.paths.find((name) => name.includes('/documents/')) ?? '';
    const file = await disk.open(path);
    file?.write(Uint8Array.of(1), 5);
    await file?.close();
    const again = await openTestEngine(disk);
    await again.api.backupData('b', {});
    const [backup] = await again.api.listBackups();
    expect(backup).toMatchObject({ documents: 2 });
    await again.api.restoreData('b', {});
    await again.close();
  });

  it('of a user who is deleted meanwhile is refused', async () => {
    const { engine } = await prepare();
    const { exportId } = await engine.api.openExport({ userId: 'bob' });
    await engine.api.deleteUser('bob', true);
    await expect(engine.api.readExport(exportId)).rejects.toMatchObject({ code: 'user-not-found' });
    await engine.close();
  });

  it('that a restore overtakes is refused', async () => {
    const { engine, archive } = await prepare();
    const { exportId } = await engine.api.openExport({});
    expect(await engine.api.readExport(exportId)).not.toBeNull();
    await importBytes(engine, archive);
    const rest = (async () => {
      while ((await engine.api.readExport(exportId)) !== null);
    })();
    await expect(rest).rejects.toMatchObject({ code: 'aborted' });
    await engine.close();
  });
});
