import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { SHARED_SPACE } from '../../../worker/store/layout.ts';
import { StagedSpace } from '../../../worker/store/staged-space.ts';
import type { RootRecord } from '../../../worker/store/root-catalog.ts';
import type { Store } from '../../../worker/store/store.ts';
import { countedRecord, type CatalogRecord } from '../../../worker/store/user-catalog.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import {
  addMessages,
  changeMessage,
  createSession,
  createUserWith,
  deleteUser,
  testMessage,
} from '../../support/store-calls.ts';
import { openTestStore } from '../../support/stores.ts';

const SPACES = ['alice', 'bob', SHARED_SPACE];

/** Messages that a space gets when it is replaced; the second one was deleted. */
const NEW = ['n1', 'n2', 'n3'].map((id, index) => testMessage(id, `new ${id}`, index));

async function createStore(): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const store = await openTestStore(disk);
  for (const id of ['alice', 'carol']) {
    await createUserWith(store, id, ['s1']);
    await addMessages(store, id, 's1', [testMessage('old', 'old')], 10);
  }
  await createSession(store, SHARED_SPACE, 's1');
  await addMessages(store, SHARED_SPACE, 's1', [testMessage('old', 'old')], 10);
  await store.close();
  return disk.disk('flushed');
}

/** Makes a space with one session beside the one that there is. */
async function stage(store: Store, spaceId: string): Promise<RootRecord[]> {
  const staged = await StagedSpace.begin(store, spaceId);
  const writer = await staged.messages('n');
  for (const [index, message] of NEW.entries()) {
    const at = 20 + index;
    const { messageId } = message;
    await writer.add([
      index === 1 ? { type: 'delete', at, messageId } : { type: 'message', at, message },
    ]);
  }
  await writer.commit();
  async function* content() {
    yield new Uint8Array(50);
  }
  await store.documents.write(staged.documentFile('n', 'd'), content());
  const value = { documentId: 'd' } as never;
  const records: CatalogRecord[] = [
    { type: 'user', profile: { userId: spaceId, createdAt: '2026', updatedAt: '2026' } },
    { type: 'session', session: { sessionId: 'n', title: 'new', createdAt: 20, updatedAt: 20 } },
    countedRecord(writer.count('n')),
    { type: 'put', kind: 'document', id: 'd', sessionId: 'n', bytes: 50, value },
  ];
  return staged.finish(records, 30);
}

async function replace(store: Store, spaceIds: readonly string[]): Promise<void> {
  const records: RootRecord[] = [];
  for (const spaceId of spaceIds) records.push(...(await stage(store, spaceId)));
  await store.alone(() => store.adopt(records, spaceIds));
}

/** The messages of all sessions of a space; `null` when there is no such user. */
function read(store: Store, spaceId: string): Promise<FFMessageDTO[][] | null> {
  return store.read(spaceId, async () => {
    const catalog = await store.user(spaceId);
    if (catalog === null) return null;
    const pages: FFMessageDTO[][] = [];
    for (const { sessionId } of catalog.sessions()) {
      pages.push(await (await store.messages(spaceId, sessionId)).page(0, Infinity));
    }
    return pages;
  });
}

async function readAll(store: Store): Promise<Map<string, FFMessageDTO[][] | null>> {
  const found = new Map<string, FFMessageDTO[][] | null>();
  for (const spaceId of [...SPACES, 'carol']) found.set(spaceId, await read(store, spaceId));
  return found;
}

