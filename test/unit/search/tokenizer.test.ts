import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextAnalyzer } from '../../../worker/search/tokenizer.ts';
import { anyText } from '../../support/arbitraries.ts';

const plain = new TextAnalyzer('none');
const english = new TextAnalyzer('english');

const terms = (text: string, analyzer = plain): string[] =>
  analyzer.tokenize(text, 'text').map(({ term }) => term);

const queryTerms = (text: string): string[] =>
  plain.tokenize(text, 'query').map(({ term }) => term);

describe('TextAnalyzer', () => {
  it('splits at what is neither letter nor digit', () => {
    expect(terms('Hello, world! (It is 2026-01-31…)')).toEqual([
      'hello',
      'world',
      'it',
      'is',
      '2026',
      '01',
      '31',
    ]);
    expect(terms(' \n\t!?🎉')).toEqual([]);
    expect(terms('')).toEqual([]);
  });

  it('folds case and the accents of Latin, Greek and Cyrillic letters', () => {
    expect(terms('Café CAFÉ cafe\u0301')).toEqual(['cafe', 'cafe', 'cafe']);
    expect(terms('naïve Ångström Œuvre')).toEqual(['naive', 'angstrom', 'œuvre']);
    expect(terms('İstanbul')).toEqual(['istanbul']);
    expect(terms('ΑΘΉΝΑ Αθήνα')).toEqual(['αθηνα', 'αθηνα']);
    expect(terms('Ёлка')).toEqual(['елка']);
  });

  it('keeps the marks of other scripts, which carry vowels', () => {
    expect(terms('हिन्दी')).toEqual(['हिन्दी']);
    expect(terms('हिन्दी')).not.toEqual(terms('हन्द'));
  });

  it('folds compatibility forms: full width, ligatures, styled letters', () => {
    expect(terms('ＡＢＣ ﬁle 𝐛𝐨𝐥𝐝 ②')).toEqual(['abc', 'file', 'bold', '2']);
  });

  it('keeps apostrophes inside of words, and drops the possessive', () => {
    expect(terms("don't don’t")).toEqual(["don't", "don't"]);
    expect(terms("Anna's Anna’s users'")).toEqual(['anna', 'anna', 'users']);
    expect(terms("'quoted'")).toEqual(['quoted']);
    expect(terms("rock'n'roll")).toEqual(["rock'n'roll"]);
  });

  it('keeps the identifiers of programs whole', () => {
    expect(terms('snake_case fooBar v2 __init__')).toEqual([
      'snake_case',
      'foobar',
      'v2',
      '__init__',
    ]);
    expect(terms('a.b->c()')).toEqual(['a', 'b', 'c']);
  });

  it('cuts scripts without spaces into pairs, and ends a text with its last character', () => {
    expect(terms('你好世界')).toEqual(['你好', '好世', '世界', '界']);
    expect(queryTerms('你好世界')).toEqual(['你好', '好世', '世界']);
    expect(terms('好')).toEqual(['好']);
    expect(queryTerms('好')).toEqual(['好']);
  });

  it('takes the long vowels of Japanese for a part of the word', () => {
    expect(terms('コーヒー')).toEqual(['コー', 'ーヒ', 'ヒー', 'ー']);
    expect(queryTerms('らーめん')).toEqual(['らー', 'ーめ', 'めん']);
    expect(terms('人々')).toEqual(['人々', '々']);
  });

  it('separates such a script from the words beside it', () => {
    expect(terms('iPhone的设置2')).toEqual(['iphone', '的设', '设置', '置', '2']);
    expect(terms('สวัสดี hello')).toContain('hello');
  });

  it('takes a pair of surrogates for one character', () => {
    expect(terms('𠮷野家')).toEqual(['𠮷野', '野家', '家']);
  });

  it('is case-insensitive about words that mean something to JavaScript', () => {
    expect(terms('constructor __proto__ toString')).toEqual([
      'constructor',
      '__proto__',
      'tostring',
    ]);
  });

  it('brings English words to their stem, unless language is none', () => {
    expect(terms('Refunds refunded refunding', english)).toEqual(['refund', 'refund', 'refund']);
    expect(terms('Refunds refunded')).toEqual(['refunds', 'refunded']);
    expect(terms('Größen réfunds 你好', english)).toEqual(['großen', 'refund', '你好', '好']);
  });

  it('cuts words that are too long', () => {
    expect(terms('x'.repeat(1_000))).toEqual(['x'.repeat(64)]);
  });

  it('says which part of the text each term stands for', () => {
    const text = 'Ein Café, 你好!';
    const parts = plain.tokenize(text, 'text').map(({ start, end }) => text.slice(start, end));
    expect(parts).toEqual(['Ein', 'Café', '你好', '好']);
  });

  it('gives terms in order, with places inside of any text', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(plain, english), (text, analyzer) => {
        let last = 0;
        for (const { term, start, end } of analyzer.tokenize(text, 'text')) {
          expect(term).not.toBe('');
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = start;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds in a query no term that the same text does not have', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const inText = new Set(terms(text));
        for (const term of queryTerms(text)) expect(inText).toContain(term);
      }),
      { numRuns: 300 },
    );
  });
});
