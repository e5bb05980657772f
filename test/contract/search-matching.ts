import { beforeAll, describe, expect, it } from 'vitest';
import { addTalk, searchInEachMode } from './search-support.ts';
import { openWithSession, shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, say } from './support.ts';

/** What the contract says of when a word of a query is found. */
export function searchMatchingContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('a phrase in quotation marks', () => {
    const TEXTS = [
      'the quick brown fox',
      'the brown and quick fox',
      'quick foxes that are brown',
      'a fox',
      'a brown or quick, very quick hare',
    ];
    let sessionIds: string[];

    beforeAll(async () => {
      const { storage } = store.current();
      sessionIds = [await addTalk(storage, TEXTS)];
      await storage.whenIdle();
    });

    it.each([
      ['"quick brown"', ['the quick brown fox']],
      ['“quick brown”', ['the quick brown fox']],
      ['fox "quick brown"', ['the quick brown fox']],
      ['"QUICK, brown!"', ['the quick brown fox']],
      ['"brown quick"', []],
      ['"the brown"', ['the brown and quick fox']],
      ['"brown and quick" "fox"', ['the brown and quick fox']],
      ['"quick brown" "a fox"', []],
    ])('%s has to stand in every hit', async (query, expected) => {
      const { storage } = store.current();
      const hits = await storage.searchMessages('alice', query, { sessionIds });
      expect(contentsOf(hits).sort()).toStrictEqual(expected);
      for (const contents of Object.values(
        await searchInEachMode(storage, query, { sessionIds }),
      )) {
        expect(contents.sort()).toStrictEqual(expected);
      }
    });

    it('is marked as a whole', async () => {
      const { storage } = store.current();
      const [hit] = await storage.searchMessages('alice', '"quick hare"', { sessionIds });
      const marked = hit?.highlights?.join().replaceAll('</mark> <mark>', ' ');
      expect(marked).toBe('a brown or quick, very <mark>quick hare</mark>');
    });

    it('that is not closed is none', async () => {
      const { storage } = store.current();
      const hits = await storage.searchMessages('alice', 'hare "brown fox', { sessionIds });
      expect(contentsOf(hits).sort()).toStrictEqual([...TEXTS].sort());
    });

    it('does not reach from a name into a text', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('brown fox', { name: 'Quick' }));
      expect(await storage.searchMessages('alice', '"quick brown"')).toStrictEqual([]);
      expect(await storage.searchMessages('alice', '"brown fox"')).toHaveLength(1);
    });
  });

  describe('a sender’s name', () => {
    it('finds what they said, their own words first', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      await storage.addMessage('alice', sessionId, say('I like trains', { name: 'Zoë' }));
      await storage.addMessage('alice', otherId, say('I like trains', { name: 'Max' }));
      const names = async (query: string) =>
        (await storage.search('alice', query, { mode: 'text' })).map(({ name }) => name);
      expect(await names('zoe')).toStrictEqual(['Zoë']);
      expect(await names('trains of Zoë')).toStrictEqual(['Zoë', 'Max']);
      expect(await names('trains of Max')).toStrictEqual(['Max', 'Zoë']);
    });
  });

  describe('what stands around a message', () => {
    it('lifts it above the same words elsewhere', async () => {
      const { storage } = await store.withSession();
      await storage.whenIdle();
      const alone = await addTalk(storage, ['A lot of noise', 'At noon, I think', 'Good night']);
      const inTalk = await addTalk(storage, ['When does the ferry leave?', 'At noon, I guess']);
      await addTalk(storage, ['Nothing to see', 'At noon, I hope', 'Never mind']);
      const hits = await storage.searchMessages('alice', 'ferry noon', { limit: 2 });
      expect(hits.map(({ sessionId }) => sessionId)).toStrictEqual([inTalk, inTalk]);
      const atNoon = await storage.searchMessages('alice', 'ferry noon');
      expect(atNoon.map(({ sessionId }) => sessionId).indexOf(alone)).toBeGreaterThan(1);
      // It is no hit by itself.
      expect(contentsOf(atNoon)).not.toContain('A lot of noise');
    });
  });

  describe('search.prefix and search.typoTolerance', () => {
    it('count in text and hybrid mode alike, and from the next search on', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        search: { language: 'none', prefix: false },
        vector: { model: 'none' },
      });
      await addAll(storage, sessionId, ['porcupines', 'porcelain', 'pork']);
      const found = async (query: string) => {
        const hits = await storage.search('alice', query);
        const asText = await storage.search('alice', query, { mode: 'text' });
        expect(asText).toStrictEqual(hits);
        return contentsOf(hits).sort();
      };
      expect(await found('porc')).toStrictEqual([]);
      expect(await found('porcupined')).toStrictEqual([]);
      await storage.updateConfiguration({ search: { prefix: true } });
      expect(await found('porc')).toStrictEqual(['porcelain', 'porcupines']);
      expect(await found('porcupined')).toStrictEqual([]);
      await storage.updateConfiguration({ search: { prefix: false, typoTolerance: 1 } });
      expect(await found('porc')).toStrictEqual(['pork']);
      expect(await found('porcupined')).toStrictEqual(['porcupines']);
      expect(await found('porcupned')).toStrictEqual([]);
      await storage.updateConfiguration({ search: { typoTolerance: 2 } });
      expect(await found('porcupned')).toStrictEqual(['porcupines']);
      // What is quoted is meant as it is.
      expect(await found('"porc"')).toStrictEqual([]);
    });
  });

  describe('search.language', () => {
    it('has everything indexed anew, text by text as it is', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        search: { language: 'english', prefix: false },
      });
      await addAll(storage, sessionId, ['die Häuser', 'running late', 'бежали']);
      await storage.whenIdle();
      const found = async (query: string) =>
        contentsOf(await storage.searchMessages('alice', query));
      expect(await found('Haus')).toStrictEqual([]);
      expect(await found('runs')).toStrictEqual(['running late']);
      await storage.updateConfiguration({ search: { language: 'german' } });
      expect(await found('Haus')).toStrictEqual(['die Häuser']);
      expect(await found('runs')).toStrictEqual([]);
      await storage.updateConfiguration({ search: { language: 'auto' } });
      expect(await found('runs')).toStrictEqual(['running late']);
      expect(await found('бежал')).toStrictEqual(['бежали']);
      await storage.whenIdle();
      const { index, embedding } = await storage.getPerformanceMetrics();
      expect(index).toMatchObject({ status: 'ready', entries: 3, segments: 1 });
      expect(embedding).toMatchObject({ status: 'ready', embedded: 3, pending: 0 });
      const hits = await storage.searchSimilarMessages('alice', 'running late');
      expect(contentsOf(hits)).toStrictEqual(['running late']);
    });
  });
}
