import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, say } from './support.ts';

/** What the contract says of which messages a text search gives, and in which order. */
export function searchContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('searchMessages', () => {
    it('gives what was stored of a message that holds a word of the query', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, {
        messageId: 'm',
        role: 'assistant',
        content: 'The refund was sent on Monday.',
        name: 'Ada',
        timestamp: '2024-05-01T12:00:00.000Z',
        metadata: { urgent: true },
      });
      await storage.addMessage('alice', sessionId, say('Something else entirely.'));
      expect(await storage.searchMessages('alice', 'refund')).toStrictEqual([
        {
          id: 'm',
          type: 'message',
          content: 'The refund was sent on Monday.',
          userId: 'alice',
          sessionId,
          relevanceScore: 1,
          highlights: ['The <mark>refund</mark> was sent on Monday.'],
          metadata: { urgent: true },
          role: 'assistant',
          name: 'Ada',
          timestamp: '2024-05-01T12:00:00.000Z',
        },
      ]);
    });

    it.each([
      ['in another case', 'REFUND'],
      ['without its accents', 'cafe'],
      ['by another form of it', 'refunds'],
      ['by its beginning', 'Mond'],
      ['beside words that are nowhere', 'xylophone refund zeppelin'],
      ['between punctuation', '«refund»?!'],
      ['that is a number', '4471'],
    ])('finds a word %s', async (_, query) => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['The refund 4471 reached the Café on Monday', 'no match']);
      const hits = await storage.searchMessages('alice', query);
      expect(contentsOf(hits)).toStrictEqual(['The refund 4471 reached the Café on Monday']);
    });

    it('finds words of scripts that put no spaces between them', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['昨日は東京に行きました', '大阪です', 'Привет, мир']);
      expect(contentsOf(await storage.searchMessages('alice', '東京'))).toStrictEqual([
        '昨日は東京に行きました',
      ]);
      expect(contentsOf(await storage.searchMessages('alice', 'мир'))).toStrictEqual([
        'Привет, мир',
      ]);
    });

    it('finds messages by their sender’s name', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('Good morning', { name: 'Bartholomew' }));
      await storage.addMessage('alice', sessionId, say('Good evening', { name: 'Cleo' }));
      const hits = await storage.searchMessages('alice', 'bartholomew');
      expect(contentsOf(hits)).toStrictEqual(['Good morning']);
    });

    it('gives nothing that holds no word of the query', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage(
        'alice',
        sessionId,
        say('apples', { metadata: { secret: 'pears' } }),
      );
      expect(await storage.searchMessages('alice', 'pears')).toStrictEqual([]);
      expect(await storage.searchMessages('alice', 'assistant')).toStrictEqual([]);
      expect(await storage.searchMessages('alice', sessionId)).toStrictEqual([]);
    });

    it('puts the best hit first and scales scores to it', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, [
        'a long remark about nothing in particular that mentions a pump once, in passing, and goes on',
        'bicycle pump and bicycle bell',
        'where is the bicycle pump?',
        'the weather',
        'a bell',
      ]);
      const hits = await storage.searchMessages('alice', 'bicycle pump');
      expect(hits).toHaveLength(3);
      const scores = hits.map(({ relevanceScore }) => relevanceScore);
      expect(scores[0]).toBe(1);
      expect(scores).toStrictEqual(scores.toSorted((a, b) => b - a));
      for (const score of scores) expect(score).toBeGreaterThan(0);
      // It holds one of the two words, the others hold both.
      expect(hits.at(-1)?.content).toContain('long remark');
    });

    it('leaves out what scores less than minRelevanceScore', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, [
        'bicycle pump',
        'pump',
        'the pump in the cellar of the house',
      ]);
      const all = await storage.searchMessages('alice', 'bicycle pump');
      expect(all).toHaveLength(3);
      const threshold = all[1]?.relevanceScore ?? 0;
      const found = (minRelevanceScore: number) =>
        storage.searchMessages('alice', 'bicycle pump', { minRelevanceScore });
      expect(await found(0)).toStrictEqual(all);
      expect(await found(threshold)).toStrictEqual(
        all.filter(({ relevanceScore }) => relevanceScore >= threshold),
      );
      expect(await found(1)).toStrictEqual(all.slice(0, 1));
    });

    it('gives at most the limit, the best ones, 100 by default', async () => {
      const { storage, sessionId } = await store.withSession();
      const contents = Array.from({ length: 130 }, (_, index) => `common ${index}`);
      await addAll(storage, sessionId, contents);
      const search = (limit?: number) => storage.searchMessages('alice', 'common 7', { limit });
      const all = await search(1_000);
      expect(all).toHaveLength(130);
      expect(await search()).toHaveLength(100);
      expect(await search(1)).toStrictEqual(all.slice(0, 1));
      expect(all[0]?.content).toBe('common 7');
      expect(await search(0)).toStrictEqual([]);
    });

    it('looks into the given sessions only', async () => {
      const { storage, sessionId } = await store.withSession();
      const secondId = await storage.createSession('alice');
      const thirdId = await storage.createSession('alice');
      for (const id of [sessionId, secondId, thirdId]) {
        await storage.addMessage('alice', id, say('common word'));
      }
      const found = async (sessionIds: string[]) =>
        (await storage.searchMessages('alice', 'common', { sessionIds }))
          .map((hit) => hit.sessionId)
          .sort();
      expect(await found([secondId])).toStrictEqual([secondId]);
      expect(await found([secondId, thirdId])).toStrictEqual([secondId, thirdId].sort());
      expect(await found(['none'])).toStrictEqual([]);
      expect(await found(['none', sessionId])).toStrictEqual([sessionId]);
      expect(await found([])).toStrictEqual([]);
    });

    it('never finds what belongs to somebody else', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('the secret word', { name: 'Alice' }));
      await storage.createUser('bob');
      const bobsId = await storage.createSession('bob');
      await storage.addMessage('bob', bobsId, say('another secret'));
      const sessionIds = [sessionId, bobsId];
      for (const options of [{}, { sessionIds }, { sessionIds: [sessionId] }]) {
        for (const { userId, content } of await storage.searchMessages('bob', 'secret', options)) {
          expect([userId, content]).toStrictEqual(['bob', 'another secret']);
        }
      }
      expect(await storage.searchMessages('bob', 'secret')).toHaveLength(1);
      expect(
        await storage.searchMessages('bob', 'secret', { sessionIds: [sessionId] }),
      ).toStrictEqual([]);
      expect(await storage.searchMessages('nobody', 'secret')).toStrictEqual([]);
    });
  });

  describe('searchMessages after a write', () => {
    it('finds a message once it was added', async () => {
      const { storage, sessionId } = await store.withSession();
      expect(await storage.searchMessages('alice', 'early')).toStrictEqual([]);
      for (const word of ['early', 'later', 'latest']) {
        await storage.addMessage('alice', sessionId, say(word));
        expect(await storage.searchMessages('alice', word)).toHaveLength(1);
      }
    });

    it('finds the new text of an edited message, and the old one no more', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('teh cat', { messageId: 'm' }));
      expect(await storage.searchMessages('alice', 'teh')).toHaveLength(1);
      await storage.updateMessage('alice', sessionId, 'm', { content: 'the cat' });
      expect(await storage.searchMessages('alice', 'teh')).toStrictEqual([]);
      expect(contentsOf(await storage.searchMessages('alice', 'cat'))).toStrictEqual(['the cat']);
    });

    it('gives the metadata as it is now', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('cat', { messageId: 'm' }));
      await storage.updateMessage('alice', sessionId, 'm', { metadata: { liked: true } });
      const [hit] = await storage.searchMessages('alice', 'cat');
      expect(hit?.metadata).toStrictEqual({ liked: true });
    });

    it('gives the next best in the place of what was deleted', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      const distant = `a remark that mentions the cat ${'in passing and goes on '.repeat(20)}`;
      await storage.addMessage('alice', sessionId, say(distant));
      await addAll(storage, sessionId, ['cat cat']);
      await storage.addMessages('alice', otherId, [say('cat'), say('the cat')]);
      const best = () => storage.searchMessages('alice', 'cat', { limit: 1 });
      expect(contentsOf(await best())).not.toContain(distant);
      await storage.deleteSession('alice', otherId);
      await storage.deleteMessage('alice', sessionId, 'cat cat');
      expect(await best()).toMatchObject([{ content: distant, relevanceScore: 1 }]);
    });

    it('finds no message that was deleted, nor one of a deleted session', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      await addAll(storage, sessionId, ['cat one', 'cat two']);
      await storage.addMessage('alice', otherId, say('cat three'));
      expect(await storage.searchMessages('alice', 'cat')).toHaveLength(3);
      await storage.deleteMessage('alice', sessionId, 'cat one');
      await storage.deleteSession('alice', otherId);
      expect(contentsOf(await storage.searchMessages('alice', 'cat'))).toStrictEqual(['cat two']);
    });
  });
}
