import { describe, expect, it } from 'vitest';
import { CHANGING_METHODS } from '../../../worker/services/call.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import {
  callOnce,
  fillStore,
  OPERATION_CASES,
  say,
  type OperationCase,
} from '../../support/operation-cases.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';
import { exportBytes, sendBytes, takeFullSnapshot } from '../backup/support.ts';

const ID = 'k3Jd9x2Q-1f';

/** Everything there is to read, with what concerns the whole store. */
async function read(engine: Engine) {
  const backups = await engine.api.listBackups();
  return { ...(await takeFullSnapshot(engine)), backups, settings: engine.savedConfig };
}

/** The same without times, which differ when a call is carried out later. */
async function readTimeless(engine: Engine): Promise<unknown> {
  const text = JSON.stringify(await read(engine), (key, value: unknown) =>
    /At$|^timestamp$|^sizeBytes$/.test(key) ? undefined : value,
  );
  return JSON.parse(text);
}

/** One owner after another, each on what the death of the one before has left on the disk. */
function createOwners() {
  const clock = createClock();
  let skipped = 0;
  const now = (): number => clock() + skipped;
  let disk: FaultyBackend = createFaultyBackend();
  let engine: Engine | undefined;
  return {
    now,
    skip: (ms: number): void => {
      skipped += ms;
    },
    next: async (): Promise<Engine> => {
      const left = disk.disk('flushed');
      // What it does from here on comes too late.
      await engine?.close();
      disk = left;
      engine = await openTestEngine(disk, now);
      return engine;
    },
    textOf: (path: RegExp): string[] =>
      disk.paths
        .filter((name) => path.test(name))
        .map((name) => new TextDecoder().decode(disk.bytesOf(name))),
  };
}

const named = OPERATION_CASES.map((made): [string, OperationCase] => [made.method, made]);

describe.each(named)('%s that is repeated', { timeout: 30_000 }, (_, made) => {
  it('after its owner has died gives what it gave, and does nothing', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const repeatedSince = owners.now();
    expect(await callOnce(first, made, { id: ID })).toEqual(made.result);
    const second = await owners.next();
    const before = await read(second);
    expect(await callOnce(second, made, { id: ID, repeatedSince })).toEqual(made.result);
    expect(await read(second)).toEqual(before);
    // What it left is what the next opening finds.
    expect(await read(await owners.next())).toEqual(before);
  });

  it('is carried out where it was not before', async () => {
    const owners = createOwners();
    await fillStore(await owners.next());
    const second = await owners.next();
    const repeatedSince = owners.now();
    const unchanged = await readTimeless(second);
    expect(await callOnce(second, made, { id: ID, repeatedSince })).toEqual(made.result);

    const others = createOwners();
    const direct = await others.next();
    await fillStore(direct);
    await callOnce(direct, made, { id: ID });
    const after = await readTimeless(await owners.next());
    expect(after).toEqual(await readTimeless(await others.next()));
    // A restore of what there is changes nothing that can be seen.
    const isSame = JSON.stringify(after) === JSON.stringify(unchanged);
    expect(isSame).toBe(made.method === 'restoreData');
  });

  it('is remembered when everything has been rewritten, twice', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const repeatedSince = owners.now();
    await callOnce(first, made, { id: ID });
    await first.api.optimizeStorage();
    await first.api.whenIdle();
    await (await owners.next()).api.optimizeStorage();
    const third = await owners.next();
    const before = await read(third);
    expect(await callOnce(third, made, { id: ID, repeatedSince })).toEqual(made.result);
    expect(await read(third)).toEqual(before);
  });

  it('leaves alone what others have done since', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const repeatedSince = owners.now();
    await callOnce(first, made, { id: ID });
    await made.later(first.api);
    const second = await owners.next();
    const before = await read(second);
    const repeated = callOnce(second, made, { id: ID, repeatedSince });
    expect(await repeated).toEqual(made.result);
    expect(await read(second)).toEqual(before);
    expect(await read(await owners.next())).toEqual(before);
  });
});

