import { describe, expect, it } from 'vitest';
import type { NewMessage } from '../../../src/shared/contract.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot, type Snapshot } from '../../support/snapshot.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

type Api = Engine['api'];

/** One of each kind of change; a call starts when the one before it has resolved. */
const WORKLOAD: readonly ((api: Api) => Promise<unknown>)[] = [
  (api) => api.createUser('alice', { name: 'Alice' }),
  (api) => api.createSession('alice', { sessionId: 's1', title: 'first' }),
  (api) => api.addMessage('alice', 's1', message('a')),
  (api) =>
    api.addMessages(
      'alice',
      's1',
      ['b', 'c', 'd'].map((id) => message(id)),
    ),
  (api) => api.createSession('alice', { sessionId: 's2', title: 'second', metadata: { a: 1 } }),
  (api) => api.addMessage('alice', 's2', message('a')),
  (api) => api.updateMessage('alice', 's1', 'b', { content: 'edited' }),
  (api) => api.deleteMessage('alice', 's1', 'c'),
  (api) => api.updateSession('alice', 's2', { title: 'renamed' }),
  (api) => api.updateUserProfile('alice', { email: 'alice@example.org' }),
  (api) => api.createUser('Bob', {}),
  (api) => api.createSession('Bob', { sessionId: 's3', title: 'third' }),
  (api) => api.addMessages('Bob', 's3', [message('x'), message('y')]),
  (api) => api.deleteSession('alice', 's1'),
  (api) => api.addMessage('alice', 's2', message('e')),
  (api) => api.deleteUser('Bob', true),
  (api) => api.createUser('Bob', { name: 'another' }),
  (api) => api.createSession('Bob', { sessionId: 's4', title: 'fourth' }),
];

function message(messageId: string): NewMessage {
  return { messageId, role: 'user', content: `text of ${messageId}` };
}

/** Runs the workload until a call is refused; gives how many calls resolved. */
async function work(disk: FaultyBackend): Promise<number> {
  let done = 0;
  try {
    const { api } = await openTestEngine(disk, createClock());
    for (const call of WORKLOAD) {
      await call(api);
      done++;
    }
  } catch (error) {
    if (!disk.crashed) throw error;
  }
  return done;
}

async function read(disk: FaultyBackend): Promise<Snapshot> {
  const engine = await openTestEngine(disk);
  const snapshot = await takeSnapshot(engine);
  await engine.close();
  return snapshot;
}

/** What there is to read after 0, 1, 2, … calls. */
async function readStates(): Promise<Snapshot[]> {
  const states: Snapshot[] = [];
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk, createClock());
  states.push(await takeSnapshot(engine));
  for (const call of WORKLOAD) {
    await call(engine.api);
    states.push(await takeSnapshot(engine));
  }
  return states;
}

async function countSteps(): Promise<number> {
  const disk = createFaultyBackend();
  await work(disk);
  return disk.steps;
}

const states = await readStates();
const steps = await countSteps();

describe('a store whose process dies', { timeout: 30_000 }, () => {
  // Of a write that is under way nothing, a part, or all but the answer may get to the disk.
  const parts = [0, 0.5, 0.98, 1];

  it.each([
    ['what was written', 'written'],
    ['what was flushed, as after a power cut', 'flushed'],
  ] as const)('at any step, holds what had resolved and half of nothing: %s', async (_, kept) => {
    expect(steps).toBeGreaterThan(WORKLOAD.length);
    for (let step = 0; step < steps; step++) {
      for (const part of kept === 'written' ? parts : [0]) {
        const disk = createFaultyBackend();
        disk.crashAt({ step, part });
        const done = await work(disk);
        expect(disk.crashed).toBe(true);
        const survivor = disk.disk(kept);
        const where = `step ${step}, part ${part}, after ${done} calls`;
        const found = await read(survivor);
        expect([states[done], states[done + 1]], where).toContainEqual(found);
        // Opening repairs; what it repaired must read the same.
        expect(await read(survivor.disk('flushed')), where).toEqual(found);
      }
    }
  });

  it('goes on where it was, also when it dies once more while it recovers', async () => {
    for (let step = 0; step < steps; step += 3) {
      const disk = createFaultyBackend();
      disk.crashAt({ step, part: 0.5 });
      const done = await work(disk);
      for (let recovery = 0; recovery < 8; recovery++) {
        const second = disk.disk('written');
        second.crashAt({ step: recovery, part: 0.5 });
        await read(second).catch((error: unknown) => {
          if (!second.crashed) throw error;
        });
        const where = `step ${step}, then ${recovery}`;
        expect([states[done], states[done + 1]], where).toContainEqual(
          await read(second.disk('written')),
        );
      }
    }
  });

  it('takes new writes after it was opened again', async () => {
    for (let step = 0; step < steps; step++) {
      const disk = createFaultyBackend();
      disk.crashAt({ step, part: 0.6 });
      await work(disk);
      const survivor = disk.disk('written');
      const engine = await openTestEngine(survivor);
      await engine.api.createUser('carol', {});
      await engine.api.createSession('carol', { sessionId: 'new', title: 'new' });
      await engine.api.addMessages('carol', 'new', [message('1'), message('2')]);
      const before = await takeSnapshot(engine);
      expect(before.users.at(-1)?.sessions[0]?.messages).toHaveLength(2);
      expect(await read(survivor.disk('flushed')), `step ${step}`).toEqual(before);
      await engine.close();
    }
  });

  it('leaves no files of what was deleted', async () => {
    for (let step = 0; step < steps; step++) {
      const disk = createFaultyBackend();
      disk.crashAt({ step });
      await work(disk);
      const survivor = disk.disk('written');
      const engine = await openTestEngine(survivor);
      const { users } = await takeSnapshot(engine);
      await engine.close();
      const folders = users.flatMap(({ profile, sessions }) =>
        sessions.map(({ sessionId }) => `${profile?.userId}/${sessionId}`),
      );
      for (const path of survivor.paths.filter((name) => name.includes('/sessions/'))) {
        const [, user = '', , session] = path.split('/');
        expect(folders, `step ${step}`).toContain(`${user.replace('=42ob', 'Bob')}/${session}`);
      }
    }
  });
});
