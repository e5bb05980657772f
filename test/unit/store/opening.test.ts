import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../worker/engine.ts';
import { FORMAT_VERSION } from '../../../worker/store/format.ts';
import { SlotFile } from '../../../worker/store/slot-file.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot } from '../../support/snapshot.ts';
import { createClock, openTestEngine, openTestFiles, openTestStore } from '../../support/stores.ts';

const MARKER = 'store.json';

/** Users with a message each, in a store that was closed. */
async function createStore(...userIds: readonly string[]): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const { api, close } = await openTestEngine(disk, createClock());
  for (const userId of userIds) {
    await api.createUser(userId, { name: `Name of ${userId}` });
    await api.createSession(userId, { sessionId: 's1', title: 'title' });
    await api.addMessage(userId, 's1', { messageId: 'm1', role: 'user', content: 'hello' });
  }
  await close();
  return disk.disk('flushed');
}

function contentOf(disk: FaultyBackend): Map<string, Uint8Array> {
  return new Map(disk.paths.map((path) => [path, disk.bytesOf(path) ?? new Uint8Array(0)]));
}

/** The same disk with one file replaced, or left out. */
function diskWith(disk: FaultyBackend, path: string, bytes: Uint8Array | undefined): FaultyBackend {
  const content = contentOf(disk);
  content.delete(path);
  if (bytes !== undefined) content.set(path, bytes);
  return createFaultyBackend({}, content);
}

async function markerOf(format: unknown): Promise<Uint8Array | undefined> {
  const disk = createFaultyBackend();
  const slot = await SlotFile.open(MARKER, openTestFiles(disk).files);
  await slot.write({ format });
  return disk.bytesOf(MARKER);
}

/** All files as text, which compares faster than bytes. */
function textsOf(disk: FaultyBackend): [string, string][] {
  return Array.from(contentOf(disk), ([path, bytes]) => [
    path,
    Buffer.from(bytes).toString('latin1'),
  ]);
}

async function expectRefused(disk: FaultyBackend, code: string): Promise<void> {
  const before = textsOf(disk);
  await expect(openTestStore(disk)).rejects.toMatchObject({ name: 'FFStorageError', code });
  expect(textsOf(disk)).toEqual(before);
}

describe('the format marker', { timeout: 30_000 }, () => {
  it('is written to an empty disk, once', async () => {
    const disk = createFaultyBackend();
    await (await openTestStore(disk)).close();
    const marker = await markerOf(FORMAT_VERSION);
    const written = textsOf(disk);
    expect(written).toEqual([[MARKER, Buffer.from(marker ?? []).toString('latin1')]]);
    await (await openTestStore(disk)).close();
    expect(textsOf(disk)).toEqual(written);
  });

  it('of a newer release is refused, and nothing is changed', async () => {
    const disk = await createStore('alice');
    await expectRefused(diskWith(disk, MARKER, await markerOf(FORMAT_VERSION + 1)), 'version');
    await expectRefused(diskWith(disk, MARKER, await markerOf('2')), 'version');
  });

  it('is missed where there is data, and nothing is changed', async () => {
    await expectRefused(diskWith(await createStore('alice'), MARKER, undefined), 'corrupt');
  });

  it('must be readable where there is data', async () => {
    const disk = await createStore('alice');
    await expectRefused(diskWith(disk, MARKER, new Uint8Array(40_000)), 'corrupt');
    await expectRefused(diskWith(disk, MARKER, new Uint8Array(0)), 'corrupt');
  });

  it('that was torn when the store was made is made again', async () => {
    const whole = createFaultyBackend();
    await openTestStore(whole);
    for (let part = 0; part <= 1; part += 0.05) {
      const disk = createFaultyBackend();
      disk.crashAt({ step: 0, part });
      await expect(openTestStore(disk)).rejects.toThrow('dead');
      const survivor = disk.disk('written');
      await openTestStore(survivor);
      expect(textsOf(survivor)).toEqual(textsOf(whole));
    }
  });

  it('leaves the backend closed where it is refused', async () => {
    const disk = diskWith(await createStore('alice'), MARKER, await markerOf(99));
    await expectRefused(disk, 'version');
    // Whoever has the newer release can open every file.
    for (const path of disk.paths) expect(await disk.open(path)).not.toBeNull();
  });
});