describe('the operations', { timeout: 30_000 }, () => {
  it('have a case for each method that changes something', () => {
    const elsewhere = [
      // Tested with what grows.
      'beginMessage',
      'growMessage',
      'endMessage',
      // Done again when they are repeated.
      'backupData',
      'cleanupOldData',
      // Below.
      'continueImport',
    ];
    const covered = new Set([...named.map(([method]) => method), ...elsewhere]);
    expect([...covered].sort()).toEqual([...CHANGING_METHODS].sort());
  });

  it('cost nothing where nobody would repeat them', async () => {
    const owners = createOwners();
    await fillStore(await owners.next());
    for (const text of owners.textOf(/\.jsonl$/)) expect(text).not.toContain('"op":');
  });

  it('are told apart by their ids, not by what they say', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const repeatedSince = owners.now();
    const text = { ...say('d', `"op":"${ID}"`), metadata: { op: ID } };
    await first.api.addMessage('alice', 's1', text);
    const second = await owners.next();
    const made: Pick<OperationCase, 'method' | 'args'> = {
      method: 'addMessage',
      args: ['alice', 's1', say('e')],
    };
    await callOnce(second, made, { id: ID, repeatedSince });
    expect(await second.api.getMessage('alice', 's1', 'e')).not.toBeNull();
  });

  it('are forgotten when the log is rewritten after ten minutes', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const wanted = ['createUser', 'deleteSession', 'deleteMessage', 'createPersona'];
    for (const made of OPERATION_CASES.filter(({ method }) => wanted.includes(method))) {
      await callOnce(first, made, { id: ID });
    }
    await first.api.optimizeStorage();
    const logs = () => owners.textOf(/\.jsonl$/).filter((text) => text.includes(ID));
    // The root, the catalogs of two users and of what is shared, and the messages of a session.
    expect(logs()).toHaveLength(5);
    owners.skip(11 * 60_000);
    await first.api.optimizeStorage();
    expect(logs()).toHaveLength(0);
  });

  it('refuse what has lost the session, the user or the panel they were for', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const repeatedSince = owners.now();
    const toSession = { method: 'addMessage', args: ['alice', 's1', say('d')] } as const;
    const toUser = {
      method: 'createSession',
      args: ['bob', { sessionId: 's', title: '' }],
    } as const;
    const toPanel = { method: 'addPanelMessage', args: ['round', 'p1', say('y')] } as const;
    const made = [toSession, toUser, toPanel].map(
      ({ method, args }) => ({ method, args }) as unknown as OperationCase,
    );
    for (const [index, one] of made.entries()) await callOnce(first, one, { id: `op-${index}` });
    await first.api.deleteSession('alice', 's1');
    await first.api.deleteUser('bob', true);
    await first.api.deletePanel('round');
    const second = await owners.next();
    const codes = ['session-not-found', 'user-not-found', 'not-found'];
    for (const [index, one] of made.entries()) {
      await expect(
        callOnce(second, one, { id: `op-${index}`, repeatedSince }),
      ).rejects.toMatchObject({ code: codes[index] });
    }
  });

  it('count what is left when a cleanup is repeated', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const made: Pick<OperationCase, 'method' | 'args'> = {
      method: 'cleanupOldData',
      args: [{ daysOld: 0, dryRun: false }],
    };
    const repeatedSince = owners.now();
    expect(await callOnce(first, made, { id: ID })).toMatchObject({ sessions: 2, panels: 1 });
    const second = await owners.next();
    await second.api.createSession('alice', { sessionId: 's8', title: 'eighth' });
    const repeated = await callOnce(second, made, { id: ID, repeatedSince });
    expect(repeated).toMatchObject({ sessions: 1, panels: 0 });
  });
});

describe('an import that is repeated', { timeout: 30_000 }, () => {
  it('gives its report when it was complete, and is unknown when it was not', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    const archive = await exportBytes(first, { userId: 'alice' });
    await first.api.deleteSession('alice', 's1');
    const importId = await sendBytes(first, archive);
    const made: Pick<OperationCase, 'method' | 'args'> = {
      method: 'continueImport',
      args: [importId],
    };
    const repeatedSince = owners.now();
    let last: unknown;
    let steps = 0;
    do {
      last = await callOnce(first, made, { id: `${ID}${++steps}` });
    } while ((last as { report?: unknown }).report === undefined);
    expect(last).toMatchObject({ report: { users: 1, sessions: 2, messages: 3 } });

    const second = await owners.next();
    await second.api.addMessage('alice', 's1', say('later'));
    const before = await read(second);
    expect(await callOnce(second, made, { id: `${ID}${steps}`, repeatedSince })).toEqual(last);
    expect(await read(second)).toEqual(before);
    await expect(callOnce(second, made, { id: 'another', repeatedSince })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('does not forget what others did in the spaces that it merges with', async () => {
    const owners = createOwners();
    const first = await owners.next();
    await fillStore(first);
    await first.api.createPersona({ personaId: 'of bob', name: 'B', ownerId: 'bob' });
    await first.api.backupData('bob', { userId: 'bob' });
    const repeatedSince = owners.now();
    const made = OPERATION_CASES.filter(({ method }) =>
      ['createPersona', 'createPanel', 'addPanelMessage', 'deletePersona'].includes(method),
    );
    for (const [index, one] of made.entries()) await callOnce(first, one, { id: `op-${index}` });
    await first.api.restoreData('bob', { userId: 'bob' });
    const second = await owners.next();
    const before = await read(second);
    for (const [index, one] of made.entries()) {
      const repeated = callOnce(second, one, { id: `op-${index}`, repeatedSince });
      expect(await repeated, one.method).toEqual(one.result);
    }
    expect(await read(second)).toEqual(before);
  });
});
