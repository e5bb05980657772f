import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactCatalog, compactMessages, compactRoot } from '../../../worker/store/compaction.ts';
import { SHARED_SPACE } from '../../../worker/store/layout.ts';
import type { SpaceTotals } from '../../../worker/store/space-totals.ts';
import { unchanged } from '../../../worker/store/change.ts';
import type { Store } from '../../../worker/store/store.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import {
  addMessages,
  changeMessage,
  createSession,
  createUserWith,
  deleteSession,
  deleteUser,
  testMessage,
} from '../../support/store-calls.ts';
import { openTestStore } from '../../support/stores.ts';

const userId = fc.constantFrom('alice', 'Bob', SHARED_SPACE);
// More than are kept as being written to.
const session = fc.nat(10).map((number) => `s${number}`);

const action = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('create user', 'delete user'), userId }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete session'), userId, session }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('add'),
      userId,
      session,
      pick: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('edit', 'delete'),
      userId,
      session,
      pick: fc.nat(3),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('store document', 'drop document'),
      userId,
      session,
      pick: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('compact', 'compact catalog'), userId, session }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('compact root', 'save', 'idle', 'read', 'reopen', 'crash', 'check'),
    }),
  },
);

interface Step {
  readonly do: string;
  readonly userId?: string;
  readonly session?: string;
  readonly pick?: number;
}

interface NaiveSession {
  readonly messages: Set<string>;
  readonly documents: Set<string>;
}

type NaiveSpace = Map<string, NaiveSession>;

/** What the files of a kind take. */
function bytesOf(disk: FaultyBackend, pattern: RegExp): number {
  return disk.paths
    .filter((path) => pattern.test(path))
    .reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);
}

function bytesBelow(disk: FaultyBackend, folder: string): SpaceTotals['bytes'] {
  return {
    messages: bytesOf(disk, new RegExp(`^${folder}/.*messages[^/]*jsonl$`)),
    indexes: bytesOf(disk, new RegExp(`^${folder}/.*idx$`)),
    documents: bytesOf(disk, new RegExp(`^${folder}/.*/documents/`)),
    catalogs: bytesOf(disk, new RegExp(`^${folder}/(.*/)?catalog[^/]*jsonl$`)),
    search: bytesOf(disk, new RegExp(`^${folder}/.*/search/`)),
  };
}

function countsOf(spaces: readonly NaiveSpace[]): Omit<SpaceTotals, 'bytes'> {
  const sessions = spaces.flatMap((space) => [...space.values()]);
  return {
    sessions: sessions.length,
    messages: sessions.reduce((sum, { messages }) => sum + messages.size, 0),
    documents: sessions.reduce((sum, { documents }) => sum + documents.size, 0),
  };
}

async function storeDocument(
  store: Store,
  space: string,
  sessionId: string,
  id: string,
  size: number,
) {
  const path = `${store.folderOf(space)}/sessions/${sessionId}/documents/${id}`;
  async function* content() {
    yield new Uint8Array(size);
  }
  await store.documents.publish(path, content(), () =>
    store.write(space, async () => {
      const catalog = await store.user(space);
      const value = { documentId: id } as never;
      const durable = catalog?.putEntity('document', { id, sessionId, bytes: size, value });
      return { value: undefined, durable: durable ?? Promise.resolve() };
    }),
  );
}

async function dropDocument(store: Store, space: string, sessionId: string, id: string) {
  await store.write(space, async () => {
    await (await store.user(space))?.dropEntities('document', [id]);
    return unchanged(undefined);
  });
  await store.files.remove(`${store.folderOf(space)}/sessions/${sessionId}/documents/${id}`);
}

async function expectCounted(
  store: Store,
  disk: FaultyBackend,
  spaces: ReadonlyMap<string, NaiveSpace>,
): Promise<void> {
  const root = await store.countedRoot();
  const users = [...spaces].filter(([id]) => id !== SHARED_SPACE).map(([, space]) => space);
  expect(root.sum).toEqual({ ...countsOf(users), bytes: bytesBelow(disk, 'users') });
  expect(root.totalsOf(SHARED_SPACE)).toEqual({
    ...countsOf([spaces.get(SHARED_SPACE) ?? new Map()]),
    bytes: bytesBelow(disk, 'shared'),
  });
  expect(root.bytes).toBe(bytesOf(disk, /^catalog/));
  // So nothing is on the disk that belongs to no kind.
  const sums = [root.sum.bytes, root.totalsOf(SHARED_SPACE).bytes].flatMap((one) =>
    Object.values(one),
  );
  const sum = sums.reduce((total, bytes) => total + bytes, root.bytes);
  expect(sum + bytesOf(disk, /^store\.json$/)).toBe(bytesOf(disk, /./));
}

