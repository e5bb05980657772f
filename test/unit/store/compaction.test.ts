import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { compactMessages } from '../../../worker/store/compaction.ts';
import type { Store } from '../../../worker/store/store.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import {
  addMessages,
  changeMessage,
  createUserWith,
  deleteSession,
  describeSession,
  testMessage,
} from '../../support/store-calls.ts';
import { openTestStore } from '../../support/stores.ts';

const USER = 'alice';
const SESSION = 's1';

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      texts: fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('edit' as const), pick: fc.nat(), text: fc.string() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('write elsewhere' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('save', 'reopen', 'crash') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('compact' as const) }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const change = fc.record({
  do: fc.constantFrom('add', 'edit', 'delete', 'compact', 'page', 'wait', 'wait'),
  pick: fc.nat(),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Bytes of a session's messages, whichever file they lie in; it must be one. */
function messageBytes(disk: FaultyBackend): number {
  const paths = disk.paths.filter((path) => /sessions\/s1\/messages.*jsonl$/.test(path));
  expect(paths.length).toBeLessThanOrEqual(1);
  const bytes = disk.bytesOf(paths[0] ?? '') ?? new Uint8Array(0);
  expectWellFormed(new TextDecoder().decode(bytes));
  return bytes.length;
}

/** What was copied from one log to another must have nothing of the log that it comes from. */
function expectWellFormed(text: string): void {
  const lines = text.split('\n').filter((line) => line !== '' && !line.includes('"epoch"'));
  const names = lines.map((line) => line.match(/"(seq|more|crc)":/g)?.join(' '));
  expect(new Set(names)).toSatisfy((found: Set<string>) =>
    [...found].every((one) => /^"seq": ("more": )?"crc":$/.test(one)),
  );
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
    lines.map((_, index) => index + 1),
  );
}

async function createStore(...sessionIds: readonly string[]) {
  const disk = createFaultyBackend();
  const store = await openTestStore(disk);
  await createUserWith(store, USER, sessionIds);
  return { disk, store };
}

/** A session in which much is superseded; the last thing that was done to it is a deletion. */
async function createWornSession(
  contentLength = 40,
): Promise<{ disk: FaultyBackend; ids: string[] }> {
  const { disk, store } = await createStore(SESSION, 's2');
  const ids = Array.from({ length: 12 }, (_, index) => `m${index}`);
  for (const [index, id] of ids.entries()) {
    await addMessages(
      store,
      USER,
      SESSION,
      [testMessage(id, 'x'.repeat(contentLength), index)],
      10,
    );
  }
  await changeMessage(store, USER, SESSION, 'm3', 'edited', 20);
  await changeMessage(store, USER, SESSION, 'm3', 'edited twice', 21);
  await addMessages(store, USER, 's2', [testMessage('m', 'elsewhere')], 25);
  await changeMessage(store, USER, SESSION, 'm5', null, 30);
  await store.close();
  return { disk: disk.disk('flushed'), ids };
}

/** Does something again that failed: a fault that was not met before may be met here. */
const twice = <T>(task: () => Promise<T>): Promise<T> => task().catch(task);

const describeWorn = (store: Store, ids: readonly string[]) =>
  describeSession(store, USER, SESSION, [...ids, 'never added']);

describe('compactMessages', { timeout: 60_000 }, () => {
  it('changes no answer, now or after an opening, and frees what was superseded', async () => {
    await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 25 }), expectUnchanged), {
      numRuns: 60,
    });
  });

  it('does nothing, and touches no file, where nothing is superseded', async () => {
    const { disk, store } = await createStore(SESSION);
    expect(await compactMessages(store, USER, SESSION)).toBe(false);
    await addMessages(store, USER, SESSION, [testMessage('a', 'x'), testMessage('b', 'y')], 5);
    const steps = disk.steps;
    expect(await compactMessages(store, USER, SESSION)).toBe(false);
    expect(await compactMessages(store, USER, 'none')).toBe(false);
    expect(await compactMessages(store, 'nobody', SESSION)).toBe(false);
    expect(disk.steps).toBe(steps);
  });

  it('keeps the ids of deleted messages out for good', async () => {
    const { disk, ids } = await createWornSession();
    const store = await openTestStore(disk);
    await compactMessages(store, USER, SESSION);
    for (const opened of [store, await openTestStore(disk.disk('flushed'))]) {
      const found = await describeWorn(opened, ids);
      expect(found?.finds[5]).toBe('deleted');
      expect(found?.finds.at(-1)).toBeNull();
    }
  });

  it('does not change when the session was written to last, also where its last record goes', async () => {
    const { disk, ids } = await createWornSession();
    const store = await openTestStore(disk);
    expect(await describeWorn(store, ids)).toMatchObject({
      listed: { updatedAt: 30 },
      order: [SESSION, 's2'],
    });
    await compactMessages(store, USER, SESSION);
    const survivor = disk.disk('flushed');
    for (const opened of [store, await openTestStore(survivor)]) {
      expect(await describeWorn(opened, ids)).toMatchObject({
        listed: { updatedAt: 30 },
        order: [SESSION, 's2'],
      });
    }
  });

  it('takes in what is written, edited and deleted meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 40 }), expectTakenIn),
      { numRuns: 40 },
    );
  });

  it('gives the same answers wherever a crash comes', async () => {
    const { disk: start, ids } = await createWornSession();
    const reference = await openTestStore(start.disk('flushed'));
    const expected = await describeWorn(reference, ids);

    const whole = start.disk('flushed');
    const first = await openTestStore(whole);
    const from = whole.steps;
    await compactMessages(first, USER, SESSION);
    expect(whole.steps - from).toBeGreaterThan(6);
    for (let step = from; step < whole.steps; step++) {
      for (const part of [0, 0.5, 0.98, 1]) {
        const disk = start.disk('flushed');
        disk.crashAt({ step, part });
        const store = await openTestStore(disk);
        // The last step, which clears up, may fail without being noticed.
        await compactMessages(store, USER, SESSION).catch(() => undefined);
        expect(disk.crashed).toBe(true);
        for (const kept of ['written', 'flushed'] as const) {
          const survivor = disk.disk(kept);
          const where = `step ${step - from}, part ${part}, ${kept}`;
          const again = await openTestStore(survivor);
          expect(await describeWorn(again, ids), where).toEqual(expected);
          expect(again.damage.count).toBe(0);
          messageBytes(survivor);
          await addMessages(again, USER, SESSION, [testMessage('after', 'x')], 40);
          await compactMessages(again, USER, SESSION);
          const last = await openTestStore(survivor.disk('flushed'));
          expect((await describeWorn(last, [...ids, 'after']))?.count, where).toBe(12);
        }
      }
    }
  });

  it('gives the same answers wherever the disk fails, and loses nothing of what follows', async () => {
    const { disk: start, ids } = await createWornSession();
    const expected = await describeWorn(await openTestStore(start.disk('flushed')), ids);
    for (const kind of ['open', 'read', 'write', 'truncate', 'flush', 'remove', 'close'] as const) {
      for (let after = 0; ; after++) {
        const disk = start.disk('flushed');
        const store = await openTestStore(disk);
        await store.read(USER, () => store.user(USER));
        const failure = new Error('of the disk');
        disk.failOnce(kind, { after, path: /alice/ }, failure);
        const outcome = await compactMessages(store, USER, SESSION).catch(
          (error: unknown) => error,
        );
        const where = `${kind} ${after}`;
        expect(await twice(() => describeWorn(store, ids)), where).toEqual(expected);
        await twice(() => addMessages(store, USER, SESSION, [testMessage('after', 'x')], 40));
        const now = await twice(() => describeWorn(store, [...ids, 'after']));
        expect(now?.count, where).toBe(12);
        const again = await openTestStore(disk.disk('flushed'));
        expect(await describeWorn(again, [...ids, 'after']), where).toEqual(now);
        // Some are passed over: what is cleared up later anyway need not be now.
        if (outcome !== failure && after > 30) break;
      }
    }
  });

  it('ends quietly when the session is deleted meanwhile, and brings no file back', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const { disk: start } = await createWornSession(60_000);
      const disk = start.disk('flushed');
      const store = await openTestStore(disk);
      const compacted = compactMessages(store, USER, SESSION);
      for (let turn = 0; turn < turns; turn++) await store.background(USER, async () => undefined);
      expect(await deleteSession(store, USER, SESSION)).toBe(true);
      expect(typeof (await compacted)).toBe('boolean');
      await store.close();
      expect(
        disk.paths.filter((path) => path.includes('/s1/')),
        `${turns}`,
      ).toEqual([]);
    }
  });

  it('is done with before the store closes', async () => {
    const { disk: start, ids } = await createWornSession(60_000);
    const disk = start.disk('flushed');
    const store = await openTestStore(disk);
    const expected = await describeWorn(store, ids);
    const compacted = compactMessages(store, USER, SESSION);
    await store.close();
    expect(await compacted).toBe(true);
    expect(await describeWorn(await openTestStore(disk.disk('flushed')), ids)).toEqual(expected);
  });

  it('lets go of a message that is damaged, which was set aside', async () => {
    const { disk: start, ids } = await createWornSession();
    const path = 'users/alice/sessions/s1/messages.jsonl';
    const bytes = start.bytesOf(path) ?? new Uint8Array(0);
    bytes[10] = 0x7e;
    const content = new Map(start.paths.map((name) => [name, start.bytesOf(name) ?? bytes]));
    const disk = createFaultyBackend({}, content.set(path, bytes));
    const store = await openTestStore(disk);
    expect(await compactMessages(store, USER, SESSION)).toBe(true);
    const found = await describeWorn(store, ids);
    expect(found?.pages.flat().map(({ messageId }) => messageId)).toEqual(
      ids.filter((id) => id !== 'm0' && id !== 'm5'),
    );
    expect(found?.listed.messageCount).toBe(10);
    expect(disk.paths.filter((name) => name.startsWith('quarantine/'))).toHaveLength(1);
  });
});

