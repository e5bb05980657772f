import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentTextFile } from '../../../worker/store/layout.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { openSearchStore, putDocument, removeDocument, type SearchStore } from './search-store.ts';

const WORDS = ['bread', 'salt', 'oven'];
const TYPES = ['text/plain', 'text/markdown; charset=utf-8', 'application/pdf'];

const sessionId = fc.constantFrom('s0', 's1');
const documentId = fc.constantFrom('d0', 'd1', 'd2', 'd3');

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      sessionId,
      documentId,
      mimeType: fc.constantFrom(...TYPES),
      chunks: fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), documentId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove session' as const), sessionId }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('search' as const), word: fc.constantFrom(...WORDS) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'idle' as const) }) },
);

async function find(
  { searchDocuments }: SearchStore,
  query: string,
  options: { sessionIds?: readonly string[]; documentTypes?: readonly string[] } = {},
): Promise<string[]> {
  const hits = await searchDocuments('alice', { query, limit: 1_000, ...options });
  return hits.map((hit) => `${hit.sessionId}/${hit.id}/${hit.chunk?.index}`).sort();
}

async function openWithSessions(): Promise<SearchStore> {
  const search = await openSearchStore();
  await search.createUser('alice', {});
  for (const id of ['s0', 's1']) await search.createSession('alice', { sessionId: id, title: 'x' });
  return search;
}

