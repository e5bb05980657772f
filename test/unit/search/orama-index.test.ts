import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type FFSearchConfig } from '../../../src/shared/config.ts';
import { createOramaIndex } from '../../../worker/search/orama-index.ts';
import type { IndexedMessage, TextIndex } from '../../../worker/search/text-index.ts';
import { isWithin } from '../../../worker/search/term-dictionary.ts';
import { TextAnalyzer } from '../../../worker/search/tokenizer.ts';

const WORDS = ['bread', 'break', 'water', 'waterfall', 'breads', 'salt', 'a', '你好', '你', '好世'];

/** Words that plain objects have as properties, as terms and as ids. */
const AWKWARD = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  'id',
];

const text = fc
  .array(fc.constantFrom(...WORDS, ...AWKWARD), { maxLength: 6 })
  .map((words) => words.join(' '));

const sessionId = fc.constantFrom('s1', 's2', 'constructor', '__proto__');
const messageId = fc.constantFrom('m1', 'm2', 'm3', 'm4', 'toString', '__proto__');

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      sessionId,
      messageId,
      content: text,
      name: fc.oneof(fc.constant(''), fc.constantFrom(...WORDS, ...AWKWARD)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), sessionId, messageId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove session' as const), sessionId }) },
);

function configOf(changes: Partial<FFSearchConfig> = {}): FFSearchConfig {
  return { ...DEFAULT_CONFIG.search, language: 'none', ...changes };
}

/** Whether a message holds a term of the query, as the configuration compares terms. */
function matches(
  { content, name }: IndexedMessage,
  query: string,
  config: FFSearchConfig,
): boolean {
  const analyzer = new TextAnalyzer(config.language);
  const terms = [content, name].flatMap((value) => analyzer.tokenize(value, 'text'));
  return analyzer
    .tokenize(query, 'query')
    .some(({ term: wanted }) =>
      terms.some(
        ({ term }) =>
          term === wanted ||
          (config.prefix && term.startsWith(wanted)) ||
          isWithin(wanted, term, config.typoTolerance),
      ),
    );
}

async function find(index: TextIndex, query: string, sessionIds?: readonly string[]) {
  const hits = await index.search({
    text: query,
    limit: 1_000,
    ...(sessionIds === undefined ? {} : { sessionIds }),
  });
  return hits.map((hit) => `${hit.sessionId}/${hit.messageId}`);
}

async function indexOf(contents: readonly string[], config = configOf()): Promise<TextIndex> {
  const index = createOramaIndex(config);
  for (const [number, content] of contents.entries()) {
    await index.put({ sessionId: 's', messageId: `m${number}`, content, name: '' });
  }
  return index;
}

describe('the Orama index', { timeout: 30_000 }, () => {
  it.each([
    ['its beginning', configOf()],
    ['nothing but it', configOf({ prefix: false })],
    ['its stem', configOf({ language: 'english' })],
    ['it with a typo', configOf({ typoTolerance: 1 })],
  ])('finds exactly the messages that hold a term of the query, or %s', async (_, config) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 30 }),
        fc.array(text, { minLength: 1, maxLength: 5 }),
        fc.array(sessionId, { maxLength: 2 }),
        async (actions, queries, sessionIds) => {
          const index = createOramaIndex(config);
          const messageByKey = new Map<string, IndexedMessage>();
          for (const step of actions) {
            if (step.do === 'put') {
              await index.put(step);
              messageByKey.set(`${step.sessionId}/${step.messageId}`, step);
            } else if (step.do === 'remove') {
              await index.remove(step.sessionId, step.messageId);
              messageByKey.delete(`${step.sessionId}/${step.messageId}`);
            } else {
              await index.removeSession(step.sessionId);
              for (const key of [...messageByKey.keys()]) {
                if (key.startsWith(`${step.sessionId}/`)) messageByKey.delete(key);
              }
            }
          }
          for (const query of [...queries, 'wat', 'brea', 'const', '__pro', '好', 'nothing']) {
            const expected = [...messageByKey].filter(([, message]) =>
              matches(message, query, config),
            );
            expect((await find(index, query)).sort(), query).toEqual(
              expected.map(([key]) => key).sort(),
            );
            expect((await find(index, query, sessionIds)).sort()).toEqual(
              expected
                .filter(([, message]) => sessionIds.some((id) => id === message.sessionId))
                .map(([key]) => key)
                .sort(),
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('finds nothing for a query without a word, or with the limit 0', async () => {
    const index = await indexOf(['bread', 'water']);
    expect(await find(index, '!?')).toEqual([]);
    expect(await index.search({ text: 'bread', limit: 0 })).toEqual([]);
  });

  it('gives the best hit first, with falling scores above 0', async () => {
    const index = await indexOf(['salt', 'salt and pepper and water', 'bread with salt', 'none']);
    const hits = await index.search({ text: 'salt pepper', limit: 10 });
    const scores = hits.map(({ score }) => score);
    expect(hits[0]?.messageId).toBe('m1');
    expect(hits).toHaveLength(3);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.at(-1)).toBeGreaterThan(0);
  });

  it('gives no more than the limit, and then the best', async () => {
    const index = await indexOf(['salt water', 'salt', 'water', 'salt water bread']);
    const all = await find(index, 'salt water');
    const first = await index.search({ text: 'salt water', limit: 2 });
    expect(first.map((hit) => `${hit.sessionId}/${hit.messageId}`)).toEqual(all.slice(0, 2));
  });

  it('prefers a rare term to a frequent one', async () => {
    const index = await indexOf([...Array.from({ length: 20 }, () => 'salt'), 'saffron']);
    expect((await find(index, 'salt saffron'))[0]).toBe('s/m20');
  });

  it('scores as if a removed or replaced message had never been there', async () => {
    const contents = ['salt water bread', 'salt', 'water water', 'bread'];
    const fresh = await indexOf(contents);
    const used = await indexOf(['salt salt pepper', 'bread', 'water salt', 'pepper']);
    for (const number of contents.keys()) await used.remove('s', `m${number}`);
    await used.put({ sessionId: 's', messageId: 'm0', content: 'water, then replaced', name: '' });
    await used.put({ sessionId: 'other', messageId: 'm0', content: 'salt', name: 'bread' });
    await used.removeSession('other');
    for (const [number, content] of contents.entries()) {
      await used.put({ sessionId: 's', messageId: `m${number}`, content, name: '' });
    }
    const [hits, expected] = await Promise.all(
      [used, fresh].map((index) => index.search({ text: 'salt water bread', limit: 10 })),
    );
    expect(hits?.map(({ messageId }) => messageId)).toEqual(
      expected?.map(({ messageId }) => messageId),
    );
    hits?.forEach(({ score }, position) => {
      expect(score).toBeCloseTo(expected?.[position]?.score ?? -1, 8);
    });
  });

  it('passes over the removal of what it does not know', async () => {
    const index = await indexOf(['salt']);
    await index.remove('s', 'unknown');
    await index.remove('unknown', 'm0');
    await index.removeSession('unknown');
    expect(await find(index, 'salt')).toEqual(['s/m0']);
  });
});
