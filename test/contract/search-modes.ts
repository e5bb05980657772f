import { FFValidationError, type FFSearchResultDTO, type SearchOptions } from 'flatfile-chat';
import { beforeAll, describe, expect, it } from 'vitest';
import { storeText } from './document-support.ts';
import { expectScores, PARAPHRASES, searchInEachMode } from './search-support.ts';
import { shareStore, type Subject } from './subject.ts';
import { contentsOf, expectError, say, untyped } from './support.ts';

const [FLIGHT, PUPPY, RENT] = PARAPHRASES;

/** Holds a word of the document's as well. */
const BATTER = 'Stir flour, butter, sugar, milk, eggs and two spoons of oil slowly';

/** What the contract says of searching by words, by meaning and by both. */
export function searchModesContract(subject: Subject): void {
  describe('search', () => {
    const store = shareStore(subject);
    let otherId: string;
    let documentId: string;

    beforeAll(async () => {
      const { storage, sessionId } = store.current();
      otherId = await storage.createSession('alice');
      await storage.addMessages('alice', sessionId, [
        say(FLIGHT.content, { messageId: 'flight', timestamp: '2024-01-01T00:00:00.000Z' }),
        say(BATTER, { messageId: 'batter', timestamp: '2024-02-01T00:00:00.000Z' }),
      ]);
      await storage.addMessages('alice', otherId, [
        say(PUPPY.content, {
          messageId: 'puppy',
          role: 'assistant',
          name: 'Ada',
          timestamp: '2024-03-01T00:00:00.000Z',
        }),
      ]);
      documentId = await storage.storeDocument(
        'alice',
        otherId,
        { originalName: 'city.txt', uploadedAt: '2024-04-01T00:00:00.000Z' },
        `${RENT.content}, and slowly goes up.`,
      );
      await storage.whenIdle();
    });

    const search = (query: string, options?: SearchOptions) =>
      store.current().storage.search('alice', query, options);
    const idsOf = (hits: readonly FFSearchResultDTO[]) => hits.map(({ id }) => id).sort();

    it('finds by words in text mode, and by them alone', async () => {
      const hits = await search('slowly', { mode: 'text' });
      expect(idsOf(hits)).toStrictEqual([documentId, 'batter'].sort());
      expectScores(hits);
      for (const hit of hits) {
        expect(hit).not.toHaveProperty('similarityScore');
        expect(hit.highlights?.join()).toContain('<mark>slowly</mark>');
      }
      for (const { query } of PARAPHRASES) {
        expect(await search(query, { mode: 'text' })).toStrictEqual([]);
      }
      expect(idsOf(await search('ada', { mode: 'text' }))).toStrictEqual(['puppy']);
    });

    it('finds by meaning in vector mode, in messages and documents', async () => {
      for (const { content, query } of PARAPHRASES) {
        const [best, ...others] = await search(query, { mode: 'vector' });
        expect(best?.content).toContain(content);
        expect(best?.similarityScore).toBeGreaterThan(0.5);
        for (const hit of others) {
          expect(hit.similarityScore).toBeLessThan(best?.similarityScore ?? 0);
        }
        expectScores([...(best === undefined ? [] : [best]), ...others]);
      }
    });

    it('finds both what holds the words and what only means the same in hybrid mode', async () => {
      const query = `${PUPPY.query}, slowly`;
      const hits = await search(query);
      expect(hits).toStrictEqual(await search(query, { mode: 'hybrid' }));
      expectScores(hits);
      expect(idsOf(hits)).toStrictEqual([documentId, 'batter', 'puppy'].sort());
      const [puppy, batter] = ['puppy', 'batter'].map((id) => hits.find((hit) => hit.id === id));
      // One of them has none of the words, the other next to none of the meaning.
      expect(idsOf(await search(query, { mode: 'text' }))).not.toContain('puppy');
      expect(puppy?.similarityScore).toBeGreaterThan(0.5);
      expect(batter?.similarityScore).toBeLessThan(0.4);
    });

    it('puts first what holds the words and means the same', async () => {
      const [best] = await search(`${FLIGHT.query} flight cancelled`);
      expect(best).toMatchObject({ id: 'flight', relevanceScore: 1, type: 'message' });
    });

    it('gives messages and chunks of documents with all that belongs to them', async () => {
      const { sessionId } = store.current();
      const [message] = await search(PUPPY.content, { limit: 1 });
      expect(message).toStrictEqual({
        id: 'puppy',
        type: 'message',
        content: PUPPY.content,
        userId: 'alice',
        sessionId: otherId,
        relevanceScore: 1,
        similarityScore: expect.any(Number),
        highlights: [expect.stringContaining('<mark>puppy</mark>')],
        role: 'assistant',
        name: 'Ada',
        timestamp: '2024-03-01T00:00:00.000Z',
      });
      const [chunk] = await search(RENT.content, { limit: 1 });
      const content = `${RENT.content}, and slowly goes up.`;
      expect(chunk).toStrictEqual({
        id: documentId,
        type: 'document',
        content,
        userId: 'alice',
        sessionId: otherId,
        relevanceScore: 1,
        similarityScore: expect.any(Number),
        highlights: [expect.stringContaining('<mark>expensive</mark>')],
        filename: 'city.txt',
        mimeType: 'text/plain',
        chunk: { index: 0, start: 0, end: content.length },
      });
      expect((await search(FLIGHT.content, { limit: 1 }))[0]).toMatchObject({ sessionId });
    });

    // Each finds everything there is in at least one mode.
    const BROAD = `${FLIGHT.content}. ${BATTER}. ${PUPPY.content}. ${RENT.content}.`;

    it.each<readonly [what: string, SearchOptions, string[]]>([
      ['all there is', {}, ['city', 'flight', 'batter', 'puppy']],
      ['messages', { types: ['message'] }, ['flight', 'batter', 'puppy']],
      ['documents', { types: ['document'] }, ['city']],
      ['both types', { types: ['document', 'message'] }, ['city', 'flight', 'batter', 'puppy']],
      ['no type', { types: [] }, []],
      ['a role, which documents have not', { roles: ['user'] }, ['flight', 'batter']],
      ['another role', { roles: ['assistant', 'tool'] }, ['puppy']],
      ['no role', { roles: [] }, []],
      ['a role of documents', { roles: ['user'], types: ['document'] }, []],
      ['a time and later', { after: '2024-03-01T00:00:00.000Z' }, ['city', 'puppy']],
      ['after a time', { after: '2024-03-01T00:00:00.001Z' }, ['city']],
      ['before a time', { before: '2024-03-01T00:00:00.000Z' }, ['flight', 'batter']],
      ['before another', { before: '2024-03-01T00:00:00.001Z' }, ['flight', 'batter', 'puppy']],
      [
        'between two times, in another zone',
        { after: '2024-02-01T01:00:00+01:00', before: '2024-03-31T23:00:00-01:00' },
        ['batter', 'puppy'],
      ],
      ['no time', { after: '2024-03-01T00:00:00Z', before: '2024-03-01T00:00:00Z' }, []],
      ['no session', { sessionIds: [] }, []],
      ['a session that is not there', { sessionIds: ['none'] }, []],
      ['nothing', { limit: 0 }, []],
    ])('looks at %s', async (_, options, expected) => {
      const { storage } = store.current();
      const found = await searchInEachMode(storage, BROAD, options);
      const everything: Record<string, string> = {
        flight: FLIGHT.content,
        batter: BATTER,
        puppy: PUPPY.content,
        city: `${RENT.content}, and slowly goes up.`,
      };
      const contents = expected.map((name) => everything[name] ?? name).sort();
      for (const mode of ['text', 'vector', 'hybrid'] as const) {
        expect(found[mode].sort(), mode).toStrictEqual(contents);
      }
    });

    it('looks into the given sessions', async () => {
      const { storage, sessionId } = store.current();
      const contents = [FLIGHT.content, BATTER].sort();
      for (const sessionIds of [[sessionId], [sessionId, 'none']]) {
        const found = await searchInEachMode(storage, BROAD, { sessionIds });
        expect(found.text.sort()).toStrictEqual(contents);
        expect(found.vector.sort()).toStrictEqual(contents);
        expect(found.hybrid.sort()).toStrictEqual(contents);
      }
      const both = await search(BROAD, { sessionIds: [sessionId, otherId] });
      expect(idsOf(both)).toStrictEqual([documentId, 'flight', 'batter', 'puppy'].sort());
    });

    it('gives twenty hits where no limit is named, the best ones', async () => {
      const { storage } = store.current();
      const sessionId = await storage.createSession('alice');
      const sessionIds = [sessionId];
      const messages = Array.from({ length: 25 }, (_, index) => say(`grapefruit ${index}`));
      await storage.addMessages('alice', sessionId, messages);
      await storage.whenIdle();
      for (const mode of ['text', 'vector', 'hybrid'] as const) {
        const all = await search('grapefruit', { mode, sessionIds, limit: 1_000 });
        expect(all).toHaveLength(25);
        const some = await search('grapefruit', { mode, sessionIds });
        expect(some).toStrictEqual(all.slice(0, 20));
      }
      await storage.deleteSession('alice', sessionId);
    });

    it('never finds what belongs to somebody else', async () => {
      const { storage } = store.current();
      await storage.createUser('bob');
      const bobs = await storage.createSession('bob');
      await storage.addMessage('bob', bobs, say('The xylophone of Bob'));
      await storage.storeDocument('bob', bobs, { filename: 'b.txt' }, 'Another xylophone');
      await storage.whenIdle();
      for (const contents of Object.values(await searchInEachMode(storage, 'xylophone of Bob'))) {
        expect(contents.join()).not.toContain('xylophone');
      }
      expect(await search('xylophone', { sessionIds: [bobs] })).toStrictEqual([]);
      expect(await storage.search('bob', 'xylophone')).toHaveLength(2);
      expect(await storage.search('nobody', 'xylophone')).toStrictEqual([]);
    });

    it('forgets what is edited or deleted, in each mode', async () => {
      const { storage } = store.current();
      const sessionId = await storage.createSession('alice');
      const sessionIds = [sessionId];
      const messages = ['a', 'b'].map((messageId) => say('marmalade', { messageId }));
      await storage.addMessages('alice', sessionId, messages);
      const document = await storeText(storage, sessionId, 'a.txt', 'marmalade');
      const count = async () => {
        await storage.whenIdle();
        const found = await searchInEachMode(storage, 'marmalade', { sessionIds });
        return Object.values(found).map(
          (contents) => contents.filter((content) => content === 'marmalade').length,
        );
      };
      expect(await count()).toStrictEqual([3, 3, 3]);
      await storage.updateMessage('alice', sessionId, 'a', { content: 'gone' });
      expect(await count()).toStrictEqual([2, 2, 2]);
      await storage.deleteMessage('alice', sessionId, 'b');
      expect(await count()).toStrictEqual([1, 1, 1]);
      await storage.deleteDocument('alice', sessionId, document);
      expect(await count()).toStrictEqual([0, 0, 0]);
    });

    it('finds by words what was just written, in each mode that knows words', async () => {
      const { storage, sessionId } = store.current();
      const content = 'a quokka, which is only just here';
      await storage.addMessage('alice', sessionId, say(content, { messageId: 'quokka' }));
      for (const mode of ['text', 'hybrid'] as const) {
        expect(contentsOf(await search('quokka', { mode }))).toContain(content);
      }
      await storage.deleteMessage('alice', sessionId, 'quokka');
    });

    it.each<readonly [field: string, query: unknown, options: unknown]>([
      ['query', '', {}],
      ['query', ' \n', {}],
      ['query', null, {}],
      ['mode', 'x', { mode: 'fuzzy' }],
      ['types', 'x', { types: 'message' }],
      ['types[1]', 'x', { types: ['message', 'persona'] }],
      ['roles', 'x', { roles: 'user' }],
      ['roles[0]', 'x', { roles: ['robot'] }],
      ['sessionIds', 'x', { sessionIds: 's' }],
      ['sessionIds[0]', 'x', { sessionIds: [''] }],
      ['after', 'x', { after: 'yesterday' }],
      ['before', 'x', { before: 1_700_000_000_000 }],
      ['limit', 'x', { limit: -1 }],
      ['limit', 'x', { limit: 0.5 }],
      ['similarityThreshold', 'x', { similarityThreshold: 0.5 }],
      ['options', 'x', null],
    ])('refuses what is wrong, naming %s: %j %j', async (field, query, options) => {
      await expectError(search(untyped(query), untyped(options)), {
        type: FFValidationError,
        code: 'validation',
        field,
      });
    });
  });
}
