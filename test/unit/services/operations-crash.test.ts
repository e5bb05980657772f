import { describe, expect, it } from 'vitest';
import type { EngineApi } from '../../../src/shared/contract.ts';
import type { Engine } from '../../../worker/engine.ts';
import type { ChangingMethod, Operation } from '../../../worker/services/call.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import {
  callOnce,
  describeDocument,
  say,
  type OperationCase,
} from '../../support/operation-cases.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';
import { takeFullSnapshot } from '../backup/support.ts';

type Call = Pick<OperationCase, 'method' | 'args' | 'result'>;

function one<M extends ChangingMethod>(
  method: M,
  args: Parameters<EngineApi[M]>,
  result: unknown,
): Call {
  return { method, args, result } as unknown as Call;
}

/**
 * Calls that many tabs make. Those of a round are made at once, and have nothing to do with each other;
 * a call that was carried out twice, or after one that followed it, would give something else.
 */
const ROUNDS: readonly (readonly Call[])[] = [
  [one('createUser', ['alice', {}], true), one('createUser', ['bob', {}], true)],
  [
    one('createSession', ['alice', { sessionId: 's1', title: 'first' }], 's1'),
    one('createPersona', [{ personaId: 'p', name: 'P' }], true),
    one('updateUserProfile', ['bob', { name: 'Bob' }], true),
    one('createSession', ['alice', { sessionId: 's2', title: 'second' }], 's2'),
  ],
  [
    one('addMessages', ['alice', 's1', [say('a'), say('b'), say('c')]], 3),
    one('createPanel', [{ panelId: 'round', type: 'brainstorm', personaIds: ['p'] }], 'round'),
    one('storeDocument', ['alice', 's2', describeDocument('d'), new Blob(['bytes'])], 'd'),
    one('createSession', ['bob', { sessionId: 's3', title: 'third' }], 's3'),
  ],
  [
    one('updateMessage', ['alice', 's1', 'a', { content: 'edited' }], true),
    one('deleteMessage', ['alice', 's1', 'b'], true),
    one('addMessage', ['alice', 's1', { ...say('d'), parentId: 'c' }], true),
    one('addPanelMessage', ['round', 'p', say('x')], true),
    one('updateSession', ['alice', 's2', { metadata: { a: 1 } }], true),
  ],
  [
    one('deleteDocument', ['alice', 's2', 'd'], true),
    one('addMessages', ['bob', 's3', [say('x'), say('y')]], 2),
    one('updateConfiguration', [{ context: { maxHistory: 7 } }], undefined),
    one('deletePersona', ['p'], true),
  ],
  [
    one('deletePanel', ['round'], true),
    one('deleteSession', ['alice', 's2'], true),
    one('deleteUser', ['bob', true], true),
    one('deleteMessage', ['alice', 's1', 'c'], true),
  ],
  [
    one('createUser', ['bob', { name: 'another' }], true),
    one('addMessages', ['alice', 's1', [say('e')]], 1),
  ],
];

/** When owners die: the first one at the first step, and so on; who comes then lives. */
type Deaths = readonly { readonly step: number; readonly part: number }[];

/** Has all calls carried out, by as many owners as it takes; gives what is left in the end. */
async function work(deaths: Deaths, kept: 'written' | 'flushed') {
  const now = createClock();
  let next = 0;
  let disk = createFaultyBackend();
  let engine: Engine | undefined;
  let owners = 0;

  /** Opens the store anew until an owner lives long enough to answer. */
  const succeed = async (): Promise<Engine> => {
    for (;;) {
      if (owners > 0) disk = disk.disk(kept);
      owners++;
      const death = deaths[next++];
      if (death !== undefined) disk.crashAt(death);
      try {
        return await openTestEngine(disk, now);
      } catch (error) {
        if (!disk.crashed) throw error;
      }
    }
  };

  /** What each call has given in the end. */
  const given: unknown[] = [];
  let count = 0;
  for (const round of ROUNDS) {
    const madeAt = now();
    let open = round.map((call) => {
      const index = count++;
      return { call, index, operation: { id: `op-${index}` } as Operation };
    });
    while (open.length > 0) {
      const owner = (engine ??= await succeed());
      const settled = await Promise.allSettled(
        open.map(({ call, operation }) => callOnce(owner, call, operation)),
      );
      const left: typeof open = [];
      for (const [position, { call, index, operation }] of open.entries()) {
        const outcome = settled[position];
        if (outcome?.status === 'fulfilled') {
          given[index] = outcome.value;
        } else {
          if (!disk.crashed) throw outcome?.reason;
          left.push({ call, index, operation: { ...operation, repeatedSince: madeAt } });
        }
      }
      // They come from several tabs, in any order.
      open = left.reverse();
      if (disk.crashed) engine = undefined;
    }
  }
  const state = await read(disk.disk(kept));
  return { outcome: { state, given }, steps: disk.steps, owners };
}

/** All that can be read, without times, in an order that does not depend on them. */
async function read(disk: FaultyBackend): Promise<unknown> {
  const engine = await openTestEngine(disk);
  const { users, ...others } = await takeFullSnapshot(engine);
  const { savedConfig } = engine;
  await engine.close();
  const sorted = users.map(({ profile, sessions }) => ({
    profile,
    sessions: [...sessions].sort((a, b) => (a.sessionId < b.sessionId ? -1 : 1)),
  }));
  return JSON.parse(
    JSON.stringify({ users: sorted, ...others, savedConfig }, (key, value: unknown) =>
      /At$|^timestamp$/.test(key) ? undefined : value,
    ),
  );
}

const undisturbed = await work([], 'written');

const RESULTS = ROUNDS.flat().map(({ result }) => result);

describe('calls of other tabs, when the owner dies', { timeout: 120_000 }, () => {
  it('are carried out once, wherever a process ends', async () => {
    const parts = [0.5, 0.98, 1, 0];
    expect(undisturbed.outcome.given).toEqual(RESULTS);
    expect(undisturbed.steps).toBeGreaterThan(60);
    let deaths = 0;
    for (let step = 0; step < undisturbed.steps; step++) {
      const part = parts[step % parts.length] ?? 0;
      const { outcome, owners } = await work([{ step, part }], 'written');
      deaths += owners - 1;
      expect(outcome, `step ${step}, part ${part}`).toEqual(undisturbed.outcome);
    }
    // How many steps there are depends on which calls get into the same commit.
    expect(deaths).toBeGreaterThan(undisturbed.steps / 2);
  });

  it('are carried out once, wherever the power is cut', async () => {
    for (let step = 0; step < undisturbed.steps; step++) {
      const { outcome } = await work([{ step, part: 0 }], 'flushed');
      expect(outcome, `step ${step}`).toEqual(undisturbed.outcome);
    }
  });

  it('are carried out once, when the next owners die, too', async () => {
    let most = 0;
    for (let step = 1; step < undisturbed.steps; step += 2) {
      const deaths = [
        { step, part: 1 },
        { step: (step * 7) % 23, part: 0.5 },
        { step: (step * 5) % 17, part: 1 },
      ];
      const { outcome, owners } = await work(deaths, 'written');
      most = Math.max(most, owners);
      expect(outcome, JSON.stringify(deaths)).toEqual(undisturbed.outcome);
    }
    expect(most).toBe(4);
  });
});
