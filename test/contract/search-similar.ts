import { FFValidationError, type SearchSimilarOptions } from 'flatfile-chat';
import { beforeAll, describe, expect, it } from 'vitest';
import { addTalk, expectScores, PARAPHRASES, UNRELATED } from './search-support.ts';
import { shareStore, type Subject } from './subject.ts';
import { contentsOf, expectError, say, untyped } from './support.ts';

/** What the contract says of finding messages by what they mean. */
export function searchSimilarContract(subject: Subject): void {
  describe('searchSimilarMessages', () => {
    const store = shareStore(subject);
    const said = PARAPHRASES.map(({ content }) => content);
    let related: string;
    let unrelated: string;

    beforeAll(async () => {
      const { storage } = store.current();
      related = await addTalk(storage, said);
      unrelated = await addTalk(storage, UNRELATED);
      await storage.whenIdle();
    });

    const find = (query: string, options?: SearchSimilarOptions) =>
      store.current().storage.searchSimilarMessages('alice', query, options);

    it.each(PARAPHRASES)('finds “$content” by “$query”', async ({ content, query }) => {
      const hits = await find(query);
      expect(contentsOf(hits)).toStrictEqual([content]);
      expect(hits[0]).toMatchObject({ sessionId: related, type: 'message', relevanceScore: 1 });
      expect(hits[0]?.similarityScore).toBeGreaterThanOrEqual(0.7);
      expect(hits[0]?.similarityScore).toBeLessThan(1);
      // None of its words is there.
      expect(await store.current().storage.searchMessages('alice', query)).toStrictEqual([]);
    });

    it('finds a text by itself above all', async () => {
      const [hit] = await find(UNRELATED[1]);
      expect(hit).toMatchObject({ content: UNRELATED[1], relevanceScore: 1 });
      expect(hit?.similarityScore).toBeGreaterThan(0.95);
    });

    it('leaves out what is less similar than is asked for', async () => {
      const [{ query }] = PARAPHRASES;
      const all = await find(query, { similarityThreshold: 0 });
      const everything = [...said, ...UNRELATED];
      expect(contentsOf(all).sort()).toStrictEqual(everything.sort());
      expectScores(all);
      const similarities = all.map(({ similarityScore = -1 }) => similarityScore);
      expect(similarities).toStrictEqual(similarities.toSorted((a, b) => b - a));
      for (const similarityThreshold of [0.01, 0.2, 1, ...similarities]) {
        expect(await find(query, { similarityThreshold })).toStrictEqual(
          all.filter(({ similarityScore = -1 }) => similarityScore >= similarityThreshold),
        );
      }
    });

    it('goes by vector.similarityThreshold where none is asked for', async () => {
      const { storage } = store.current();
      const [{ query }] = PARAPHRASES;
      await storage.updateConfiguration({ vector: { similarityThreshold: 0 } });
      expect(await find(query)).toHaveLength(said.length + UNRELATED.length);
      await storage.updateConfiguration({ vector: { similarityThreshold: 1 } });
      expect(await find(query)).toStrictEqual([]);
      await storage.updateConfiguration({ vector: { similarityThreshold: 0.7 } });
    });

    it('gives at most the limit, the best ones', async () => {
      const [{ query, content }] = PARAPHRASES;
      const all = await find(query, { similarityThreshold: 0 });
      expect(await find(query, { similarityThreshold: 0, limit: 2 })).toStrictEqual(
        all.slice(0, 2),
      );
      expect(contentsOf(await find(query, { limit: 1 }))).toStrictEqual([content]);
      expect(await find(query, { limit: 0 })).toStrictEqual([]);
    });

    it('looks into the given sessions only', async () => {
      const [{ query, content }] = PARAPHRASES;
      expect(contentsOf(await find(query, { sessionIds: [related, 'none'] }))).toStrictEqual([
        content,
      ]);
      expect(await find(query, { sessionIds: [unrelated] })).toStrictEqual([]);
      const there = await find(query, { sessionIds: [unrelated], similarityThreshold: 0 });
      expect(contentsOf(there).sort()).toStrictEqual([...UNRELATED].sort());
      expect(await find(query, { sessionIds: [], similarityThreshold: 0 })).toStrictEqual([]);
    });

    it('never finds what belongs to somebody else, nor anything of a user who is not there', async () => {
      const { storage } = store.current();
      await storage.createUser('bob');
      const bobs = await storage.createSession('bob');
      const content = 'Bob will tell nobody of his secret garden';
      await storage.addMessage('bob', bobs, say(content));
      await storage.whenIdle();
      const all = { similarityThreshold: 0 };
      expect(contentsOf(await storage.searchSimilarMessages('bob', content, all))).toStrictEqual([
        content,
      ]);
      expect(contentsOf(await find(content, all))).not.toContain(content);
      const inRelated = { ...all, sessionIds: [related] };
      expect(await storage.searchSimilarMessages('bob', content, inRelated)).toStrictEqual([]);
      expect(await storage.searchSimilarMessages('nobody', content, all)).toStrictEqual([]);
    });

    it('finds what a message means now, not what it meant before', async () => {
      const { storage } = store.current();
      const [before, after] = PARAPHRASES;
      const sessionIds = [await addTalk(storage, [before.content, 'Something else entirely'])];
      const found = async (query: string) => contentsOf(await find(query, { sessionIds }));
      await storage.whenIdle();
      expect(await found(before.query)).toStrictEqual([before.content]);
      const [sessionId = ''] = sessionIds;
      const { content } = after;
      await storage.updateMessage('alice', sessionId, before.content, { content });
      expect(await found(before.query)).toStrictEqual([]);
      await storage.whenIdle();
      expect(await found(before.query)).toStrictEqual([]);
      expect(await found(after.query)).toStrictEqual([content]);
    });

    it('finds no message that was deleted, nor one of a deleted session', async () => {
      const { storage } = store.current();
      const [one, two] = PARAPHRASES;
      const sessionId = await addTalk(storage, [one.content, two.content]);
      const otherId = await addTalk(storage, [one.content]);
      await storage.whenIdle();
      const found = async (query: string) =>
        contentsOf(await find(query, { sessionIds: [sessionId, otherId] }));
      expect(await found(one.query)).toStrictEqual([one.content, one.content]);
      await storage.deleteSession('alice', otherId);
      expect(await found(one.query)).toStrictEqual([one.content]);
      await storage.deleteMessage('alice', sessionId, one.content);
      expect(await found(one.query)).toStrictEqual([]);
      await storage.whenIdle();
      expect(await found(one.query)).toStrictEqual([]);
      expect(await found(two.query)).toStrictEqual([two.content]);
    });

    it('finds by what a sender says', async () => {
      const { storage } = store.current();
      const sessionId = await storage.createSession('alice');
      const message = { role: 'assistant', name: 'Ada', metadata: { tone: 'calm' } } as const;
      const [{ content, query }] = PARAPHRASES;
      await storage.addMessage('alice', sessionId, { ...message, content, messageId: 'm' });
      await storage.whenIdle();
      expect(await find(query, { sessionIds: [sessionId] })).toMatchObject([
        { id: 'm', content, ...message, userId: 'alice', sessionId },
      ]);
    });

    it.each<readonly [field: string, query: unknown, options: unknown]>([
      ['query', '', {}],
      ['query', ' \n', {}],
      ['query', 7, {}],
      ['similarityThreshold', 'x', { similarityThreshold: 1.01 }],
      ['similarityThreshold', 'x', { similarityThreshold: -0.5 }],
      ['similarityThreshold', 'x', { similarityThreshold: '0.5' }],
      ['limit', 'x', { limit: -1 }],
      ['limit', 'x', { limit: 1.5 }],
      ['sessionIds', 'x', { sessionIds: 's' }],
      ['sessionIds[0]', 'x', { sessionIds: ['a/b'] }],
      ['minRelevanceScore', 'x', { minRelevanceScore: 0.5 }],
      ['options', 'x', 'fast'],
    ])('refuses what is wrong, naming %s: %j %j', async (field, query, options) => {
      await expectError(find(untyped(query), untyped(options)), {
        type: FFValidationError,
        code: 'validation',
        field,
      });
    });
  });
}
