import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARED_SPACE, spaceFolder } from '../../../worker/store/layout.ts';
import { LogRewrite } from '../../../worker/store/log-file.ts';
import { RootCatalog, type SpaceFolder } from '../../../worker/store/root-catalog.ts';
import { addTotals, NO_TOTALS, type SpaceTotals } from '../../../worker/store/space-totals.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATH = 'catalog.jsonl';

const action = fc.record({
  do: fc.constantFrom(
    'add',
    'add',
    'delete',
    'stage',
    'adopt',
    'sweep',
    'counting',
    'counted',
    'set totals',
    'put',
    'drop',
    'compact',
    'reopen',
  ),
  spaceId: fc.constantFrom('alice', 'bob', 'Bob', '__proto__', 'constructor', SHARED_SPACE),
  number: fc.nat(9),
});

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function open(disk: FaultyBackend): Promise<RootCatalog> {
  return RootCatalog.open(PATH, openTestFiles(disk));
}

function totalsOf(number: number): SpaceTotals {
  const bytes = {
    messages: number * 3,
    indexes: number,
    documents: 7,
    catalogs: number * 2,
    search: number * 4,
  };
  return { sessions: number, messages: number * 5, documents: 1, bytes };
}

/** What a root catalog knows, in the plainest form. */
class NaiveRoot {
  users: string[] = [];
  readonly folders = new Map<string, number>();
  readonly unswept = new Set<string>();
  readonly counting = new Set<string>();
  readonly totals = new Map<string, SpaceTotals>();
  readonly backups = new Map<string, number>();

  forget(spaceId: string): void {
    this.folders.delete(spaceId);
    this.counting.delete(spaceId);
    this.totals.delete(spaceId);
  }
}

/** What both of them say, for comparison. */
function viewOf(root: RootCatalog) {
  return {
    users: root.userIds,
    unswept: new Set(
      root.unsweptFolders.map(({ spaceId, number }) => spaceFolder(spaceId, number)),
    ),
    counting: new Set(root.countingSpaceIds),
    sum: root.sum,
    shared: root.totalsOf(SHARED_SPACE),
    folders: root.userIds.map((userId) => root.folderOf(userId)),
    sharedFolder: root.folderOf(SHARED_SPACE),
    backups: root.backups.values().map(({ id, bytes }) => [id, bytes]),
  };
}

function naiveViewOf(naive: NaiveRoot): ReturnType<typeof viewOf> {
  const sums = naive.users.map((userId) => naive.totals.get(userId) ?? NO_TOTALS);
  return {
    users: naive.users,
    unswept: naive.unswept,
    counting: naive.counting,
    sum: sums.reduce((sum, totals) => addTotals(sum, totals, 1), NO_TOTALS),
    shared: naive.totals.get(SHARED_SPACE) ?? NO_TOTALS,
    folders: naive.users.map((userId) => spaceFolder(userId, naive.folders.get(userId))),
    sharedFolder: spaceFolder(SHARED_SPACE, naive.folders.get(SHARED_SPACE)),
    backups: [...naive.backups],
  };
}

describe('RootCatalog', { timeout: 30_000 }, () => {
  it('is blank until something is recorded', async () => {
    const disk = createFaultyBackend();
    const catalog = await open(disk);
    expect(catalog.isBlank).toBe(true);
    await catalog.addUser('alice', 1);
    await catalog.deleteUser('alice', 2);
    expect((await open(disk.disk('flushed'))).isBlank).toBe(false);
  });

  it('knows users, folders, totals and entities, the same when it is opened again or rewritten', async () => {
    await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 40 }), expectLikeNaive), {
      numRuns: 100,
    });
  });
});

