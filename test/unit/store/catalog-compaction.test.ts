import { describe, expect, it } from 'vitest';
import { compactCatalog, compactRoot } from '../../../worker/store/compaction.ts';
import { SHARED_SPACE } from '../../../worker/store/layout.ts';
import { StagedSpace } from '../../../worker/store/staged-space.ts';
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

const SPACES = ['alice', 'bob', 'carol', SHARED_SPACE];

/** A store with one of everything that its catalogs can hold, much of it superseded. */
async function createWornStore(): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const store = await openTestStore(disk);
  await createUserWith(store, 'alice', ['s1', 's2', 's3', 's4']);
  await createUserWith(store, 'bob', ['s1']);
  await createUserWith(store, 'dora', ['s1']);
  for (let index = 0; index < 20; index++) {
    await addMessages(
      store,
      'alice',
      `s${1 + (index % 3)}`,
      [testMessage(`m${index}`, 'x', index)],
      index,
    );
  }
  await changeMessage(store, 'alice', 's2', 'm1', 'edited', 30);
  await addMessages(store, 'bob', 's1', [testMessage('m', 'hello')], 31);
  for (let time = 0; time < 3; time++) await putEntities(store, time);
  await createSession(store, SHARED_SPACE, 'panel', 40);
  await addMessages(store, SHARED_SPACE, 'panel', [testMessage('m', 'to all')], 41);
  const root = await store.root();
  for (const id of ['b1', 'b2']) {
    const value = { path: id, createdAt: '', sizeBytes: 1, users: 1, sessions: 1, messages: 1 };
    await root.append([
      { type: 'put', kind: 'backup', id, bytes: 5, value: { ...value, documents: 0, number: 1 } },
    ]);
  }
  await root.append([{ type: 'drop', kind: 'backup', id: 'b1' }]);
  const staged = await StagedSpace.begin(store, 'carol');
  const records = await staged.finish(
    [{ type: 'user', profile: { userId: 'carol', createdAt: '2026', updatedAt: '2026' } }],
    50,
  );
  await store.alone(() => store.adopt(records, ['carol']));
  // Its files stay: they are to be swept later.
  for (const path of ['users/alice/sessions/s4', 'users/dora']) disk.failOnce('remove', { path });
  await deleteSession(store, 'alice', 's4');
  await deleteUser(store, 'dora', 60);
  return disk.disk('flushed');
}

async function putEntities(store: Store, time: number): Promise<void> {
  const persona = { personaId: 'p', name: `name ${time}`, createdAt: '', updatedAt: '' };
  await store.write(SHARED_SPACE, async () => {
    const shared = await store.shared();
    return { value: 0, durable: shared.putEntity('persona', { id: 'p', value: persona }) };
  });
  await store.write('alice', async () => {
    const catalog = await store.user('alice');
    if (catalog === null) return unchanged(0);
    for (const id of ['d1', 'd2', `gone${time}`]) {
      const document = {
        ...{ documentId: id, sessionId: 's1', filename: id, originalName: id, path: id },
        ...{ mimeType: 'text/plain', size: time, uploadedBy: 'alice', uploadedAt: '' },
        text: { status: 'pending' as const },
      };
      const entity = { id, sessionId: 's1', bytes: 10 + time, value: document };
      await catalog.putEntity('document', entity);
    }
    return { value: 0, durable: catalog.dropEntities('document', [`gone${time}`]) };
  });
}

/** What the catalogs say, but for how many bytes they themselves take. */
async function stateOf(store: Store) {
  const root = await store.countedRoot();
  const spaces = new Map<string, unknown>();
  for (const spaceId of SPACES) {
    await store.read(spaceId, async () => {
      const catalog = await store.user(spaceId);
      if (catalog === null) return;
      const { writingSessionIds, profile, entities, sessionTable } = catalog;
      spaces.set(spaceId, {
        profile,
        sessions: catalog.sessions().map(({ bytes, ...session }) => [session, bytes.messages]),
        writing: new Set(writingSessionIds),
        unswept: catalog.unsweptSessionIds,
        documents: entities.document.values(),
        personas: entities.persona.values(),
        messages: sessionTable.messageCount,
      });
    });
  }
  const { bytes: _, ...sum } = root.sum;
  return {
    spaces,
    sum,
    users: root.userIds,
    unswept: root.unsweptFolders,
    folders: SPACES.map((spaceId) => root.folderOf(spaceId)),
    backups: root.backups.values(),
  };
}

/** Opens a store in which what is to be swept cannot be. */
async function open(disk: FaultyBackend): Promise<Store> {
  for (let time = 0; time < 20; time++) {
    disk.failOnce('remove', { path: /^users\/(alice\/sessions\/s4|dora|carol)$/ });
  }
  const store = await openTestStore(disk);
  for (const spaceId of SPACES) await store.read(spaceId, () => store.user(spaceId));
  return store;
}

const TARGETS = [
  ['the catalog of a user', (store: Store) => compactCatalog(store, 'alice'), /^users\/alice\/cat/],
  [
    'the catalog of a space in another folder',
    (store: Store) => compactCatalog(store, 'carol'),
    /^users\/carol\.1\/cat/,
  ],
  ['the shared catalog', (store: Store) => compactCatalog(store, SHARED_SPACE), /^shared\/cat/],
  ['the root catalog', (store: Store) => compactRoot(store, 70), /^catalog/],
] as const;

