import { describe, expect, it } from 'vitest';
import type { EntryIndex } from '../../../../worker/search/index/entry-index.ts';
import { mergeAll } from '../../../../worker/search/index/merge.ts';
import { createFaultyBackend } from '../../../support/faulty-backend.ts';
import { foundBy, openSearchStore, putDocument, type SearchStore } from '../search-store.ts';
import { expectFound, say } from './index-support.ts';

const DOCUMENT = { documentId: 'd', sessionId: 's', mimeType: 'text/plain' };

/** A store in which each of these texts has come into a segment of its own. */
async function openWithSegments(texts: readonly string[], disk = createFaultyBackend()) {
  const search = await openSearchStore({ disk });
  await search.createUser('alice', {});
  await search.createSession('alice', { sessionId: 's', title: 'x' });
  for (const [index, text] of texts.entries()) {
    await search.addMessage('alice', 's', say(`m${index}`, text));
    await search.searcher.whenIdle();
  }
  return search;
}

async function entriesOf({ indexer }: SearchStore): Promise<EntryIndex> {
  const entries = await indexer.ask('alice', undefined, async (opened) => opened);
  if (entries === null) throw new Error('There is no index.');
  return entries;
}

async function merge(search: SearchStore): Promise<void> {
  const [user] = search.indexer.users;
  const signal = user?.stopped ?? new AbortController().signal;
  await mergeAll(await entriesOf(search), { vectors: undefined, signal });
}

/** Holds back the next use of a file. */
function holdUse({ store }: SearchStore, name: string) {
  const { files } = store;
  const use = files.use.bind(files);
  let reach = (): void => undefined;
  let release = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  files.use = async (path, task) => {
    if (path.endsWith(`/${name}`)) {
      files.use = use;
      reach();
      await released;
    }
    return use(path, task);
  };
  return { reached, release };
}

/** The names of the segments of messages, the oldest first. */
async function segmentsOf(search: SearchStore): Promise<string[]> {
  return (await entriesOf(search)).sets.message.segments.map(({ fileName }) => fileName);
}

describe('an index that changes while it is read', () => {
  it('gives nothing that died before what was in memory was written', async () => {
    const search = await openWithSegments(['bread']);
    await search.addMessage('alice', 's', say('edited', 'bread'));
    expect(await foundBy(search, 'alice', 'bread')).toEqual(['s/edited', 's/m0']);
    await search.updateMessage('alice', 's', 'edited', { content: 'salt' });
    expect(await foundBy(search, 'alice', 'salt')).toEqual(['s/edited']);
    const { reached, release } = holdUse(search, (await segmentsOf(search))[0] ?? '');
    const found = foundBy(search, 'alice', 'bread');
    await reached;
    await search.indexer.commit('alice');
    release();
    expect(await found).toEqual(['s/m0']);
    await search.close();
  });

  it('gives everything once when it is merged meanwhile', async () => {
    const search = await openWithSegments(['bread', 'bread', 'salt']);
    const { reached, release } = holdUse(search, (await segmentsOf(search))[1] ?? '');
    const found = foundBy(search, 'alice', 'bread');
    await reached;
    const merging = merge(search);
    await search.deleteMessage('alice', 's', 'm0');
    release();
    await merging;
    expect([['s/m0', 's/m1'], ['s/m1']]).toContainEqual(await found);
    await expectFound(search);
    await search.close();
  });

  it('takes out what a merge has moved while it was looked for', async () => {
    const search = await openWithSegments(['bread', 'bread', 'bread']);
    const names = await segmentsOf(search);
    await search.updateMessage('alice', 's', 'm2', { content: 'salt' });
    const entries = search.indexer.users[0]?.openEntries;
    const { reached, release } = holdUse(search, names[2] ?? '');
    const found = foundBy(search, 'alice', 'salt');
    await reached;
    // The search is waiting for its turn, so the index is asked for directly.
    if (entries === undefined) throw new Error('There is no index.');
    await mergeAll(entries, { vectors: undefined, signal: new AbortController().signal });
    release();
    expect(await found).toEqual(['s/m2']);
    await expectFound(search);
    expect(search.indexer.status().entries).toBe(3);
    await search.close();
  });
});

describe('a merge that commits', () => {
  it('beside a commit says nothing of what that is still writing', async () => {
    const disk = createFaultyBackend();
    const search = await openWithSegments(['bread', 'bread'], disk);
    await search.addMessage('alice', 's', say('new', 'bread'));
    await putDocument(search, DOCUMENT, ['bread']);
    await foundBy(search, 'alice', 'bread');
    // Messages are written first, then chunks.
    const { reached, release } = disk.hold('flush', { path: /search\/\d+\.segment$/, after: 1 });
    const committing = search.indexer.commit('alice');
    await reached;
    const entries = search.indexer.users[0]?.openEntries;
    if (entries === undefined) throw new Error('There is no index.');
    await mergeAll(entries, { vectors: undefined, signal: new AbortController().signal });
    const next = await openSearchStore({ disk: disk.disk('flushed') });
    await expectFound(next);
    await next.close();
    release();
    await committing;
    await expectFound(search);
    await search.close();
  });

  it('says of what was taken out that it is to be indexed again', async () => {
    const disk = createFaultyBackend();
    const search = await openWithSegments(['bread', 'bread'], disk);
    await putDocument(search, DOCUMENT, ['bread', 'salt']);
    await search.searcher.whenIdle();
    // It was read anew, and says what it said before.
    await putDocument(search, DOCUMENT, ['bread', 'salt']);
    await foundBy(search, 'alice', 'bread');
    await merge(search);
    const next = await openSearchStore({ disk: disk.disk('flushed') });
    await expectFound(next);
    await next.close();
    await search.close();
  });
});