function foldersOf(disk: FaultyBackend): string[] {
  const folders = disk.paths.flatMap(
    (path) => path.match(/^(users\/[^/]+|shared[^/]*)\//)?.[1] ?? [],
  );
  return [...new Set(folders)].sort();
}

const NEW_PAGES = [[NEW[0], NEW[2]]];
const OLD_PAGES = [[testMessage('old', 'old')]];
const OLD = new Map<string, unknown>([
  ['alice', OLD_PAGES],
  ['bob', null],
  [SHARED_SPACE, OLD_PAGES],
  ['carol', OLD_PAGES],
]);
const REPLACED = new Map<string, unknown>([
  ['alice', NEW_PAGES],
  ['bob', NEW_PAGES],
  [SHARED_SPACE, NEW_PAGES],
  ['carol', OLD_PAGES],
]);

describe('a staged space', { timeout: 60_000 }, () => {
  it('takes the place of what was there, with everything in it, and the old folder is removed', async () => {
    const disk = await createStore();
    const store = await openTestStore(disk);
    const replaced: string[] = [];
    store.events.onSpaceReplaced = (spaceId) => replaced.push(spaceId);
    expect(await readAll(store)).toEqual(OLD);
    await replace(store, SPACES);
    expect(replaced).toEqual(SPACES);
    for (const opened of [store, await openTestStore(disk.disk('flushed'))]) {
      expect(await readAll(opened)).toEqual(REPLACED);
      const root = await opened.countedRoot();
      expect(root.sum).toMatchObject({ sessions: 3, messages: 5, documents: 2 });
      expect(root.totalsOf(SHARED_SPACE)).toMatchObject({ sessions: 1, messages: 2, documents: 1 });
    }
    await store.flush();
    expect(foldersOf(disk)).toEqual(['shared.1', 'users/alice.1', 'users/bob.1', 'users/carol']);
  });

  it('keeps deleted ids out, and takes new messages', async () => {
    const disk = await createStore();
    const store = await openTestStore(disk);
    await replace(store, ['alice']);
    await addMessages(store, 'alice', 'n', [testMessage('later', 'x')], 50);
    await changeMessage(store, 'alice', 'n', 'n1', 'edited', 51);
    for (const opened of [store, await openTestStore(disk.disk('flushed'))]) {
      const [page = []] = (await read(opened, 'alice')) ?? [];
      expect(page.map(({ content }) => content)).toEqual(['edited', 'new n3', 'x']);
      const log = await opened.read('alice', () => opened.messages('alice', 'n'));
      expect(await log.find('n2')).toMatchObject({ message: null });
    }
  });

  it('may replace a space again and again, and be deleted like any other', async () => {
    let disk = await createStore();
    for (let time = 0; time < 4; time++) {
      const store = await openTestStore(disk);
      await replace(store, ['alice', 'bob']);
      await store.close();
      disk = disk.disk('flushed');
      expect(foldersOf(disk).filter((path) => path.startsWith('users/'))).toHaveLength(3);
    }
    const store = await openTestStore(disk);
    await deleteUser(store, 'alice', 60);
    expect(await read(store, 'alice')).toBeNull();
    await createUserWith(store, 'alice', ['s'], 70);
    await store.close();
    const last = await openTestStore(disk.disk('flushed'));
    expect(await read(last, 'alice')).toEqual([[]]);
    expect(foldersOf(disk)).toContain('users/alice');
  });

  it('is all of the old or all of the new, of every space, wherever a crash comes', async () => {
    const start = await createStore();
    const whole = start.disk('flushed');
    const first = await openTestStore(whole);
    await readAll(first);
    const from = whole.steps;
    const users = ['alice', 'bob'];
    const expected = [OLD, new Map([...REPLACED, [SHARED_SPACE, OLD_PAGES]])];
    await replace(first, users);
    await first.flush();
    let [old, replaced] = [0, 0];
    for (let step = from; step < whole.steps; step++) {
      for (const kept of ['written', 'flushed'] as const) {
        for (const part of kept === 'written' ? [0, 0.6] : [0]) {
          const disk = start.disk('flushed');
          const store = await openTestStore(disk);
          await readAll(store);
          disk.crashAt({ step, part });
          await replace(store, users).catch(() => undefined);
          await store.flush().catch(() => undefined);
          const survivor = disk.disk(kept);
          const again = await openTestStore(survivor);
          const where = `step ${step - from}, part ${part}, ${kept}`;
          const found = await readAll(again);
          expect(expected, where).toContainEqual(found);
          const isOld = found.get('bob') === null;
          if (isOld) old++;
          else replaced++;
          // Leftovers are gone after the opening.
          await again.close();
          expect(foldersOf(survivor), where).toEqual(
            isOld
              ? ['shared', 'users/alice', 'users/carol']
              : ['shared', 'users/alice.1', 'users/bob.1', 'users/carol'],
          );
          expect(again.damage.count, where).toBe(0);
        }
      }
    }
    expect(Math.min(old, replaced)).toBeGreaterThan(0);
  });

  it('is not taken for a leftover when a record of the root catalog is damaged', async () => {
    const start = await createStore();
    const store = await openTestStore(start);
    await replace(store, SPACES);
    await store.close();
    const path = 'catalog.jsonl';
    const catalog = start.bytesOf(path) ?? new Uint8Array(0);
    for (let at = 5; at < catalog.length; at = catalog.indexOf(0x0a, at) + 6) {
      const bytes = catalog.slice();
      bytes[at] = 0x7e;
      const content = new Map(start.paths.map((name) => [name, start.bytesOf(name) ?? bytes]));
      const disk = createFaultyBackend({}, content.set(path, bytes));
      const line = new TextDecoder().decode(catalog.subarray(at, catalog.indexOf(0x0a, at)));
      const damaged = await openTestStore(disk);
      expect(await readAll(damaged), line).toEqual(REPLACED);
      await damaged.close();
      expect(await readAll(await openTestStore(disk.disk('flushed'))), line).toEqual(REPLACED);
    }
  });

  it('leaves what was there when it cannot be adopted', async () => {
    const disk = await createStore();
    const store = await openTestStore(disk);
    const records = [...(await stage(store, 'alice')), ...(await stage(store, 'bob'))];
    disk.failOnce('write', { path: 'catalog.jsonl' });
    const adopted = store.alone(() => store.adopt(records, ['alice', 'bob']));
    await expect(adopted).rejects.toMatchObject({ code: 'io' });
    expect(await readAll(store)).toEqual(OLD);
    expect(await readAll(await openTestStore(disk.disk('flushed')))).toEqual(OLD);
  });

  it('leaves nothing when it is discarded', async () => {
    const disk = await createStore();
    const store = await openTestStore(disk);
    const staged = await StagedSpace.begin(store, 'alice');
    const writer = await staged.messages('n');
    await writer.add([{ type: 'message', at: 1, message: testMessage('m', 'x') }]);
    await writer.commit();
    expect(foldersOf(disk)).toContain('users/alice.1');
    await staged.discard();
    expect(foldersOf(disk)).toEqual(['shared', 'users/alice', 'users/carol']);
    expect(await readAll(store)).toEqual(OLD);
    expect((await store.root()).unsweptFolders).toEqual([]);
  });

  it('is not swept while it is being made, whatever else is adopted or deleted', async () => {
    const disk = await createStore();
    const store = await openTestStore(disk);
    const [first, second] = [await stage(store, 'alice'), await stage(store, 'bob')];
    await deleteUser(store, 'carol', 40);
    await replace(store, ['alice']);
    await store.flush();
    await store.alone(() => store.adopt(second, ['bob']));
    await store.alone(() => store.adopt(first, ['alice']));
    await store.close();
    const again = await openTestStore(disk.disk('flushed'));
    expect(await read(again, 'alice')).toEqual(NEW_PAGES);
    expect(await read(again, 'bob')).toEqual(NEW_PAGES);
    expect(foldersOf(disk)).toHaveLength(3);
  });

  it('takes over from calls that are under way, which either come before it or after it', async () => {
    const disk = await createStore();
    const store = await openTestStore(disk);
    const running: Promise<unknown>[] = [];
    for (let index = 0; index < 8; index++) {
      running.push(
        addMessages(store, 'alice', 's1', [testMessage(`m${index}`, 'x')], 50).catch(() => 0),
      );
      if (index === 4) running.push(replace(store, ['alice']));
      running.push(read(store, 'alice'));
    }
    await Promise.all(running);
    const pages = await read(store, 'alice');
    expect(pages).toContainEqual(NEW_PAGES[0]);
    expect(await read(await openTestStore(disk.disk('flushed')), 'alice')).toEqual(pages);
  });
});
