import { beforeAll, describe, expect, it } from 'vitest';
import { FFQuotaExceededError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import type { Backend } from '../../../worker/backend/backend.ts';
import { openEngine, type Engine } from '../../../worker/engine.ts';
import { encodeRecord, type RecordBody } from '../../../worker/store/record.ts';
import { copyFiles, type UpgradeStep, type UpgradeTotals } from '../../../worker/upgrade.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot, type Snapshot } from '../../support/snapshot.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';
import { createFullStore, verify } from './support.ts';

const TOTALS: UpgradeTotals = { users: 2, sessions: 4, panels: 1, messages: 13, documents: 1 };

/** Format 0, which there has never been, had users in another folder. */
const STEP: UpgradeStep = {
  from: 0,
  count: async () => TOTALS,
  run: (from, to) =>
    copyFiles(from, to, (path) =>
      path === 'store.json' ? null : path.replace(/^people\//, 'users/'),
    ),
};

let old: ReadonlyMap<string, Uint8Array>;
let expected: Snapshot;

beforeAll(async () => {
  const disk = await createFullStore();
  const engine = await openTestEngine(disk.disk('flushed'), createClock());
  expected = await takeSnapshot(engine);
  await engine.close();
  const content = new Map<string, Uint8Array>();
  for (const path of disk.paths) {
    content.set(path.replace(/^users\//, 'people/'), disk.bytesOf(path) ?? new Uint8Array(0));
  }
  const marker = new Uint8Array(20_000);
  marker.set(encodeRecord(1, 0, { type: 'slot', value: { format: 0 } } as RecordBody), 16_384);
  old = content.set('store.json', marker);
});

const oldDisk = (): FaultyBackend => createFaultyBackend({}, old);

function open(backend: Backend, upgrades: readonly UpgradeStep[] = [STEP]): Promise<Engine> {
  return openEngine({ backend, config: loadConfig({}, 'test'), now: createClock(), upgrades });
}

describe('an upgrade', () => {
  it('makes a store of this format, which stays one', async () => {
    const disk = oldDisk();
    const engine = await open(disk);
    expect(await takeSnapshot(engine)).toEqual(expected);
    await engine.api.createUser('carol', {});
    await engine.close();
    expect(disk.paths.filter((path) => path.startsWith('people/'))).toEqual([]);

    // A release that needs no step finds it, too.
    const again = await open(disk.disk('flushed'), []);
    expect(await again.api.listUsers()).toEqual(['alice', 'bob', 'carol']);
    expect((await verify(again.api)).findings).toEqual([]);
    await again.close();
  });

  it('leaves a store alone that no step leads from', async () => {
    const disk = oldDisk();
    await expect(open(disk, [])).rejects.toMatchObject({ code: 'version' });
    expect(disk.paths.sort()).toEqual([...old.keys()].sort());
  });

  it('changes nothing when the copy is not what it should be', async () => {
    const lossy: UpgradeStep = {
      ...STEP,
      run: (from, to) =>
        copyFiles(from, to, (path) =>
          path === 'store.json' || path.endsWith('bob-1/messages.jsonl')
            ? null
            : path.replace(/^people\//, 'users/'),
        ),
    };
    const disk = oldDisk();
    await expect(open(disk, [lossy])).rejects.toMatchObject({ code: 'corrupt' });
    const again = await open(disk.disk('flushed'));
    expect(await takeSnapshot(again)).toEqual(expected);
    await again.close();
  });

  it('changes nothing where there is no room for the copy', async () => {
    const disk = oldDisk();
    const used = disk.paths.reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);
    disk.setQuota(used + 1_000);
    await expect(open(disk)).rejects.toBeInstanceOf(FFQuotaExceededError);
    const again = await open(disk.disk('flushed'));
    expect(await takeSnapshot(again)).toEqual(expected);
    await again.close();
  });

  it('is done anew, or was done, after a crash at any step', async () => {
    const whole = oldDisk();
    const first = await open(whole);
    const { steps } = whole;
    await first.close();
    expect(steps).toBeGreaterThan(10);
    for (let step = 0; step < steps; step += 7) {
      for (const kept of ['written', 'flushed'] as const) {
        const disk = oldDisk();
        disk.crashAt({ step, part: 0.5 });
        await open(disk).catch((error: unknown) => {
          if (!disk.crashed) throw error;
        });
        const again = await open(disk.disk(kept));
        expect(await again.api.listUsers(), `${step} ${kept}`).toEqual(['alice', 'bob']);
        expect(
          await again.api.getMessages('bob', 'bob-1', { offset: 0, reverse: false }),
        ).toHaveLength(3);
        await again.close();
      }
    }
  }, 30_000);
});