describe('the list of users', () => {
  async function read(disk: FaultyBackend) {
    const engine: Engine = await openTestEngine(disk);
    const snapshot = await takeSnapshot(engine);
    await engine.close();
    return snapshot;
  }

  it('is made anew from their folders when it was lost, with names of any kind', async () => {
    const userIds = ['alice', 'Bob', 'é', 'x'.repeat(128), '世'.repeat(100), 'a'.repeat(200)];
    const disk = await createStore(...userIds);
    const expected = await read(disk.disk('flushed'));
    const rebuilt = diskWith(disk, 'catalog.jsonl', undefined);
    const byName = (snapshot: typeof expected) =>
      [...snapshot.users].sort((a, b) =>
        (a.profile?.userId ?? '') < (b.profile?.userId ?? '') ? -1 : 1,
      );
    expect(byName(await read(rebuilt))).toEqual(byName(expected));
    expect(byName(await read(rebuilt.disk('flushed')))).toEqual(byName(expected));
  });

  it('does not take in what a crash left of a user who was never created', async () => {
    const disk = await createStore('alice');
    const content = contentOf(disk);
    content.delete('catalog.jsonl');
    content.set('users/ghost/catalog.jsonl', new Uint8Array(0));
    const snapshot = await read(createFaultyBackend({}, content));
    expect(snapshot.users.map(({ profile }) => profile?.userId)).toEqual(['alice']);
  });

  it('does not take in, when it is damaged, a deleted user whose files are still there', async () => {
    const disk = await createStore('alice', 'Bob');
    const { api } = await openTestEngine(disk);
    disk.failOnce('remove');
    await api.deleteUser('Bob', true);
    const catalog = disk.bytesOf('catalog.jsonl') ?? new Uint8Array(0);
    catalog[20] = 0x7e;
    const damaged = diskWith(disk, 'catalog.jsonl', catalog);
    expect(damaged.paths).toContain('users/=42ob/catalog.jsonl');
    const { users } = await read(damaged);
    expect(users.map(({ profile }) => profile?.userId)).toEqual(['alice']);
  });

  it('gets back from their folder a user whose record is damaged', async () => {
    const disk = await createStore('alice', 'Bob');
    const expected = await read(disk.disk('flushed'));
    const catalog = disk.bytesOf('catalog.jsonl') ?? new Uint8Array(0);
    for (const [position, name] of [
      [20, 'the first'],
      [catalog.length - 30, 'the last'],
    ] as const) {
      const damaged = catalog.slice();
      damaged[position] = 0x7e;
      const survivor = diskWith(disk, 'catalog.jsonl', damaged);
      const { users } = await read(survivor);
      expect(users, name).toHaveLength(2);
      expect(users, name).toEqual(expect.arrayContaining([...expected.users]));
      expect((await read(survivor.disk('flushed'))).users, name).toHaveLength(2);
    }
  });
});

describe('an opening that fails', () => {
  it.each([
    ['the catalog of a user', 'users/alice/catalog.jsonl'],
    ['a session that has to be counted', 'users/alice/sessions/s1/messages.jsonl'],
  ])('to read %s is tried again by the next call', async (_, path) => {
    const disk = createFaultyBackend();
    const { api } = await openTestEngine(disk);
    await api.createUser('alice', {});
    await api.createSession('alice', { sessionId: 's1', title: 'title' });
    await api.addMessage('alice', 's1', { messageId: 'm1', role: 'user', content: 'hello world' });

    const survivor = disk.disk('flushed');
    const { api: later } = await openTestEngine(survivor);
    survivor.failOnce('open', { path });
    await expect(later.getSession('alice', 's1')).rejects.toMatchObject({ code: 'io' });
    expect(await later.getSession('alice', 's1')).toMatchObject({ messageCount: 1 });
    const hits = await later.searchMessages('alice', { query: 'world', minRelevanceScore: 0 });
    expect(hits.map(({ id }) => id)).toEqual(['m1']);
  });
});
