import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';
import { exportBytes, importBytes, takeFullSnapshot, type FullSnapshot } from './support.ts';

type Api = Engine['api'];

const say = (messageId: string) => ({
  messageId,
  role: 'user' as const,
  content: `text of ${messageId}`,
});

async function fill({ api }: Engine): Promise<void> {
  for (const userId of ['alice', 'bob']) {
    await api.createUser(userId, {});
    await api.createSession(userId, { sessionId: `of ${userId}`, title: 'A talk' });
    await api.addMessages(userId, `of ${userId}`, [say('1'), say('2'), say('3')]);
  }
  await api.deleteMessage('bob', 'of bob', '2');
  const document = { documentId: 'd', originalName: 'd', filename: 'd', mimeType: 'x/y' };
  await api.storeDocument('alice', 'of alice', document, new Blob(['bytes']));
  await api.createPersona({ personaId: 'p', name: 'P', ownerId: 'alice' });
  await api.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['p'] });
  await api.addPanelMessage('panel', 'p', say('1'));
}

async function change(api: Api): Promise<void> {
  await api.deleteSession('alice', 'of alice');
  await api.createSession('alice', { sessionId: 'newer', title: 'Newer' });
  await api.addMessage('alice', 'newer', say('9'));
  await api.addMessage('bob', 'of bob', say('9'));
  await api.deletePersona('p');
  await api.addMessage('bob', 'of bob', say('10'));
}

async function read(disk: FaultyBackend): Promise<FullSnapshot> {
  const engine = await openTestEngine(disk);
  const snapshot = await takeFullSnapshot(engine);
  await engine.close();
  return snapshot;
}

/** A disk on which two users have changed since the archive was made. */
async function prepare() {
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk, createClock());
  await fill(engine);
  const archive = await exportBytes(engine);
  const restored = await takeFullSnapshot(engine);
  await change(engine.api);
  await engine.api.whenIdle();
  const changed = await takeFullSnapshot(engine);
  await engine.close();
  return { disk, archive, restored, changed };
}

const { disk: prepared, archive, restored, changed } = await prepare();

/** Restores until the disk dies; gives whether the restore had resolved by then. */
async function restore(disk: FaultyBackend): Promise<boolean> {
  let isDone = false;
  try {
    const engine = await openTestEngine(disk, createClock());
    await importBytes(engine, archive);
    isDone = true;
    await engine.close();
  } catch (error) {
    if (!disk.crashed) throw error;
  }
  return isDone;
}

const BEFORE = ['backups', 'incoming'];

describe('a restore whose process dies', { timeout: 60_000 }, () => {
  it.each([
    ['what was written', 'written'],
    ['what was flushed, as after a power cut', 'flushed'],
  ] as const)('at any step, is complete or has not been: %s', async (_, kept) => {
    const whole = prepared.disk('flushed');
    expect(await restore(whole)).toBe(true);
    expect(await read(whole.disk('flushed'))).toEqual(restored);
    expect(restored).not.toEqual(changed);

    const outcomes = new Set<string>();
    for (let step = 0; step < whole.steps; step++) {
      for (const part of kept === 'written' ? [0, 0.5, 1] : [0]) {
        const disk = prepared.disk('flushed');
        disk.crashAt({ step, part });
        const isDone = await restore(disk);
        const survivor = disk.disk(kept);
        const where = `step ${step} of ${whole.steps}, part ${part}, resolved: ${isDone}`;
        const found = await read(survivor);
        expect(isDone ? [restored] : [changed, restored], where).toContainEqual(found);
        outcomes.add(found.users[0]?.sessions[0]?.sessionId === 'newer' ? 'changed' : 'restored');
        // What is left over is removed by the opening; what that leaves is a store like any other.
        const paths = survivor.paths.filter((path) => BEFORE.includes(path.split('/')[0] ?? ''));
        expect(paths, where).toEqual([]);
        const folders = new Set(survivor.paths.filter((path) => path.includes('/')).map(spaceOf));
        expect([...folders].sort(), where).toHaveLength(3);
        expect(await read(survivor.disk('flushed')), where).toEqual(found);
      }
    }
    expect([...outcomes].sort()).toEqual(['changed', 'restored']);
  });

  it('can be done again after it died', async () => {
    const { steps } = await counted();
    for (let step = 0; step < steps; step += 2) {
      const disk = prepared.disk('flushed');
      disk.crashAt({ step, part: 0.5 });
      await restore(disk);
      const survivor = disk.disk('written');
      expect(await restore(survivor), `step ${step}`).toBe(true);
      expect(await read(survivor.disk('flushed')), `step ${step}`).toEqual(restored);
    }
  });
});

describe('a restore that is refused by the disk', { timeout: 60_000 }, () => {
  it('changes nothing, and leaves no file, at any write', async () => {
    const { writes } = await counted();
    expect(writes).toBeGreaterThan(10);
    for (let after = 0; after < writes; after++) {
      const disk = prepared.disk('flushed');
      const engine = await openTestEngine(disk, createClock());
      await engine.api.whenIdle();
      disk.failOnce('write', { after });
      const outcome = await importBytes(engine, archive).then(
        () => 'done',
        () => 'refused',
      );
      const expected = outcome === 'done' ? restored : changed;
      expect(await takeFullSnapshot(engine), `write ${after}`).toEqual(expected);
      await importBytes(engine, archive);
      expect(await takeFullSnapshot(engine), `write ${after}`).toEqual(restored);
      await engine.close();
      expect(disk.paths.filter((path) => path.startsWith('incoming/'))).toEqual([]);
      const folders = new Set(disk.paths.filter((path) => path.includes('/')).map(spaceOf));
      expect([...folders].sort(), `write ${after}`).toHaveLength(3);
    }
  });
});

async function counted(): Promise<{ steps: number; writes: number }> {
  const disk = prepared.disk('flushed');
  await restore(disk);
  const writing = prepared.disk('flushed');
  const engine = await openTestEngine(writing, createClock());
  await engine.api.whenIdle();
  let writes = 0;
  const { open } = writing;
  writing.open = async (path, options) => {
    const file = await open.call(writing, path, options);
    if (file === null) return null;
    return {
      ...file,
      write: (bytes, at) => {
        writes++;
        file.write(bytes, at);
      },
    };
  };
  await importBytes(engine, archive);
  await engine.close();
  return { steps: disk.steps, writes };
}

/** The folder of a space that a path leads into. */
function spaceOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'users' ? `${first}/${second}` : first;
}
