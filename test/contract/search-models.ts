import {
  FFStorageError,
  FFValidationError,
  FFStorageManager,
  type FFEmbedder,
} from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { expectScores } from './search-support.ts';
import { openWithSession, type Subject } from './subject.ts';
import { addAll, contentsOf, expectError, say, untyped } from './support.ts';

/** Words that say the same, each list a direction of its own. */
const TOPICS = [
  ['ship', 'ferry', 'vessel'],
  ['bread', 'loaf', 'sourdough'],
  ['violin', 'cello', 'orchestra'],
] as const;

interface TestEmbedder extends FFEmbedder {
  /** The texts of each call. */
  readonly calls: (readonly string[])[];
}

/** Knows nothing but topics, and gives arrays as well as typed ones. */
function createEmbedder(id: string, isSilent = false): TestEmbedder {
  const calls: (readonly string[])[] = [];
  let running = 0;
  return {
    id,
    ...(isSilent ? {} : { dimensions: TOPICS.length }),
    calls,
    embed: async (texts) => {
      calls.push(texts);
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      running -= 1;
      return texts.map((text, index) => {
        const vector = TOPICS.map((words) => words.filter((word) => text.includes(word)).length);
        return index % 2 === 0 ? vector : Float32Array.from(vector);
      });
    },
  };
}

const QUIET = { runtime: { logLevel: 'silent' } } as const;