async function expectLikeNaive(actions: readonly Action[]): Promise<void> {
  let disk = createFaultyBackend();
  let catalog = await open(disk);
  const naive = new NaiveRoot();
  const staged: SpaceFolder[] = [];
  for (const [at, { do: what, spaceId, number }] of actions.entries()) {
    const isUser = spaceId !== SHARED_SPACE;
    const exists = !isUser || naive.users.includes(spaceId);
    const path = spaceFolder(spaceId, naive.folders.get(spaceId));
    if (what === 'add' && !exists) {
      await catalog.addUser(spaceId, at);
      naive.users.push(spaceId);
      naive.unswept.delete(spaceFolder(spaceId));
      naive.counting.add(spaceId);
    } else if (what === 'delete' && exists && isUser) {
      await catalog.deleteUser(spaceId, at);
      naive.users = naive.users.filter((user) => user !== spaceId);
      naive.unswept.add(path);
      naive.forget(spaceId);
    } else if (what === 'stage') {
      const folder = catalog.freeFolder(spaceId);
      expectFree(folder, path, naive);
      await catalog.append([{ type: 'staged', ...folder }]);
      staged.push(folder);
      naive.unswept.add(spaceFolder(spaceId, folder.number));
    } else if (what === 'adopt' && staged.length > 0) {
      const folder = staged.splice(number % staged.length, 1)[0] as SpaceFolder;
      const id = folder.spaceId;
      await catalog.append([{ type: 'adopted', at, ...folder }]);
      naive.unswept.add(spaceFolder(id, naive.folders.get(id)));
      naive.unswept.delete(spaceFolder(id, folder.number));
      naive.forget(id);
      naive.folders.set(id, folder.number);
      naive.counting.add(id);
      if (id !== SHARED_SPACE && !naive.users.includes(id)) naive.users.push(id);
    } else if (what === 'sweep') {
      const isStaged = ({ spaceId: id, number: folder }: SpaceFolder) =>
        staged.some((one) => one.spaceId === id && one.number === folder);
      const [folder] = catalog.unsweptFolders.filter((one) => !isStaged(one));
      if (folder === undefined) continue;
      await catalog.markSwept(folder);
      naive.unswept.delete(spaceFolder(folder.spaceId, folder.number));
    } else if (what === 'counting' && exists) {
      await catalog.markCounting(spaceId);
      naive.counting.add(spaceId);
    } else if (what === 'counted' && exists) {
      const totals = totalsOf(number);
      await catalog.append([{ type: 'counted', spaceId, totals }]);
      naive.counting.delete(spaceId);
      naive.totals.set(spaceId, totals);
    } else if (what === 'set totals' && exists) {
      // In memory only, as the store does while a space is being counted.
      if (!naive.counting.has(spaceId)) continue;
      const totals = totalsOf(number);
      catalog.setTotals(spaceId, totals);
      naive.totals.set(spaceId, totals);
    } else if (what === 'put') {
      const entity = { id: `b${number % 3}`, bytes: at, value: {} };
      await catalog.append([{ type: 'put', kind: 'backup', ...entity }]);
      naive.backups.set(entity.id, at);
    } else if (what === 'drop') {
      await catalog.append([{ type: 'drop', kind: 'backup', id: `b${number % 3}` }]);
      naive.backups.delete(`b${number % 3}`);
    } else if (what === 'compact') {
      const { files } = openTestFiles(disk);
      const rewrite = await LogRewrite.begin(catalog.file, files);
      await rewrite.append(catalog.snapshot(at));
      await rewrite.commit();
      await files.closeAll();
      disk = disk.disk('flushed');
      catalog = await open(disk);
    } else if (what === 'reopen') {
      disk = disk.disk('flushed');
      catalog = await open(disk);
      // Totals of a space that is still being counted were known in memory only.
      for (const id of naive.counting) naive.totals.set(id, catalog.totalsOf(id));
    }
    expect(viewOf(catalog)).toEqual(naiveViewOf(naive));
  }
}

function expectFree({ spaceId, number }: SpaceFolder, inUse: string, { unswept }: NaiveRoot): void {
  const path = spaceFolder(spaceId, number);
  expect(path).not.toBe(inUse);
  expect(unswept).not.toContain(path);
}
