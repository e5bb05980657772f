import { describe, expect, it } from 'vitest';
import { storeText } from './document-support.ts';
import { openWithSession, shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf } from './support.ts';

/** What the contract says of searching documents. */
export function searchingDocumentsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('searchDocuments', () => {
    it('gives the passage that holds a word, as soon as the document is stored', async () => {
      const { storage, sessionId } = await store.withSession();
      const input = { originalName: 'Zoo.txt', filename: '1.dat', metadata: { floor: 2 } };
      const text = 'The porcupine <sleeps>.';
      const content = new Blob([text], { type: 'text/plain' });
      const id = await storage.storeDocument('alice', sessionId, input, content);
      expect(await storage.searchDocuments('alice', 'PORCUPINES')).toStrictEqual([
        {
          id,
          type: 'document',
          content: text,
          userId: 'alice',
          sessionId,
          relevanceScore: 1,
          highlights: ['The <mark>porcupine</mark> &lt;sleeps&gt;.'],
          filename: 'Zoo.txt',
          mimeType: 'text/plain',
          chunk: { index: 0, start: 0, end: text.length },
          metadata: { floor: 2 },
        },
      ]);
    });

    it('gives passages that lie where they say, and that cover the text', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        document: { chunkSize: 120, chunkOverlap: 30 },
      });
      const sentences = Array.from({ length: 60 }, (_, index) => `Fox ${index} 🦊 jumps höher.`);
      const text = sentences.join(' ');
      await storeText(storage, sessionId, 'a.txt', text);
      const hits = await storage.searchDocuments('alice', 'fox', { limit: 1_000 });
      const covered = new Set<number>();
      for (const { content, chunk, highlights } of hits) {
        const { start = 0, end = 0 } = chunk ?? {};
        expect(content).toBe(text.slice(start, end));
        expect(content.length).toBeLessThanOrEqual(120);
        expect(highlights?.join()).toContain('<mark>Fox</mark>');
        for (let at = start; at < end; at++) covered.add(at);
      }
      const missing = Array.from(text, (_, at) => at).filter((at) => !covered.has(at));
      expect(
        missing
          .map((at) => text.charAt(at))
          .join('')
          .trim(),
      ).toBe('');
      const indexes = hits.map(({ chunk }) => chunk?.index ?? -1).sort((a, b) => a - b);
      expect(indexes).toStrictEqual(hits.map((_, index) => index));
      expect(hits.length).toBeGreaterThan(text.length / 120);

      const [best] = await storage.searchDocuments('alice', '42');
      expect(best?.content).toContain('Fox 42 ');
    });

    it('gives the best first, and no more than the limit', async () => {
      const { storage, sessionId } = await store.withSession();
      const filler = 'and many other words that have nothing to do with it '.repeat(5);
      await storeText(storage, sessionId, 'weak', `porcupine ${filler}`);
      await storeText(storage, sessionId, 'strong', 'porcupine quill');
      await storeText(storage, sessionId, 'none', filler);
      const hits = await storage.searchDocuments('alice', 'porcupine quill');
      expect(hits.map(({ filename }) => filename)).toStrictEqual(['strong', 'weak']);
      expect(hits[0]?.relevanceScore).toBe(1);
      expect(hits[1]?.relevanceScore).toBeLessThan(1);
      expect(hits[1]?.relevanceScore).toBeGreaterThan(0);
      const one = await storage.searchDocuments('alice', 'porcupine quill', { limit: 1 });
      expect(one).toStrictEqual(hits.slice(0, 1));
      expect(await storage.searchDocuments('alice', 'porcupine', { limit: 0 })).toStrictEqual([]);
    });

    it('gives fifty when no limit is named', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        document: { chunkSize: 64, chunkOverlap: 0 },
      });
      await storeText(storage, sessionId, 'a.txt', 'porcupine. '.repeat(500));
      expect(await storage.searchDocuments('alice', 'porcupine')).toHaveLength(50);
      expect(await storage.searchDocuments('alice', 'porcupine', { limit: 60 })).toHaveLength(60);
    });

    it('looks at some sessions or types only', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      await storeText(storage, sessionId, 'a.txt', 'porcupine');
      await storeText(storage, sessionId, 'b.md', 'porcupine');
      await storeText(storage, otherId, 'c.json', '["porcupine"]');
      const find = async (options: { sessionIds?: string[]; documentTypes?: string[] }) => {
        const hits = await storage.searchDocuments('alice', 'porcupine', options);
        return hits.map(({ filename = '' }) => filename).sort();
      };
      expect(await find({})).toStrictEqual(['a.txt', 'b.md', 'c.json']);
      expect(await find({ sessionIds: [sessionId] })).toStrictEqual(['a.txt', 'b.md']);
      expect(await find({ sessionIds: [otherId, 'none'] })).toStrictEqual(['c.json']);
      expect(await find({ sessionIds: [] })).toStrictEqual([]);
      expect(await find({ documentTypes: ['text/*'] })).toStrictEqual(['a.txt', 'b.md']);
      expect(await find({ documentTypes: ['*/*'] })).toStrictEqual(['a.txt', 'b.md', 'c.json']);
      expect(await find({ documentTypes: ['application/json', 'TEXT/plain'] })).toStrictEqual([
        'a.txt',
        'c.json',
      ]);
      expect(await find({ documentTypes: ['application/pdf'] })).toStrictEqual([]);
      expect(await find({ documentTypes: [] })).toStrictEqual([]);
      expect(await find({ sessionIds: [otherId], documentTypes: ['text/*'] })).toStrictEqual([]);
    });

    it('never finds another user’s documents, nor messages', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      const bobs = await storage.createSession('bob');
      await storage.storeDocument('bob', bobs, { filename: 'b.txt' }, 'porcupine of his');
      await storeText(storage, sessionId, 'a.txt', 'porcupine of hers');
      await addAll(storage, sessionId, ['porcupine in a message']);
      const hits = await storage.searchDocuments('alice', 'porcupine');
      expect(contentsOf(hits)).toStrictEqual(['porcupine of hers']);
      const inBobs = { sessionIds: [bobs] };
      expect(await storage.searchDocuments('alice', 'porcupine', inBobs)).toStrictEqual([]);
      expect(contentsOf(await storage.searchMessages('alice', 'porcupine'))).toStrictEqual([
        'porcupine in a message',
      ]);
      expect(await storage.searchDocuments('nobody', 'porcupine')).toStrictEqual([]);
    });

    it('goes by the text, not by the name or the metadata', async () => {
      const { storage, sessionId } = await store.withSession();
      const input = { filename: 'porcupine.txt', metadata: { animal: 'porcupine' } };
      await storage.storeDocument('alice', sessionId, input, 'something else');
      expect(await storage.searchDocuments('alice', 'porcupine')).toStrictEqual([]);
    });

    it('finds as the configuration says, also after a change', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        search: { language: 'none', prefix: false, typoTolerance: 0 },
        document: { chunkSize: 1_000, chunkOverlap: 0 },
      });
      await storeText(storage, sessionId, 'a.txt', 'porcupines');
      const count = async (query: string) =>
        (await storage.searchDocuments('alice', query, { limit: 1_000 })).length;
      expect(await count('porcupine')).toBe(0);
      await storage.updateConfiguration({ search: { language: 'english' } });
      expect(await count('porcupine')).toBe(1);
      expect(await count('porcup')).toBe(0);
      await storage.updateConfiguration({ search: { prefix: true } });
      expect(await count('porcup')).toBe(1);
      expect(await count('porcupyne')).toBe(0);
      await storage.updateConfiguration({ search: { typoTolerance: 1 } });
      expect(await count('porcupyne')).toBe(1);

      const long = 'Sentences about badgers. '.repeat(40);
      await storeText(storage, sessionId, 'b.txt', long);
      expect(await count('badgers')).toBe(1);
      await storage.updateConfiguration({ document: { chunkSize: 100 } });
      await storeText(storage, sessionId, 'c.txt', long.replaceAll('badgers', 'weasels'));
      expect(await count('weasels')).toBeGreaterThanOrEqual(10);
      expect(await count('badgers')).toBe(1);
    });
  });
}