async function expectUnchanged(actions: readonly Action[]): Promise<void> {
  let { disk, store } = await createStore(SESSION, 's2');
  const ids: string[] = [];
  for (const [index, step] of actions.entries()) {
    const at = 1_000 + index;
    const picked = 'pick' in step ? (ids[step.pick % Math.max(ids.length, 1)] ?? '') : '';
    if (step.do === 'add' && 'texts' in step) {
      const messages = step.texts.map((content, number) =>
        testMessage(`m${index}.${number}`, content, (index * 7) % 20),
      );
      ids.push(...messages.map(({ messageId }) => messageId));
      await addMessages(store, USER, SESSION, messages, at);
    } else if (step.do === 'edit' && 'text' in step) {
      await changeMessage(store, USER, SESSION, picked, step.text, at);
    } else if (step.do === 'delete') {
      await changeMessage(store, USER, SESSION, picked, null, at);
    } else if (step.do === 'write elsewhere') {
      await addMessages(store, USER, 's2', [testMessage(`e${index}`, 'x')], at);
    } else if (step.do === 'save') {
      await store.saveOffsets();
    } else if (step.do === 'reopen' || step.do === 'crash') {
      if (step.do === 'reopen') await store.close();
      disk = disk.disk('flushed');
      store = await openTestStore(disk);
    } else {
      await expectCompacted(store, disk, ids);
    }
  }
}