/** What the contract says of where vectors come from. */
export function searchModelsContract(subject: Subject): void {
  describe('vector.model none', () => {
    it('leaves search to words, and says so', async () => {
      const { storage, sessionId } = await openWithSession(subject, { vector: { model: 'none' } });
      await addAll(storage, sessionId, ['one apple', 'two pears']);
      await storage.whenIdle();
      expect((await storage.getPerformanceMetrics()).embedding).toStrictEqual({
        status: 'off',
        model: 'none',
        embedded: 0,
        pending: 0,
      });
      const error = await expectError(storage.search('alice', 'apple', { mode: 'vector' }), {
        code: 'unavailable',
      });
      expect(error.message).toContain('vector.model');
      await expectError(storage.searchSimilarMessages('alice', 'apple'), { code: 'unavailable' });
      const hits = await storage.search('alice', 'apple');
      expect(hits).toStrictEqual(await storage.search('alice', 'apple', { mode: 'text' }));
      expect(contentsOf(hits)).toStrictEqual(['one apple']);
      expect(hits[0]).not.toHaveProperty('similarityScore');
    });

    it('can be changed while the store is open, back and forth', async () => {
      const { storage, sessionId } = await openWithSession(subject, { vector: { model: 'none' } });
      await addAll(storage, sessionId, ['one apple', 'two pears']);
      const embedding = async () => {
        await storage.whenIdle();
        return (await storage.getPerformanceMetrics()).embedding;
      };
      expect(await embedding()).toMatchObject({ status: 'off', embedded: 0 });
      await storage.updateConfiguration({ vector: { model: 'static' } });
      expect(await embedding()).toMatchObject({ status: 'ready', model: 'static', embedded: 2 });
      const [hit] = await storage.searchSimilarMessages('alice', 'one apple');
      expect(hit?.content).toBe('one apple');
      await storage.updateConfiguration({ vector: { model: 'none' } });
      await expectError(storage.searchSimilarMessages('alice', 'x'), { code: 'unavailable' });
    });
  });

  describe('options.embedder', () => {
    it('is asked for the vectors of all that is written and looked for', async () => {
      const embedder = createEmbedder('topics-1');
      const { storage, sessionId } = await openWithSession(subject, {}, { embedder });
      const fillers = Array.from({ length: 70 }, (_, index) => say(`filler ${index}`));
      await storage.addMessages('alice', sessionId, [
        say('the ferry is late', { name: 'Ada', messageId: 'ferry' }),
        ...fillers,
      ]);
      await storage.storeDocument('alice', sessionId, { filename: 'a.txt' }, 'a sourdough recipe');
      await storage.whenIdle();
      expect((await storage.getPerformanceMetrics()).embedding).toStrictEqual({
        status: 'ready',
        model: 'topics-1',
        embedded: 72,
        pending: 0,
      });
      for (const texts of embedder.calls) {
        expect(texts.length).toBeGreaterThan(0);
        expect(texts.length).toBeLessThanOrEqual(32);
      }
      const asked = embedder.calls.flat();
      expect(asked).toContain('Ada says: the ferry is late');
      expect(asked).toContain('a sourdough recipe');
      expect(asked.filter((text) => text.startsWith('filler'))).toHaveLength(70);

      const hits = await storage.searchSimilarMessages('alice', 'any vessel?');
      expect(hits).toMatchObject([{ id: 'ferry', relevanceScore: 1, similarityScore: 1 }]);
      expect(embedder.calls.at(-1)).toStrictEqual(['any vessel?']);
      const both = await storage.search('alice', 'a vessel full of bread');
      expect(contentsOf(both).sort()).toStrictEqual(['a sourdough recipe', 'the ferry is late']);
      expectScores(both);
      // Nothing of it is to be known.
      expect(await storage.searchSimilarMessages('alice', 'nothing to go by')).toStrictEqual([]);
    });

    it('comes before the model of the configuration, and need not say how long its vectors are', async () => {
      const embedder = createEmbedder('topics-2', true);
      const { storage, sessionId } = await openWithSession(
        subject,
        { vector: { model: 'none' } },
        { embedder },
      );
      await addAll(storage, sessionId, ['a cello', 'a loaf']);
      await storage.whenIdle();
      const hits = await storage.searchSimilarMessages('alice', 'the orchestra');
      expect(contentsOf(hits)).toStrictEqual(['a cello']);
    });

    it('that gives what is none is told of, and leaves search to words', async () => {
      const WRONG: readonly (readonly [embed: FFEmbedder['embed'], message: string])[] = [
        [async () => [], 'a vector for each text'],
        [async (texts) => texts.map(() => [1]), 'of 3 numbers'],
        [async (texts) => texts.map(() => [1, Number.NaN, 0]), 'finite numbers'],
        [async () => untyped('vectors'), 'an array with a vector for each text'],
        [() => Promise.reject(new Error('the model is on fire')), 'the model is on fire'],
      ];
      let answer = WRONG[0]?.[0];
      const embedder: FFEmbedder = {
        id: 'broken',
        dimensions: 3,
        embed: async (texts) => answer?.(texts) ?? [],
      };
      const { storage, sessionId } = await openWithSession(subject, QUIET, { embedder });
      await addAll(storage, sessionId, ['a ferry']);
      await storage.whenIdle();
      for (const [embed, message] of WRONG) {
        answer = embed;
        const error = await expectError(storage.searchSimilarMessages('alice', 'ship'), {
          type: FFStorageError,
          code: 'unavailable',
        });
        expect(error.message).toContain('broken');
        expect(error.message).toContain(message);
        expect(contentsOf(await storage.search('alice', 'ferry'))).toStrictEqual(['a ferry']);
        const { embedding } = await storage.getPerformanceMetrics();
        expect(embedding).toMatchObject({ status: 'failed', model: 'broken', embedded: 0 });
        expect(embedding.pending).toBe(1);
        expect(embedding.error).toContain(message);
      }
    });

    it.each([
      ['embedder', null],
      ['embedder.embed', { embed: 'text' }],
      ['embedder.id', { id: '', embed: () => [] }],
      ['embedder.dimensions', { dimensions: 0, embed: () => [] }],
      ['embedder.dimensions', { dimensions: 5_000, embed: () => [] }],
    ])('is refused at once when its %s is none', (field, embedder) => {
      const construct = () => new FFStorageManager({}, { embedder: untyped(embedder) });
      expect(construct).toThrow(FFValidationError);
      expect(construct).toThrow(field);
    });

    // What follows is for stores that remember.
    if (!subject.persistent) return;

    it('is not asked again for what it has embedded, unless it has another id', async () => {
      const first = createEmbedder('topics-1');
      const { storage, sessionId } = await openWithSession(subject, {}, { embedder: first });
      await addAll(storage, sessionId, ['a ferry', 'a loaf']);
      await storage.whenIdle();
      await storage.close();
      const { basePath } = storage.getConfiguration().storage;
      const textsAfterOpening = async (embedder: TestEmbedder) => {
        const again = await subject.open({ storage: { basePath } }, { embedder });
        await again.getUserProfile('alice');
        await again.whenIdle();
        const hits = await again.searchSimilarMessages('alice', 'ship');
        expect(contentsOf(hits)).toStrictEqual(['a ferry']);
        await again.close();
        return embedder.calls.flat().filter((text) => text.startsWith('a '));
      };
      expect(await textsAfterOpening(createEmbedder('topics-1'))).toStrictEqual([]);
      const others = await textsAfterOpening(createEmbedder('topics-2'));
      expect(others.sort()).toStrictEqual(['a ferry', 'a loaf']);
    });
  });
}
