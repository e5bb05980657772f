import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../../worker/search/analysis/analyzer.ts';
import {
  MAX_PHRASES,
  MAX_PHRASE_TERMS,
  MAX_QUERY_TERMS,
  parseQuery,
} from '../../../../worker/search/analysis/query.ts';
import { anyText } from '../../../support/arbitraries.ts';

const none = await createAnalyzer('none');
const auto = await createAnalyzer('auto');

const terms = (text: string, analyzer = auto): string[] =>
  parseQuery(analyzer, text).terms.map(({ term }) => term);

const phrases = (text: string): string[] =>
  parseQuery(none, text).phrases.map(({ terms: words }) => words.join(' '));

const termNamed = (text: string, name: string) =>
  parseQuery(none, text).terms.find(({ term }) => term === name);

describe('parseQuery', () => {
  it('gives each term once, without stop words', () => {
    expect(terms('What did the water do to Water and salt?')).toEqual(['water', 'salt']);
    expect(terms('the water', none)).toEqual(['the', 'water']);
  });

  it('keeps stop words where there is nothing else', () => {
    expect(terms('to be or not to be')).toEqual(['to', 'be', 'or', 'not']);
    expect(terms('"the"')).toEqual(['the']);
  });

  it.each(['', ' \n', '!!!', '""', '"', '“”', '(.*)', '<>&;', '\ud83d'])(
    'finds nothing to look for in %j',
    (text) => {
      expect(parseQuery(auto, text)).toEqual({ terms: [], phrases: [] });
    },
  );

  it.each([
    ['one emoji 👩🏽‍💻', ['one', 'emoji', '👩🏽‍💻', '👩‍💻', '👩', '💻']],
    ['👋', ['👋']],
    ['好', ['好']],
    ['<b>.*&amp;$1', ['b', 'amp', '$1']],
    ['שלום עולם', ['שלום', 'עולם']],
  ])('takes any sign for what it is in a text: %j', (text, expected) => {
    expect(terms(text, none)).toEqual(expected);
  });

  it.each([
    ['"salt water" pool', ['salt water']],
    ['“salt water”', ['salt water']],
    ['„salt water“ „a b”', ['salt water', 'a b']],
    ['«salt water» »a b«', ['salt water', 'a b']],
    ['「你好」', ['你好']],
    ['说"你好"吧', ['你好']],
    ['"a" "b c"', ['a', 'b c']],
    ['“mixed "', []],
    ['“mixed"', ['mixed']],
    ['"" "a b"', ['a b']],
    ['"""a b"""', ['a b']],
    ['salt" water', []],
    ['"salt water', []],
    ['"salt" water"', ['salt']],
    ['12" and 7" records', []],
    ['צה"ל ב"ה', []],
    ['" salt "', []],
    ['"!!!"', []],
  ])('takes what is between quotation marks for a phrase: %s', (text, expected) => {
    expect(phrases(text)).toEqual(expected);
  });

  it('says where the words of a phrase stand, stop words included', () => {
    expect(parseQuery(auto, 'hamlet "to be or wi-fi" pool').phrases).toEqual([
      { terms: ['to', 'be', 'or', 'wi', 'fi'], positions: [0, 1, 2, 3, 4] },
    ]);
    expect(parseQuery(auto, '"你好 world"').phrases).toEqual([
      { terms: ['你好', 'world'], positions: [0, 2] },
    ]);
  });

  it('looks for the words of a phrase, too, but for no variants of them', () => {
    expect(parseQuery(none, '"salt water" pool water').terms).toEqual([
      { term: 'salt', quoted: true, prefix: false, typos: 0 },
      { term: 'water', quoted: false, prefix: true, typos: 2 },
      { term: 'pool', quoted: false, prefix: true, typos: 1 },
    ]);
  });

  it.each([
    ['water', true, 2],
    ['salt', true, 1],
    ['sea', true, 1],
    ['go', false, 0],
    ['да', true, 0],
    ['2026', true, 0],
    ['20', false, 0],
    ['3.14', true, 0],
    ['#water', true, 0],
    ['c++', true, 0],
    ['你好', false, 0],
    ['👋', true, 0],
  ])('allows %s prefixes: %j, typos: %i', (text, prefix, typos) => {
    expect(termNamed(text, text)).toEqual({ term: text, quoted: false, prefix, typos });
  });

  it('looks for so many terms and phrases, and no more', () => {
    const words = Array.from({ length: 2_000 }, (_, index) => `w${index}x`);
    expect(terms(words.join(' '), none)).toEqual(words.slice(0, MAX_QUERY_TERMS));
    const [phrase, ...others] = parseQuery(none, `"${words.join(' ')}"`).phrases;
    expect(others).toEqual([]);
    expect(phrase?.terms).toEqual(words.slice(0, MAX_PHRASE_TERMS));
    expect(phrases(words.map((word) => `"${word}"`).join(' '))).toHaveLength(MAX_PHRASES);
  });

  it('reads any text, and looks for nothing that is not in it', () => {
    const quoted = fc
      .array(fc.oneof(anyText, fc.constantFrom('"', '„', '“', '”', '«', '»', ' ', 'the', 'wi-fi')))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(quoted, fc.constantFrom(none, auto), (text, analyzer) => {
        const inText = new Set(analyzer.tokenize(text).map(({ term }) => term));
        const query = parseQuery(analyzer, text);
        expect(query.terms.length > 0).toBe(inText.size > 0);
        for (const { term } of query.terms) expect(inText).toContain(term);
        for (const { terms: words, positions } of query.phrases) {
          expect(words).toHaveLength(positions.length);
          expect(positions[0]).toBe(0);
          expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
          for (const word of words) expect(inText).toContain(word);
        }
      }),
      { numRuns: 300 },
    );
  });
});
