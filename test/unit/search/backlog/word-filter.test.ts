import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAnalyzer, type TextAnalyzer } from '../../../../worker/search/analysis/analyzer.ts';
import { parseQuery } from '../../../../worker/search/analysis/query.ts';
import { isVariant } from '../../../../worker/search/analysis/variants.ts';
import { createQueryWords } from '../../../../worker/search/backlog/query-words.ts';
import { WordFilter } from '../../../../worker/search/backlog/word-filter.ts';

const PIECES = [
  'happy happiness running skies dying Straße STRASSE café cafe\u0301 Ελλάς ΕΛΛΑΣ İstanbul',
  'getUserName snake_case wi-fi node.js C++ C# .NET #tag @anna $20 20€ 1,000.50 31.01.2026 10:30',
  "https://example.com/a%20b?x=getUserName&y=(z) anna@example.com it’s don't l'amour צה\"ל",
  '東京都 ありがとう 안녕하세요 ภาษาไทย 👩‍💻 👍🏽 ❤️ 🇩🇪 ﬁne １２３ ③ a\u00adb',
  'a.b.c.d U.S.A. "quoted" (round) [square] {curly} <tag> back\\slash tick` \ud800 \0 \u0007 \u000b \f',
].join(' ');

/** Texts of pieces of real words, and of anything, with any white space between them. */
const text = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...PIECES.split(' ')) },
      { weight: 1, arbitrary: fc.constantFrom(...PIECES) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          ' ',
          ' ',
          '. ',
          ', ',
          '! ',
          '? ',
          '\n',
          '\t',
          '\r\n',
          '\u00a0',
          '\u3000',
          '"',
          '\\',
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const options = fc.record({ prefix: fc.boolean(), typoTolerance: fc.constantFrom(0, 1, 2) });

let analyzers: TextAnalyzer[];

beforeAll(async () => {
  analyzers = await Promise.all(
    (['auto', 'german', 'turkish', 'none'] as const).map((language) => createAnalyzer(language)),
  );
});

describe('the words of a text', () => {
  it('are those of its units between white space', () => {
    fc.assert(
      fc.property(fc.nat({ max: 3 }), text, (index, whole) => {
        const of = analyzers[index] as TextAnalyzer;
        const terms = (part: string) => of.tokenize(part).map(({ term }) => term);
        const units = whole.split(/[\t-\r ]/);
        const withoutMarks = units.map((unit) => unit.replace(/[,.!?]$/, ''));
        expect(new Set(units.flatMap(terms))).toEqual(new Set(terms(whole)));
        expect(new Set(withoutMarks.flatMap(terms))).toEqual(new Set(terms(whole)));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a word filter', () => {
  it('passes the texts that hold a word of a query, and no other ones', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 3 }),
        fc.array(text, { minLength: 1, maxLength: 8 }),
        text,
        options,
        (index, texts, query, variants) => {
          const of = analyzers[index] as TextAnalyzer;
          const parsed = parseQuery(of, query);
          const isWanted = (whole: string) =>
            of
              .tokenize(whole)
              .some(({ term }) => parsed.terms.some((each) => isVariant(term, each, variants)));
          const filter = createQueryWords(of, parsed, variants);
          for (const one of [...texts, ...texts]) {
            const json = new TextEncoder().encode(JSON.stringify(one));
            expect(filter.holds(one)).toBe(isWanted(one));
            expect(filter.holdsJson(json, 1, json.length - 1)).toBe(isWanted(one));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('asks once about a word that comes back', () => {
    const asked: string[] = [];
    const filter = new WordFilter((unit) => {
      asked.push(unit);
      return false;
    });
    for (let time = 0; time < 3; time++) filter.holds('one, two\ttwo\n , three. one');
    expect(asked).toEqual(['one', 'two', 'three']);
  });

  it('tells apart what it has to remember, however much that is', () => {
    const filter = new WordFilter((unit) => Number(unit) % 7 === 0);
    const wrong: number[] = [];
    for (const round of [1, 2]) {
      for (let number = 0; number < 150_000; number += round) {
        if (filter.holds(String(number)) !== (number % 7 === 0)) wrong.push(number);
      }
    }
    expect(wrong).toEqual([]);
    expect(filter.holds('1 2 3')).toBe(false);
    expect(filter.holds('1 2 3 7')).toBe(true);
  });
});
