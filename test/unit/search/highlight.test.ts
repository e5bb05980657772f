import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../worker/search/analysis/analyzer.ts';
import { parseQuery } from '../../../worker/search/analysis/query.ts';
import { Highlighter } from '../../../worker/search/highlight.ts';
import { anyText } from '../../support/arbitraries.ts';

const plain = await createAnalyzer('none');
const english = await createAnalyzer('english');

function excerpts(
  text: string,
  query: string,
  { analyzer = plain, prefix = true, typoTolerance = 0 } = {},
): string[] {
  const parsed = parseQuery(analyzer, query);
  return new Highlighter(analyzer, parsed, { prefix, typoTolerance }).excerpts(text);
}

/** The text that an excerpt was made from. */
function unescape(html: string): string {
  return html
    .replaceAll(/<\/?mark>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

const FILLER = 'lorem ipsum dolor sit amet consectetur adipiscing elit '.repeat(4);

describe('Highlighter', () => {
  it('marks the words that match, in a short text that it shows whole', () => {
    expect(excerpts('Water, flour and salt. More water!', 'water salt')).toEqual([
      '<mark>Water</mark>, flour and <mark>salt</mark>. More <mark>water</mark>!',
    ]);
  });

  it('gives nothing where nothing matches', () => {
    expect(excerpts('Water and salt', 'sugar')).toEqual([]);
    expect(excerpts('', 'sugar')).toEqual([]);
    expect(excerpts('Water', '!!!')).toEqual([]);
  });

  it('marks the word as it is written, though case, accents or its form differ', () => {
    expect(excerpts('Ein CAFÉ', 'cafe')).toEqual(['Ein <mark>CAFÉ</mark>']);
    expect(excerpts('It was refunded', 'refunds', { analyzer: english })).toEqual([
      'It was <mark>refunded</mark>',
    ]);
  });

  it('marks a word that begins with the term, where prefixes count', () => {
    expect(excerpts('waterfall', 'water')).toEqual(['<mark>waterfall</mark>']);
    expect(excerpts('waterfall', 'water', { prefix: false })).toEqual([]);
  });

  it('marks a word with a typo, where typos are tolerated', () => {
    expect(excerpts('watre', 'water', { typoTolerance: 2 })).toEqual(['<mark>watre</mark>']);
    expect(excerpts('watre', 'water')).toEqual([]);
  });

  it('joins marks that touch or overlap', () => {
    expect(excerpts('我们你好世界吧', '你好世界')).toEqual(['我们<mark>你好世界</mark>吧']);
  });

  it('escapes everything but its own tags', () => {
    expect(excerpts(`<b onclick="x('y')">salt</b> & <mark>`, 'salt')).toEqual([
      '&lt;b onclick=&quot;x(&#39;y&#39;)&quot;&gt;<mark>salt</mark>&lt;/b&gt; &amp; &lt;mark&gt;',
    ]);
    expect(excerpts('mark b', 'mark lt gt')).toEqual(['<mark>mark</mark> b']);
  });

  it('cuts a long text at words around the match, and says so', () => {
    const [excerpt = '', ...others] = excerpts(`${FILLER}needle ${FILLER}`, 'needle');
    expect(others).toEqual([]);
    expect(excerpt).toMatch(/^….*<mark>needle<\/mark>.*…$/);
    expect(excerpt.length).toBeLessThan(200);
    for (const word of unescape(excerpt).replaceAll('…', '').trim().split(' ')) {
      expect(`${FILLER}needle`.split(' ')).toContain(word);
    }
  });

  it('gives one excerpt for matches that are close, at most three for those that are not', () => {
    expect(excerpts(`needle and needle ${FILLER}`, 'needle')).toHaveLength(1);
    expect(excerpts(`needle ${FILLER}`.repeat(2), 'needle')).toHaveLength(2);
    expect(excerpts(`needle ${FILLER}`.repeat(9), 'needle')).toHaveLength(3);
  });

  it('shows the places that have the most words of the query, in the order of the text', () => {
    const text = ['water', 'salt', 'water and salt', 'flour', 'salt and flour', 'water']
      .map((words) => `${words} ${FILLER}`)
      .join('');
    const shown = excerpts(text, 'water salt flour').map((excerpt) =>
      [...excerpt.matchAll(/<mark>(.*?)<\/mark>/g)].map(([, word]) => word).join(' '),
    );
    expect(shown).toEqual(['water', 'water salt', 'salt flour']);
  });

  it('marks a phrase as one, and only where all of it stands', () => {
    expect(excerpts('Salt, water. The salt water pool. water salt', '"salt water"')).toEqual([
      '<mark>Salt, water</mark>. The <mark>salt water</mark> pool. water salt',
    ]);
    expect(excerpts('salt and water', '"salt water"')).toEqual([]);
    expect(excerpts('long-term plans', '"long term plans"')).toEqual([
      '<mark>long-term plans</mark>',
    ]);
  });

  it('marks the words beside a phrase everywhere', () => {
    expect(excerpts('the salt water pool has pools of salt', '"salt water" pool')).toEqual([
      'the <mark>salt water</mark> <mark>pool</mark> has <mark>pools</mark> of salt',
    ]);
  });

  it('marks what makes a name of a word, and whole emoji', () => {
    expect(excerpts('C and C++', 'C++')).toEqual(['C and <mark>C++</mark>']);
    expect(excerpts('done 👍🏽!', '👍')).toEqual(['done <mark>👍🏽</mark>!']);
    expect(excerpts('the wi-fi', 'wifi')).toEqual(['the <mark>wi-fi</mark>']);
  });

  it('gives short excerpts of texts without an end to words, matches or graphemes', () => {
    for (const [unit, query] of [
      ['needle ', 'needle'],
      ['你好', '你好'],
      ['x', 'xxx'],
      ['👍🏽', '👍'],
      ['กำ', 'กำ'],
      ['needle\u0301', 'needle'],
    ] as const) {
      const shown = excerpts(unit.repeat(30_000), query);
      expect(shown.length, unit).toBeGreaterThan(0);
      for (const excerpt of shown) {
        expect(excerpt.replaceAll(/<.*?>/g, '').length, unit).toBeLessThan(500);
      }
    }
  });

  it('takes a query of thousands of words for a text of thousands of words', () => {
    const words = Array.from({ length: 20_000 }, (_, index) => `w${index}`);
    const query = `"a a a a a a a a b" ${words.join(' ')}`;
    const options = { typoTolerance: 2 };
    expect(excerpts(`${words.join(' ')} ${'a '.repeat(20_000)} b`, query, options)).toHaveLength(3);
  });

  it('cuts no grapheme where there are no words to cut at', () => {
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    for (const unit of ['👋', '👩🏽‍💻', '🇩🇪', 'e\u0301', 'กำ', '한'.normalize('NFD'), '\r\n.']) {
      for (let shift = 0; shift < 4; shift++) {
        const text = `${'x'.repeat(shift)}${unit.repeat(60)}.needle.${unit.repeat(60)}`;
        const graphemes = new Set([...segmenter.segment(text)].map(({ segment }) => segment));
        for (const excerpt of excerpts(text, 'needle')) {
          expect(excerpt).toContain('<mark>needle</mark>');
          const shown = excerpt.replaceAll(/<\/?mark>|…/g, '');
          for (const { segment } of segmenter.segment(shown)) {
            expect(graphemes, JSON.stringify(excerpt)).toContain(segment);
          }
        }
      }
    }
  });

  it('gives well-formed excerpts of any text', () => {
    fc.assert(
      fc.property(anyText, anyText, (content, query) => {
        for (const excerpt of excerpts(`${content} ${query}`, query)) {
          expect(excerpt).toMatch(/^(?:[^<>"']|<mark>[^<>"']+<\/mark>)*$/);
          const shown = unescape(excerpt).replace(/^…/, '').replace(/…$/, '');
          expect(`…${content} ${query}…`).toContain(shown);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('shows, without tags and unescaped, a run of the text that holds a match', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'water',
        'salt',
        'Salz',
        '<b>',
        '&amp;',
        '"',
        "it's",
        '你好',
        '👋',
        '\n',
        'é',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constant(FILLER),
    );
    const text = fc.array(word, { maxLength: 25 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('water', 'sal', '你好', 'it', 'é salt'),
        (content, query) => {
          for (const excerpt of excerpts(content, query)) {
            expect(excerpt).toMatch(/<mark>[^<]+<\/mark>/);
            expect(excerpt.replaceAll(/<\/?mark>/g, '')).not.toMatch(
              /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/,
            );
            const shown = unescape(excerpt).replace(/^…/, '').replace(/…$/, '');
            expect(content).toContain(shown);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
