import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactMessages } from '../../../worker/store/compaction.ts';
import { SHARED_SPACE } from '../../../worker/store/layout.ts';
import { foundBy, openSearchStore, putDocument, type SearchStore } from './search-store.ts';

/** So long that a log of some messages is read in several slices. */
const FILLER = 'x'.repeat(3_000);

const say = (messageId: string, word: string) => ({
  messageId,
  role: 'user' as const,
  content: `${word} ${FILLER}`,
});

/** Bytes of all files of the index, as they lie on the disk. */
function indexBytes({ disk }: SearchStore): number {
  return disk.paths
    .filter((path) => path.includes('/search/'))
    .reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);
}

interface Running {
  readonly search: SearchStore;
  /**
   * Has something done before or after a turn of the indexer in a lane: twice the number of the turn,
   * from now on, and one more for what comes after it.
   */
  interruptAt(point: number, task: () => Promise<unknown>): void;
}

async function openWithHook(): Promise<Running> {
  let left = -1;
  let interrupt: () => Promise<unknown> = async () => undefined;
  const search = await openSearchStore();
  const { store } = search;
  const background = store.background.bind(store);
  const pass = async (): Promise<void> => {
    if (left-- === 0) await interrupt();
  };
  store.background = async (spaceId, task) => {
    await pass();
    const result = await background(spaceId, task);
    await pass();
    return result;
  };
  return {
    search,
    interruptAt: (point, task) => {
      left = point;
      interrupt = task;
    },
  };
}

/** Two logs of several slices, with edits and deletions: a session's, and a panel's of alice's. */
async function fill({
  createUser,
  createSession,
  createPersona,
  createPanel,
  addMessage,
  addPanelMessage,
  updateMessage,
  deleteMessage,
}: SearchStore): Promise<void> {
  await createUser('alice', {});
  await createSession('alice', { sessionId: 's', title: 'x' });
  await createPersona({ personaId: 'x', name: 'Ada', ownerId: 'alice' });
  await createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['x'] });
  for (let number = 0; number < 30; number++) {
    await addMessage('alice', 's', say(`m${number}`, 'bread'));
    await addPanelMessage('p', 'x', say(`m${number}`, 'bread'));
  }
  for (let number = 0; number < 30; number += 3) {
    await updateMessage('alice', 's', `m${number}`, { content: `salt ${FILLER}` });
    await deleteMessage('alice', 's', `m${number + 1}`);
  }
}

/** What a search for a word has to find. */
async function expected({ getMessages, getPanelMessages }: SearchStore, word: string) {
  const page = { offset: 0, reverse: false };
  const own = await getMessages('alice', 's', page);
  const said = await getPanelMessages('p', page);
  return [
    ...own.map((message) => ({ ...message, key: `s/${message.messageId}` })),
    ...said.map((message) => ({ ...message, key: `p/${message.messageId}` })),
  ]
    .filter(({ content }) => content.startsWith(word))
    .map(({ key }) => key)
    .sort();
}

/** What changes nothing that can be found. */
const HARMLESS: Record<string, (search: SearchStore) => Promise<unknown>> = {
  'the log is rewritten': ({ store }) => compactMessages(store, 'alice', 's'),
  'a log is said to be rewritten': async ({ indexer }) => {
    indexer.logRewritten('alice', 's');
    indexer.logRewritten(SHARED_SPACE, 'p');
  },
  'the index is made anew': async ({ indexer }) => void indexer.rebuild(),
  'the user is replaced': ({ indexer }) => indexer.spaceLeaving('alice'),
  'the panels are replaced': async ({ indexer }) => indexer.spaceReplaced(SHARED_SPACE),
  'the language changes': async ({ indexer, config }) => {
    config.search.language = 'none';
    indexer.reconfigure();
  },
};