async function expectCompacted(
  store: Store,
  disk: FaultyBackend,
  ids: readonly string[],
): Promise<void> {
  const before = await describeWorn(store, ids);
  const bytesBefore = messageBytes(disk);
  const { supersededBytes } = await store.read(USER, () => store.messages(USER, SESSION));
  expect(await compactMessages(store, USER, SESSION)).toBe(supersededBytes > 0);
  expect(await describeWorn(store, ids)).toEqual(before);
  const bytesAfter = messageBytes(disk);
  expect(bytesAfter - bytesBefore).toSatisfy((growth: number) =>
    supersededBytes > 0 ? growth < 0 : growth === 0,
  );
  for (const kept of ['written', 'flushed'] as const) {
    const again = await openTestStore(disk.disk(kept));
    expect(await describeWorn(again, ids)).toEqual(before);
  }
  expect(await compactMessages(store, USER, SESSION)).toBe(false);
}

async function expectTakenIn(changes: readonly Change[]): Promise<void> {
  // Long enough for several slices.
  const { disk, ids } = await createWornSession(60_000);
  const survivor = disk.disk('flushed');
  const store = await openTestStore(survivor);
  const live = new Map(
    (await describeWorn(store, ids))?.pages.flat().map((one) => [one.messageId, one.content]),
  );
  const known = [...ids];
  const pages: { paged: Promise<FFMessageDTO[]>; expected: [string, string][] }[] = [];
  const running: Promise<unknown>[] = [compactMessages(store, USER, SESSION)];
  for (const [index, { do: what, pick }] of changes.entries()) {
    const id = known[pick % known.length] ?? '';
    if (what === 'add') {
      const message = testMessage(`n${index}`, 'new'.repeat(pick % 50));
      running.push(addMessages(store, USER, SESSION, [message], 100 + index));
      known.push(message.messageId);
      live.set(message.messageId, message.content);
    } else if (what === 'edit') {
      running.push(changeMessage(store, USER, SESSION, id, `edit ${index}`, 100 + index));
      if (live.has(id)) live.set(id, `edit ${index}`);
    } else if (what === 'delete') {
      running.push(changeMessage(store, USER, SESSION, id, null, 100 + index));
      live.delete(id);
    } else if (what === 'compact') {
      running.push(compactMessages(store, USER, SESSION));
    } else if (what === 'page') {
      const expected = [...live];
      const paged = store.read(USER, async () =>
        (await store.messages(USER, SESSION)).page(0, Infinity),
      );
      pages.push({ paged, expected });
      running.push(paged);
    } else {
      await running.at(-1 - (pick % 2));
    }
  }
  await Promise.all(running);
  for (const { paged, expected } of pages) {
    expect((await paged).map((one) => [one.messageId, one.content])).toEqual(expected);
  }
  const found = await describeWorn(store, known);
  expect(found?.pages.flat().map((one) => [one.messageId, one.content])).toEqual([...live]);
  const deleted = known.filter((id) => !live.has(id));
  expect(found?.finds.filter((one) => one === 'deleted')).toHaveLength(deleted.length);
  const again = await openTestStore(survivor.disk('flushed'));
  expect(await describeWorn(again, known)).toEqual(found);
  await compactMessages(store, USER, SESSION);
  expect(await describeWorn(store, known)).toEqual(found);
}
