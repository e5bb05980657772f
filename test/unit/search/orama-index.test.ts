import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type FFSearchConfig } from '../../../src/shared/config.ts';
import { createOramaIndex } from '../../../worker/search/orama-index.ts';
import type { IndexEntry, IndexQuery, TextIndex } from '../../../worker/search/text-index.ts';
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

const type = fc.constantFrom('message' as const, 'document' as const);
const sessionKey = fc.constantFrom('s1', 's2', '/s1', '/p', 'constructor', '__proto__');
const id = fc.constantFrom('m1', 'm2', 'm2/0', 'm2/1', 'toString', '__proto__');

const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      type,
      sessionKey,
      id,
      content: text,
      name: fc.oneof(fc.constant(''), fc.constantFrom(...WORDS, ...AWKWARD)),
      mimeType: fc.constantFrom('', 'text/plain', 'text/html; charset=utf-8', 'image/png'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), type, sessionKey, id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove session' as const), sessionKey }) },
);

const PATTERNS = ['text/plain', 'text/*', 'text/html', 'image/*', 'TEXT/HTML', '*/*', 'video/*'];

const filter: fc.Arbitrary<Pick<IndexQuery, 'types' | 'sessionKeys' | 'mimeTypes'>> = fc.record(
  {
    types: fc.array(type, { maxLength: 3 }),
    sessionKeys: fc.array(sessionKey, { maxLength: 3 }),
    mimeTypes: fc.array(fc.constantFrom(...PATTERNS), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

function configOf(changes: Partial<FFSearchConfig> = {}): FFSearchConfig {
  return { ...DEFAULT_CONFIG.search, language: 'none', ...changes };
}

/** Whether a text holds a term of the query, as the configuration compares terms. */
function matches({ content, name }: IndexEntry, query: string, config: FFSearchConfig): boolean {
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

/** Whether a filter lets an entry through. */
function passes(
  entry: IndexEntry,
  { types, sessionKeys, mimeTypes }: Pick<IndexQuery, 'types' | 'sessionKeys' | 'mimeTypes'>,
): boolean {
  const mimeType = entry.mimeType?.replace(/;.*/, '') ?? '';
  return (
    (types?.includes(entry.type) ?? true) &&
    (sessionKeys?.includes(entry.sessionKey) ?? true) &&
    (mimeTypes?.some(
      (pattern) =>
        mimeType !== '' &&
        new RegExp(`^${pattern.toLowerCase().replaceAll('*', '.*')}$`).test(mimeType),
    ) ??
      true)
  );
}

const keyOf = (entry: Pick<IndexEntry, 'type' | 'sessionKey' | 'id'>): string =>
  `${entry.type} ${entry.sessionKey} ${entry.id}`;

async function find(index: TextIndex, query: string, filters: Partial<IndexQuery> = {}) {
  return (await index.search({ text: query, limit: 1_000, ...filters })).map(keyOf);
}

const put = (index: TextIndex, number: number, content: string, sessionId = 's', name = '') =>
  index.put({ type: 'message', sessionKey: sessionId, id: `m${number}`, content, name });

async function indexOf(contents: readonly string[], config = configOf()): Promise<TextIndex> {
  const index = createOramaIndex(config);
  for (const [number, content] of contents.entries()) await put(index, number, content);
  return index;
}

describe('the Orama index', { timeout: 30_000 }, () => {
  it.each([
    ['its beginning', configOf()],
    ['nothing but it', configOf({ prefix: false })],
    ['its stem', configOf({ language: 'english' })],
    ['it with a typo', configOf({ typoTolerance: 1 })],
  ])('finds exactly the texts that hold a term of the query, or %s', async (_, config) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 30 }),
        fc.array(text, { minLength: 1, maxLength: 5 }),
        filter,
        async (actions, queries, filters) => {
          const index = createOramaIndex(config);
          const entryByKey = new Map<string, IndexEntry>();
          for (const step of actions) {
            if (step.do === 'put') {
              await index.put(step);
              entryByKey.set(keyOf(step), step);
            } else if (step.do === 'remove') {
              await index.remove(step.type, step.sessionKey, step.id);
              entryByKey.delete(keyOf(step));
            } else {
              await index.removeSession(step.sessionKey);
              for (const [key, entry] of [...entryByKey]) {
                if (entry.sessionKey === step.sessionKey) entryByKey.delete(key);
              }
            }
            expect(index.size).toBe(entryByKey.size);
          }
          for (const query of [...queries, 'wat', 'brea', 'const', '__pro', '好', 'nothing']) {
            const expected = [...entryByKey.values()].filter((entry) =>
              matches(entry, query, config),
            );
            expect((await find(index, query)).sort(), query).toEqual(expected.map(keyOf).sort());
            expect((await find(index, query, filters)).sort()).toEqual(
              expected
                .filter((entry) => passes(entry, filters))
                .map(keyOf)
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
    expect(hits[0]?.id).toBe('m1');
    expect(hits).toHaveLength(3);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.at(-1)).toBeGreaterThan(0);
  });

  it('gives no more than the limit, and then the best', async () => {
    const index = await indexOf(['salt water', 'salt', 'water', 'salt water bread']);
    const all = await find(index, 'salt water');
    const first = await index.search({ text: 'salt water', limit: 2 });
    expect(first.map(keyOf)).toEqual(all.slice(0, 2));
  });

  it('prefers a rare term to a frequent one', async () => {
    const index = await indexOf([...Array.from({ length: 20 }, () => 'salt'), 'saffron']);
    expect((await find(index, 'salt saffron'))[0]).toBe('message s m20');
  });

  it('scores as if a removed or replaced message had never been there', async () => {
    const contents = ['salt water bread', 'salt', 'water water', 'bread'];
    const fresh = await indexOf(contents);
    const used = await indexOf(['salt salt pepper', 'bread', 'water salt', 'pepper']);
    for (const number of contents.keys()) await used.remove('message', 's', `m${number}`);
    await put(used, 0, 'water, then replaced');
    await put(used, 0, 'salt', 'other', 'bread');
    await used.removeSession('other');
    for (const [number, content] of contents.entries()) await put(used, number, content);
    const [hits, expected] = await Promise.all(
      [used, fresh].map((index) => index.search({ text: 'salt water bread', limit: 10 })),
    );
    expect(hits?.map(keyOf)).toEqual(expected?.map(keyOf));
    hits?.forEach(({ score }, position) => {
      expect(score).toBeCloseTo(expected?.[position]?.score ?? -1, 8);
    });
  });

  it('scores messages as if there were no documents', async () => {
    const contents = ['salt water bread', 'salt', 'water water', 'bread'];
    const index = await indexOf(contents);
    const before = await index.search({ text: 'salt bread', types: ['message'], limit: 10 });
    for (let number = 0; number < 20; number++) {
      const content = 'salt in a long document '.repeat(9);
      await index.put({ type: 'document', sessionKey: 's', id: `d/${number}`, content, name: '' });
    }
    expect(await index.search({ text: 'salt bread', types: ['message'], limit: 10 })).toEqual(
      before,
    );
    expect(await index.search({ text: 'salt bread', limit: 100 })).toHaveLength(23);
    expect(await index.search({ text: 'salt bread', limit: 5 })).toHaveLength(5);
  });

  it('reads prefix and tolerance anew in each search', async () => {
    const config = configOf();
    const index = await indexOf(['waterfall', 'watre'], config);
    expect(await find(index, 'water')).toEqual(['message s m0']);
    Object.assign(config, { prefix: false });
    expect(await find(index, 'water')).toEqual([]);
    Object.assign(config, { typoTolerance: 2 });
    expect(await find(index, 'water')).toEqual(['message s m1']);
  });

  it('passes over the removal of what it does not know', async () => {
    const index = await indexOf(['salt']);
    await index.remove('message', 's', 'unknown');
    await index.remove('message', 'unknown', 'm0');
    await index.remove('document', 's', 'm0');
    await index.removeSession('unknown');
    expect(await find(index, 'salt')).toEqual(['message s m0']);
  });
});