describe('the totals of a store', { timeout: 60_000 }, () => {
  it('are what a recount of everything would find, to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60, size: 'max' }), expectLikeRecount),
      { numRuns: 120 },
    );
  });

  it('are known after a store was closed without opening any catalog of a user', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    for (const id of ['alice', 'bob']) {
      await createUserWith(store, id, ['s1']);
      await addMessages(store, id, 's1', [testMessage('m', 'x')], 5);
    }
    await store.close();
    const closed = disk.disk('flushed');
    const again = await openTestStore(closed);
    for (const path of closed.paths.filter((name) => name.startsWith('users/'))) {
      closed.failOnce('open', { path });
    }
    expect((await again.countedRoot()).sum).toMatchObject({ sessions: 2, messages: 2 });
  });

  it('cost an opening after a crash only the users who were written to', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    for (const id of ['alice', 'bob']) await createUserWith(store, id, ['s1']);
    await store.close();
    const second = disk.disk('flushed');
    await addMessages(await openTestStore(second), 'alice', 's1', [testMessage('m', 'x')], 5);
    const crashed = second.disk('flushed');
    crashed.failOnce('open', { path: 'users/bob/catalog.jsonl' });
    const again = await openTestStore(crashed);
    expect((await again.countedRoot()).sum).toMatchObject({ sessions: 2, messages: 1 });
  });

  it('are right after a crash for sessions that were counted long before it, tables included', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    const sessions = new Map<string, NaiveSession>();
    await createUserWith(store, 'alice', []);
    for (let index = 0; index < 12; index++) {
      await createSession(store, 'alice', `s${index}`);
      await addMessages(store, 'alice', `s${index}`, [testMessage('m', 'x')], index);
      sessions.set(`s${index}`, { messages: new Set(['m']), documents: new Set() });
    }
    await store.saveOffsets();
    const crashed = disk.disk('written');
    await expectCounted(await openTestStore(crashed), crashed, new Map([['alice', sessions]]));
  });

  it('are right again after a write that failed', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    await createUserWith(store, 'alice', ['s1']);
    await addMessages(store, 'alice', 's1', [testMessage('m', 'x')], 5);
    disk.failOnce('write', { path: /messages\.jsonl$/ });
    const added = addMessages(store, 'alice', 's1', [testMessage('lost', 'x')], 6);
    await expect(added).rejects.toMatchObject({ code: 'io' });
    const session = { messages: new Set(['m']), documents: new Set<string>() };
    await expectCounted(store, disk, new Map([['alice', new Map([['s1', session]])]]));
  });
});

async function expectLikeRecount(actions: readonly Step[]): Promise<void> {
  let disk = createFaultyBackend();
  let store = await openTestStore(disk);
  const spaces = new Map<string, NaiveSpace>([[SHARED_SPACE, new Map()]]);
  for (const [index, step] of actions.entries()) {
    const at = 1_000 + index;
    const { userId: id = '', session: name = '', pick = 0 } = step;
    const space = spaces.get(id);
    const known = space?.get(name);
    const message = [...(known?.messages ?? [])][pick] ?? '';
    const document = [...(known?.documents ?? [])][pick] ?? '';
    if (step.do === 'create user' && space === undefined) {
      await createUserWith(store, id, [], at);
      spaces.set(id, new Map());
    } else if (step.do === 'delete user' && space !== undefined && id !== SHARED_SPACE) {
      await deleteUser(store, id, at);
      spaces.delete(id);
    } else if (step.do === 'delete session') {
      await deleteSession(store, id, name);
      space?.delete(name);
    } else if (step.do === 'add' && space !== undefined) {
      const ids = Array.from({ length: pick }, (_, number) => `m${index}.${number}`);
      if (known === undefined) await createSession(store, id, name, at);
      const messages = ids.map((one) => testMessage(one, 'x'.repeat(index), index));
      await addMessages(store, id, name, messages, at);
      const { documents = new Set<string>() } = known ?? {};
      space.set(name, { messages: new Set([...(known?.messages ?? []), ...ids]), documents });
    } else if (step.do === 'edit' && known !== undefined) {
      await changeMessage(store, id, name, message, 'edited', at);
    } else if (step.do === 'delete' && known !== undefined) {
      await changeMessage(store, id, name, message, null, at);
      known.messages.delete(message);
    } else if (step.do === 'store document' && known !== undefined) {
      await storeDocument(store, id, name, `d${index}`, 10 * index);
      known.documents.add(`d${index}`);
    } else if (step.do === 'drop document' && known?.documents.delete(document) === true) {
      await dropDocument(store, id, name, document);
    } else if (step.do === 'compact') {
      await compactMessages(store, id, name);
    } else if (step.do === 'compact catalog') {
      await compactCatalog(store, id);
    } else if (step.do === 'compact root') {
      await compactRoot(store, at);
    } else if (step.do === 'save') {
      await store.saveOffsets();
    } else if (step.do === 'idle') {
      await store.flush();
    } else if (step.do === 'read') {
      for (const one of spaces.keys()) await store.read(one, () => store.user(one));
    } else if (step.do === 'reopen' || step.do === 'crash') {
      if (step.do === 'reopen') await store.close();
      disk = disk.disk('written');
      store = await openTestStore(disk);
    } else if (step.do === 'check') {
      await expectCounted(store, disk, spaces);
    }
  }
  await expectCounted(store, disk, spaces);
  const crashed = disk.disk('written');
  await expectCounted(await openTestStore(crashed), crashed, spaces);
  await store.close();
  const closed = disk.disk('flushed');
  const last = await openTestStore(closed);
  await expectCounted(last, closed, spaces);
}
