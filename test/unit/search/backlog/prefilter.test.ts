import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/validation/config.ts';
import { createAnalyzer } from '../../../../worker/search/analysis/analyzer.ts';
import { parseQuery } from '../../../../worker/search/analysis/query.ts';
import { isVariant } from '../../../../worker/search/analysis/variants.ts';
import { createPrefilter } from '../../../../worker/search/backlog/prefilter.ts';

/** Words whose stems are not their beginnings, and what is put together of several. */
const WORDS = [
  ...['happy', 'happiness', 'happily', 'hoping', 'hope', 'dying', 'lying', 'tie', 'skies', 'sky'],
  ...['relational', 'generously', 'only', 'early', 'news', 'studies', 'studied', 'agreed', 'feed'],
  ...[
    'argue',
    'arguing',
    'conflated',
    'troubled',
    'sized',
    'hopping',
    'falling',
    'crying',
    'cries',
  ],
  ...['wi-fi', 'node.js', 'getUserName', 'snake_case', 'C++', '.NET', '10kg', '1,000', 'v2.0'],
  ...["don't", 'they’ll', '20th', 'naïve', 'Œuvre', 'straße', 'ﬁle', 'İstanbul', 'ＦＵＬＬ'],
  ...['#tag', '@name', 'a@b.example', 'https://example.com/path?q=1', '漢字', 'привет', '🦊'],
];
const SUFFIXES = ['', 's', 'ed', 'ing', 'ly', 'ness', 'ies', 'ied', 'ization', 'ational', 'ously'];

const word = fc.oneof(
  fc.constantFrom(...WORDS),
  fc
    .tuple(fc.stringMatching(/^[a-z]{1,7}$/), fc.constantFrom(...SUFFIXES))
    .map(([stem, suffix]) => stem + suffix),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);
const text = fc
  .array(word, { minLength: 1, maxLength: 6 })
  .chain((words) =>
    fc.constantFrom(' ', ', ', '\n', '"', '-', '…').map((between) => words.join(between)),
  );

describe('the test before a text is taken apart', () => {
  it.each(['auto', 'none', 'english', 'german', 'arabic'] as const)(
    'never fails a text that holds a term of the query, in %s',
    async (language) => {
      const analyzer = await createAnalyzer(language);
      fc.assert(
        fc.property(
          text,
          word,
          fc.nat(2),
          fc.boolean(),
          fc.boolean(),
          (content, other, typoTolerance, prefix, isFromText) => {
            const { search } = loadConfig({ search: { language, typoTolerance, prefix } });
            // Another form of a word of the text is the case that matters.
            const query = parseQuery(analyzer, isFromText ? content : other);
            const mayMatch = createPrefilter(query, search);
            const holds = analyzer
              .tokenize(content)
              .some(({ term }) => query.terms.some((each) => isVariant(term, each, search)));
            expect(holds && !mayMatch(JSON.stringify({ content }))).toBe(false);
          },
        ),
        { numRuns: 400 },
      );
      for (const each of WORDS) {
        for (const asked of WORDS) {
          const { search } = loadConfig({ search: { language } });
          const query = parseQuery(analyzer, asked);
          const holds = analyzer
            .tokenize(each)
            .some(({ term }) => query.terms.some((one) => isVariant(term, one, search)));
          const mayMatch = createPrefilter(query, search);
          expect(holds && !mayMatch(JSON.stringify(each)), `${asked} in ${each}`).toBe(false);
        }
      }
    },
  );

  it('fails most texts that hold none', async () => {
    const analyzer = await createAnalyzer('auto');
    const { search } = loadConfig({});
    const mayMatch = createPrefilter(parseQuery(analyzer, 'the happiness of foxes'), search);
    expect(mayMatch('{"content":"It is raining in Lisbon."}')).toBe(false);
    expect(mayMatch('{"content":"A happy end."}')).toBe(true);
    expect(mayMatch('{"content":"Two FOXES"}')).toBe(true);
  });
});
