import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/shared/config.ts';
import { Highlighter } from '../../../worker/search/highlight.ts';
import { TextAnalyzer } from '../../../worker/search/tokenizer.ts';

const SEARCH = { ...DEFAULT_CONFIG.search, language: 'none' } as const;

function excerpts(text: string, query: string, search: Partial<typeof DEFAULT_CONFIG.search> = {}) {
  const config = { ...SEARCH, ...search };
  return new Highlighter(new TextAnalyzer(config.language), query, config).excerpts(text);
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
    expect(excerpts('It was refunded', 'refunds', { language: 'english' })).toEqual([
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

  it('cuts no pair of surrogates where there are no words to cut at', () => {
    for (let shift = 0; shift < 4; shift++) {
      const text = `${'x'.repeat(shift)}${'👋'.repeat(100)} needle ${'👋'.repeat(100)}`;
      for (const excerpt of excerpts(text.replaceAll(' ', '.'), 'needle')) {
        expect(excerpt).toContain('<mark>needle</mark>');
        expect(excerpt).not.toMatch(/\p{Surrogate}/u);
      }
    }
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