describe('searchDocuments', { timeout: 60_000 }, () => {
  it('finds the chunks that hold the word, and only of documents that are there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        let disk = createFaultyBackend();
        let search = await openSearchStore({ disk });
        await search.createUser('alice', {});
        const createSession = (id: string) =>
          search.createSession('alice', { sessionId: id, title: 'x' });
        await createSession('s0');
        await createSession('s1');
        const documents = new Map<
          string,
          { sessionId: string; mimeType: string; chunks: string[] }
        >();
        const expectFound = async (word: string): Promise<void> => {
          const keys = (passes: (document: { sessionId: string; mimeType: string }) => boolean) =>
            [...documents]
              .filter(([, document]) => passes(document))
              .flatMap(([id, { sessionId: session, chunks }]) =>
                chunks.flatMap((chunk, index) =>
                  chunk === word ? [`${session}/${id}/${index}`] : [],
                ),
              )
              .sort();
          expect(await find(search, word)).toEqual(keys(() => true));
          expect(await find(search, word, { sessionIds: ['s1', 'none'] })).toEqual(
            keys((document) => document.sessionId === 's1'),
          );
          expect(await find(search, word, { documentTypes: ['text/*'] })).toEqual(
            keys(({ mimeType }) => mimeType.startsWith('text/')),
          );
          expect(
            await find(search, word, { sessionIds: ['s0'], documentTypes: ['text/markdown'] }),
          ).toEqual(
            keys((document) => document.sessionId === 's0' && document.mimeType === TYPES[1]),
          );
        };
        for (const step of actions) {
          if (step.do === 'put') {
            // A document stays in its session, but its text may be extracted anew.
            const session = documents.get(step.documentId)?.sessionId ?? step.sessionId;
            const document = { ...step, sessionId: session };
            await putDocument(
              search,
              { documentId: step.documentId, sessionId: session, mimeType: step.mimeType },
              step.chunks,
            );
            documents.set(step.documentId, document);
          } else if (step.do === 'remove') {
            await removeDocument(search, step.documentId);
            documents.delete(step.documentId);
          } else if (step.do === 'remove session') {
            await search.deleteSession('alice', step.sessionId);
            await createSession(step.sessionId);
            for (const [id, document] of [...documents]) {
              if (document.sessionId === step.sessionId) documents.delete(id);
            }
          } else if (step.do === 'search') {
            await expectFound(step.word);
          } else if (step.do === 'idle') {
            await search.searcher.whenIdle();
          } else {
            await search.close();
            disk = disk.disk('flushed');
            search = await openSearchStore({ disk });
          }
        }
        for (const word of WORDS) await expectFound(word);
        const chunks = [...documents.values()].flatMap((document) => document.chunks);
        expect(search.indexer.status()).toMatchObject({
          entries: chunks.length,
          pendingSessions: 0,
        });
        await search.close();
      }),
      { numRuns: 50 },
    );
  });

  it('gives the chunk, where it lies, and what is known of its document', async () => {
    const search = await openWithSessions();
    const document = {
      documentId: 'd',
      sessionId: 's0',
      mimeType: 'application/pdf',
      originalName: 'Baking.pdf',
      metadata: { year: 1999 },
    };
    await putDocument(search, document, ['flour & ', 'salt & water', 'yeast']);
    expect(await search.searchDocuments('alice', { query: 'salt', limit: 5 })).toStrictEqual([
      {
        id: 'd',
        type: 'document',
        content: 'salt & water',
        userId: 'alice',
        sessionId: 's0',
        relevanceScore: 1,
        highlights: ['<mark>salt</mark> &amp; water'],
        filename: 'Baking.pdf',
        mimeType: 'application/pdf',
        chunk: { index: 1, start: 8, end: 20 },
        metadata: { year: 1999 },
      },
    ]);
    expect(await find(search, 'Baking')).toEqual([]);
    await search.close();
  });

  it('gives several chunks of a document, the best first, no more than the limit', async () => {
    const search = await openWithSessions();
    const document = { documentId: 'd', sessionId: 's0', mimeType: 'text/plain' };
    await putDocument(search, document, ['salt', 'none', 'salt and pepper', 'pepper']);
    const all = await search.searchDocuments('alice', { query: 'salt pepper', limit: 10 });
    expect(new Set(all.map(({ chunk }) => chunk?.index))).toEqual(new Set([0, 2, 3]));
    expect(all).toHaveLength(3);
    expect(all[0]).toMatchObject({ chunk: { index: 2 }, relevanceScore: 1 });
    const scores = all.map(({ relevanceScore }) => relevanceScore);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores[1]).toBeLessThan(1);
    const [best, ...others] = await search.searchDocuments('alice', {
      query: 'salt pepper',
      limit: 1,
    });
    expect([best, others]).toEqual([all[0], []]);
    expect(await search.searchDocuments('alice', { query: 'salt', limit: 0 })).toEqual([]);
    await search.close();
  });

  it('keeps documents out of searches of messages, and the other way round', async () => {
    const search = await openWithSessions();
    const document = { documentId: 'd', sessionId: 's0', mimeType: 'text/plain' };
    await putDocument(search, document, ['salt']);
    await search.addMessage('alice', 's0', { messageId: 'm', role: 'user', content: 'salt' });
    const query = { query: 'salt', limit: 10, minRelevanceScore: 0 };
    expect(await search.searchMessages('alice', query)).toMatchObject([{ id: 'm' }]);
    expect(await search.searchDocuments('alice', query)).toMatchObject([{ id: 'd' }]);
    await search.close();
  });

  it('waits for texts that are being extracted, of users who exist', async () => {
    const waitedFor: string[] = [];
    let search: SearchStore | undefined = undefined;
    const opened: SearchStore = (search = await openSearchStore({
      beforeDocumentSearch: async (userId) => {
        waitedFor.push(userId);
        const document = { documentId: 'd', sessionId: 's0', mimeType: 'text/plain' };
        if (search !== undefined) await putDocument(search, document, ['salt']);
      },
    }));
    await opened.createUser('alice', {});
    await opened.createSession('alice', { sessionId: 's0', title: 'x' });
    expect(await opened.searchDocuments('nobody', { query: 'salt', limit: 5 })).toEqual([]);
    expect(await opened.searchDocuments('alice', { query: 'salt', limit: 5 })).toHaveLength(1);
    expect(waitedFor).toEqual(['alice']);
    await opened.close();
  });

  it('finds the others when the text of one is missing', async () => {
    const search = await openWithSessions();
    for (const id of ['d0', 'd1']) {
      const document = { documentId: id, sessionId: 's0', mimeType: 'text/plain' };
      await putDocument(search, document, ['salt']);
    }
    await search.store.files.remove(documentTextFile('users/alice', 's0', 'd0'));
    expect(await find(search, 'salt')).toEqual(['s0/d1/0']);
    await search.indexer.rebuild('alice');
    expect(search.indexer.status().entries).toBe(1);
    await search.close();
  });

  it('writes a long text to files while it reads on, and is right after a crash in between', async () => {
    const search = await openWithSessions();
    const document = { documentId: 'd', sessionId: 's0', mimeType: 'text/plain' };
    const chunks = Array.from({ length: 15_000 }, () => 'salt');
    await putDocument(search, document, chunks);
    const crashed = await search.indexer.ask('alice', undefined, async (entries) => {
      const [first] = entries.sets.document.segments;
      expect(first?.documentCount).toBeLessThan(chunks.length);
      expect(entries.size).toBe(chunks.length);
      return search.disk.disk('flushed');
    });
    const next = await openSearchStore(crashed === null ? {} : { disk: crashed });
    expect(await next.indexer.ask('alice', undefined, async ({ size }) => size)).toBe(
      chunks.length,
    );
    await next.close();
    await search.close();
  });
});