/** What changes what is found. */
const HARMFUL: Record<string, (search: SearchStore) => Promise<unknown>> = {
  'the session is deleted': ({ deleteSession }) => deleteSession('alice', 's'),
  'another session takes its id': async ({ deleteSession, createSession, addMessage }) => {
    await deleteSession('alice', 's');
    await createSession('alice', { sessionId: 's', title: 'x' });
    await addMessage('alice', 's', say('m5', 'salt'));
  },
  'the panel is deleted': ({ deletePanel }) => deletePanel('p'),
  'another panel takes its id': async ({ deletePanel, createPanel, addPanelMessage }) => {
    await deletePanel('p');
    await createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['x'] });
    await addPanelMessage('p', 'x', say('m5', 'salt'));
  },
  'messages change': async ({ addMessage, deleteMessage, updateMessage, addPanelMessage }) => {
    await addMessage('alice', 's', say('new', 'bread'));
    await deleteMessage('alice', 's', 'm0');
    await updateMessage('alice', 's', 'm2', { content: 'salt' });
    await addPanelMessage('p', 'x', say('new', 'salt'));
  },
  'they change, and the log is rewritten': async (search) => {
    await search.deleteMessage('alice', 's', 'm0');
    await search.updateMessage('alice', 's', 'm2', { content: 'salt' });
    await compactMessages(search.store, 'alice', 's');
    await search.deleteMessage('alice', 's', 'm3');
    await compactMessages(search.store, 'alice', 's');
  },
  'the user is deleted': ({ deleteUser }) => deleteUser('alice', true),
};

const ALL = { ...HARMLESS, ...HARMFUL };