describe.each(TARGETS)('compacting %s', { timeout: 60_000 }, (_, compact, file) => {
  const bytesOf = (disk: FaultyBackend): number =>
    disk.paths
      .filter((path) => file.test(path))
      .reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);

  it('changes nothing of what it says, now or after an opening', async () => {
    const start = await createWornStore();
    const disk = start.disk('flushed');
    const store = await open(disk);
    const before = await stateOf(store);
    for (let time = 0; time < 3; time++) {
      await compact(store);
      expect(await stateOf(store), `${time}`).toEqual(before);
      expect(await stateOf(await open(disk.disk('flushed'))), `${time}`).toEqual(before);
      expect(disk.paths.filter((path) => file.test(path))).toHaveLength(1);
    }
    const once = bytesOf(disk);
    await compact(store);
    expect(bytesOf(disk)).toBe(once);
  });

  it('says the same wherever a crash comes', async () => {
    const start = await createWornStore();
    const expected = await stateOf(await open(start.disk('flushed')));
    const whole = start.disk('flushed');
    const first = await open(whole);
    const from = whole.steps;
    await compact(first);
    expect(whole.steps).toBeGreaterThan(from + 4);
    for (let step = from; step < whole.steps; step++) {
      for (const part of [0, 0.5, 0.98, 1]) {
        const disk = start.disk('flushed');
        const store = await open(disk);
        disk.crashAt({ step, part });
        await compact(store).catch(() => undefined);
        expect(disk.crashed).toBe(true);
        for (const kept of ['written', 'flushed'] as const) {
          const survivor = disk.disk(kept);
          const again = await open(survivor);
          const where = `step ${step - from}, part ${part}, ${kept}`;
          expect(await stateOf(again), where).toEqual(expected);
          expect(
            survivor.paths.filter((path) => file.test(path)),
            where,
          ).toHaveLength(1);
          expect(again.damage.count, where).toBe(0);
        }
      }
    }
  });

  it('loses nothing of what follows when the disk fails', async () => {
    const start = await createWornStore();
    const expected = await stateOf(await open(start.disk('flushed')));
    let met = 0;
    for (const kind of ['open', 'read', 'write', 'truncate', 'flush', 'remove', 'close'] as const) {
      for (let after = 0; after < 8; after++) {
        const disk = start.disk('flushed');
        const store = await open(disk);
        disk.failOnce(kind, { path: file, after });
        await compact(store).catch(() => met++);
        const where = `${kind} ${after}`;
        const twice = <T>(task: () => Promise<T>): Promise<T> => task().catch(task);
        expect(await twice(() => stateOf(store)), where).toEqual(expected);
        await twice(() => createSession(store, 'alice', 'new', 80));
        await twice(() => createSession(store, 'carol', 'new', 80));
        await twice(() => createSession(store, SHARED_SPACE, 'new', 80));
        await createUserWith(store, 'emil', [], 80).catch(() =>
          createUserWith(store, 'emil', [], 80),
        );
        const now = await twice(() => stateOf(store));
        expect(now.users, where).toContain('emil');
        expect(await stateOf(await open(disk.disk('flushed'))), where).toEqual(now);
      }
    }
    expect(met).toBeGreaterThan(3);
  });
});

describe('a catalog that was compacted', () => {
  it('is free of what belongs to the log that it was read from', async () => {
    const disk = (await createWornStore()).disk('flushed');
    const store = await open(disk);
    for (const spaceId of SPACES) await compactCatalog(store, spaceId);
    await compactRoot(store, 70);
    const catalogs = disk.paths.filter((path) => /catalog\.alt\.jsonl$|carol\.1\/cat/.test(path));
    expect(catalogs).toHaveLength(5);
    for (const path of catalogs) {
      const lines = new TextDecoder().decode(disk.bytesOf(path)).trim().split('\n');
      for (const [index, line] of lines.entries()) {
        expect(line.match(/"(seq|more|crc)":/g), line).toEqual(['"seq":', '"crc":']);
        expect(JSON.parse(line), line).toMatchObject({ seq: index });
      }
    }
  });

  it('takes in what is done at the same time', async () => {
    const disk = (await createWornStore()).disk('flushed');
    const store = await open(disk);
    const running: Promise<unknown>[] = [];
    for (let index = 0; index < 12; index++) {
      running.push(
        addMessages(store, 'alice', 's1', [testMessage(`n${index}`, 'x')], 100 + 2 * index),
      );
      running.push(createSession(store, 'alice', `n${index}`, 101 + 2 * index));
      if (index % 3 === 0) running.push(compactCatalog(store, 'alice'));
      if (index % 4 === 0) running.push(compactRoot(store, 100 + index));
    }
    await Promise.all(running);
    const state = await stateOf(store);
    expect(state.sum).toMatchObject({ sessions: 3 + 12 + 1, messages: 20 + 12 + 1 });
    expect(await stateOf(await open(disk.disk('flushed')))).toEqual(state);
  });
});
