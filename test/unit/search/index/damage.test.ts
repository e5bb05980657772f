import { describe, expect, it } from 'vitest';
import { createFaultyBackend, type FaultyBackend } from '../../../support/faulty-backend.ts';
import { createTestEmbedder } from '../../../support/test-embedder.ts';
import { putDocument, type SearchStore } from '../search-store.ts';
import {
  expectFound,
  expectSimilar,
  indexFiles,
  openWithVectors,
  say,
  similarTo,
} from './index-support.ts';

/** An index of several segments, with vectors, edits and deletions. */
async function createIndexed(): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const search = await openWithVectors(disk);
  await search.createUser('alice', {});
  await search.createSession('alice', { sessionId: 's', title: 'x' });
  const document = { documentId: 'd', sessionId: 's', mimeType: 'text/plain' };
  await putDocument(search, document, ['bread', 'salt']);
  for (const word of ['bread', 'salt']) {
    const ids = ['a', 'b', 'c', 'd'].map((id) => `${word}-${id}`);
    await search.addMessages('alice', 's', [
      ...ids.map((id) => say(id, word)),
      say(`${word}-e`, 'oven'),
    ]);
    await search.searcher.whenIdle();
  }
  await search.deleteMessage('alice', 's', 'salt-a');
  await search.updateMessage('alice', 's', 'bread-a', { content: 'yeast' });
  await search.close();
  return disk.disk('flushed');
}

/** The same disk with one file changed; without it, when there is nothing to replace it by. */
function withFile(disk: FaultyBackend, path: string, bytes: Uint8Array | undefined): FaultyBackend {
  const content = new Map(
    disk.paths.map((each) => [each, disk.bytesOf(each) ?? new Uint8Array(0)] as const),
  );
  if (bytes === undefined) content.delete(path);
  else content.set(path, bytes);
  return createFaultyBackend({}, content);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.with(at, (bytes[at] ?? 0) ^ 0x10);
}

const DAMAGES: Record<string, (bytes: Uint8Array) => Uint8Array | undefined> = {
  'its first byte flipped': (bytes) => flipped(bytes, 0),
  'a byte flipped in its first quarter': (bytes) => flipped(bytes, bytes.length >> 2),
  'a byte flipped in its middle': (bytes) => flipped(bytes, bytes.length >> 1),
  'a byte flipped near its end': (bytes) => flipped(bytes, bytes.length - 30),
  'its last byte flipped': (bytes) => flipped(bytes, bytes.length - 1),
  'its end cut off': (bytes) => bytes.slice(0, -1),
  'half of it cut off': (bytes) => bytes.slice(0, bytes.length >> 1),
  'nothing left': () => new Uint8Array(0),
  'it removed': () => undefined,
  'something behind it': (bytes) => Uint8Array.of(...bytes, ...bytes.subarray(0, 50)),
};

/** What is wrong with vectors is found by who reads them, and made good behind that. */
async function expectSimilarAgain(search: SearchStore): Promise<void> {
  await search.searcher.whenIdle();
  await similarTo(search, 'bread');
  await expectSimilar(search);
}

async function expectUnharmed(disk: FaultyBackend, hasVectors: boolean): Promise<void> {
  const messages = disk.bytesOf('users/alice/sessions/s/messages.jsonl');
  const search = await openWithVectors(disk);
  await expectFound(search);
  if (hasVectors) await expectSimilarAgain(search);
  await expectFound(search);
  expect(search.store.damage.count).toBe(0);
  await search.close();
  expect(disk.bytesOf('users/alice/sessions/s/messages.jsonl')).toEqual(messages);
}

describe('a damaged index', { timeout: 60_000 }, () => {
  it('is there in files of each kind', async () => {
    const names = indexFiles(await createIndexed()).map((path) => path.replace(/^.*\//, ''));
    expect(names.filter((name) => name.endsWith('.segment')).length).toBeGreaterThan(2);
    expect(names.filter((name) => name.endsWith('.vectors')).length).toBeGreaterThan(2);
    expect(names.filter((name) => name.startsWith('manifest-'))).toHaveLength(1);
  });

  it.each(Object.entries(DAMAGES))(
    'finds what it should with any file and %s',
    async (_, damage) => {
      const disk = await createIndexed();
      for (const path of indexFiles(disk)) {
        const bytes = disk.bytesOf(path) ?? new Uint8Array(0);
        await expectUnharmed(withFile(disk, path, damage(bytes)), true);
      }
    },
  );

  it('finds what it should with any file in the place of another', async () => {
    const disk = await createIndexed();
    const paths = indexFiles(disk);
    for (const [index, path] of paths.entries()) {
      const other = paths[(index + 2) % paths.length] ?? '';
      const [kind, otherKind] = [path, other].map((each) => each.replace(/^.*\./, ''));
      // Vectors of one model and another segment are not told apart, only found to be those of others.
      const hasVectors = kind !== 'vectors' || otherKind !== 'vectors';
      await expectUnharmed(withFile(disk, path, disk.bytesOf(other)), hasVectors);
    }
  });

  it('is made anew when nobody searches', async () => {
    const disk = await createIndexed();
    const path = indexFiles(disk).find((each) => each.endsWith('.segment')) ?? '';
    const search = await openWithVectors(withFile(disk, path, new Uint8Array(0)));
    await search.getUserProfile('alice');
    await search.searcher.whenIdle();
    expect(search.indexer.status()).toMatchObject({ entries: 11, pendingSessions: 0 });
    await expectSimilar(search);
    await search.close();
  });

  it('is made anew when a merge meets the damage first', async () => {
    const disk = await createIndexed();
    let search = await openWithVectors(disk);
    const before = indexFiles(disk);
    const words = Array.from({ length: 3_000 }, (_, number) => `word${number}`);
    await search.addMessage('alice', 's', say('long', words.join(' ')));
    await search.searcher.whenIdle();
    await search.close();
    const path = indexFiles(disk).find(
      (each) => each.endsWith('.segment') && !before.includes(each),
    );
    const bytes = disk.bytesOf(path ?? '') ?? new Uint8Array(0);
    // In the postings of the first terms, which no opening reads.
    const damaged = withFile(disk, path ?? '', flipped(bytes, 0));
    search = await openWithVectors(damaged);
    await search.getUserProfile('alice');
    await search.searcher.whenIdle();
    await search.searcher.optimize('alice');
    await expectFound(search);
    await expectSimilar(search);
    await search.close();
  });

  it('is made anew while it is open', async () => {
    const disk = await createIndexed();
    const search = await openWithVectors(disk, createTestEmbedder());
    await expectFound(search);
    for (const path of indexFiles(disk)) {
      await search.store.files.remove(path);
      await expectFound(search);
      await expectSimilarAgain(search);
    }
    await search.close();
  });
});