describe('an index that is being filled', { timeout: 60_000 }, () => {
  it.each(Object.entries(HARMLESS))('misses nothing when %s', async (_, interrupt) => {
    for (const at of [0, 3, 6, 9, 12]) {
      const { search, interruptAt } = await openWithHook();
      await fill(search);
      let interrupted = false;
      interruptAt(at, async () => {
        interrupted = true;
        await interrupt(search);
      });
      expect(await foundBy(search, 'alice', 'bread')).toEqual(await expected(search, 'bread'));
      expect(interrupted).toBe(true);
      expect(await foundBy(search, 'alice', 'salt')).toEqual(await expected(search, 'salt'));
      await search.close();
    }
  });

  it('finds what panels say when they were replaced by what they were', async () => {
    const { search } = await openWithHook();
    await fill(search);
    await search.searcher.whenIdle();
    search.indexer.spaceReplaced(SHARED_SPACE);
    expect(await foundBy(search, 'alice', 'bread')).toEqual(await expected(search, 'bread'));
    await search.close();
  });

  it('is right in the end, whatever comes in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ name: fc.constantFrom(...Object.keys(ALL)), at: fc.nat(20) }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (interruptions) => {
          const { search, interruptAt } = await openWithHook();
          await fill(search);
          for (const { name, at } of interruptions) {
            interruptAt(at, async () => ALL[name]?.(search).catch(() => undefined));
            await foundBy(search, 'alice', 'bread');
          }
          // What has not come by now must not come between the answers and what they are compared with.
          interruptAt(-1, async () => undefined);
          const words = ['bread', 'salt'];
          const wanted = await Promise.all(words.map((word) => expected(search, word)));
          const isThere = await search.userExists('alice');
          for (const [index, word] of words.entries()) {
            expect(await foundBy(search, 'alice', word)).toEqual(isThere ? wanted[index] : []);
          }
          await search.searcher.whenIdle();
          expect(search.indexer.status()).toMatchObject({
            entries: isThere ? wanted.flat().length : 0,
            pendingSessions: 0,
          });
          await search.close();
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('the indexer', () => {
  it('follows a log that was rewritten since the last search', async () => {
    const { search } = await openWithHook();
    await fill(search);
    await foundBy(search, 'alice', 'bread');
    expect(await compactMessages(search.store, 'alice', 's')).toBe(true);
    await search.addMessage('alice', 's', say('after', 'salt'));
    await search.deleteMessage('alice', 's', 'm2');
    for (const word of ['bread', 'salt']) {
      expect(await foundBy(search, 'alice', word)).toEqual(await expected(search, word));
    }
    expect(await foundBy(search, 'alice', 'salt')).toContain('s/after');
    await search.close();
  });

  it('says how much is indexed, and whether something is missing', async () => {
    const search = await openSearchStore();
    const { indexer, searcher } = search;
    expect(indexer.status()).toEqual({ entries: 0, pendingSessions: 0, segments: 0, bytes: 0 });
    await search.createUser('alice', {});
    await search.createSession('alice', { sessionId: 's', title: 'x' });
    await searcher.whenIdle();
    expect(indexer.status()).toEqual({ entries: 0, pendingSessions: 0, segments: 0, bytes: 0 });
    await search.addMessage('alice', 's', say('m', 'salt'));
    expect(indexer.status()).toMatchObject({ entries: 0, pendingSessions: 1 });
    const idle = searcher.whenIdle();
    expect(indexer.status().pendingSessions).toBeGreaterThan(0);
    await idle;
    expect(indexer.status()).toMatchObject({ entries: 1, pendingSessions: 0, segments: 1 });
    expect(indexer.status().bytes).toBe(indexBytes(search));
    await putDocument(search, { documentId: 'd', sessionId: 's', mimeType: 'text/plain' }, [
      'one',
      'two',
    ]);
    expect(indexer.status()).toMatchObject({ entries: 1, pendingSessions: 1 });
    await searcher.whenIdle();
    expect(indexer.status()).toMatchObject({ entries: 3, pendingSessions: 0, segments: 2 });
    expect(indexer.status().bytes).toBe(indexBytes(search));
    await search.deleteSession('alice', 's');
    await searcher.whenIdle();
    expect(indexer.status()).toMatchObject({ entries: 0, pendingSessions: 0, segments: 0 });
    expect(indexer.status().bytes).toBe(indexBytes(search));
    await search.close();
  });

  it('rebuilds the index of one user, or of all', async () => {
    const search = await openSearchStore();
    for (const userId of ['alice', 'bob']) {
      await search.createUser(userId, {});
      await search.createSession(userId, { sessionId: 's', title: 'x' });
      await search.addMessage(userId, 's', say('m', 'salt'));
    }
    const { indexer } = search;
    await search.searcher.whenIdle();
    const first = indexer.users;
    await indexer.rebuild('alice');
    expect(indexer.users.map((user) => first.includes(user))).toEqual([false, true]);
    const second = indexer.users;
    await indexer.rebuild();
    expect(indexer.users.some((user) => second.includes(user))).toBe(false);
    const third = indexer.users;
    await indexer.rebuild('nobody');
    await indexer.rebuild(SHARED_SPACE);
    expect(indexer.users).toEqual(third);
    expect(indexer.status()).toMatchObject({ entries: 2, pendingSessions: 0 });
    expect(await foundBy(search, 'bob', 'salt')).toEqual(['s/m']);
    await search.close();
  });

  it('stems, or stops stemming, as the configuration says by now', async () => {
    const { search } = await openWithHook();
    await search.createUser('alice', {});
    await search.createSession('alice', { sessionId: 's', title: 'x' });
    await search.addMessage('alice', 's', {
      messageId: 'm',
      role: 'user',
      content: 'It was refunded',
    });
    const query = { query: 'refunding', minRelevanceScore: 0 };
    const { search: config } = search.config;
    for (const [language, highlights] of [
      ['english', ['It was <mark>refunded</mark>']],
      ['none', undefined],
      ['auto', ['It was <mark>refunded</mark>']],
    ] as const) {
      config.language = language;
      search.indexer.reconfigure();
      const hits = await search.searchMessages('alice', query);
      expect(hits.map((hit) => hit.highlights)).toEqual(highlights ? [highlights] : []);
    }
    await search.close();
  });

  it('needs no new index for prefixes and typos', async () => {
    const search = await openSearchStore();
    await search.createUser('alice', {});
    await search.createSession('alice', { sessionId: 's', title: 'x' });
    for (const content of ['waterfall', 'watre']) {
      await search.addMessage('alice', 's', { messageId: content, role: 'user', content });
    }
    const { search: config } = search.config;
    const { users } = search.indexer;
    expect(await foundBy(search, 'alice', 'water')).toEqual(['s/waterfall']);
    config.prefix = false;
    search.indexer.reconfigure();
    expect(await foundBy(search, 'alice', 'water')).toEqual([]);
    config.typoTolerance = 2;
    search.indexer.reconfigure();
    expect(await foundBy(search, 'alice', 'water')).toEqual(['s/watre']);
    expect(search.indexer.users).toEqual(users);
    await search.close();
  });

  it('indexes nothing for the shared space', async () => {
    const { search } = await openWithHook();
    await fill(search);
    expect(await foundBy(search, SHARED_SPACE, 'bread')).toEqual([]);
    expect(await foundBy(search, 'nobody', 'bread')).toEqual([]);
    expect(search.indexer.users.map(({ userId }) => userId)).toEqual(['alice']);
    await search.close();
  });

  it('reads hits in many sessions', async () => {
    const { search } = await openWithHook();
    await search.createUser('alice', {});
    const ids = Array.from({ length: 100 }, (_, index) => `s${index}`);
    for (const sessionId of ids) {
      await search.createSession('alice', { sessionId, title: 'x' });
      await search.addMessage('alice', sessionId, say('m', 'salt'));
    }
    expect(await foundBy(search, 'alice', 'salt')).toEqual(ids.map((id) => `${id}/m`).sort());
    await search.close();
  });
});
