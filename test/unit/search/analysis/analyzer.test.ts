import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEARCH_LANGUAGES } from '../../../../src/shared/search-languages.ts';
import {
  createAnalyzer,
  type TextAnalyzer,
  type Token,
} from '../../../../worker/search/analysis/analyzer.ts';
import { anyText } from '../../../support/arbitraries.ts';

const none = await createAnalyzer('none');
const auto = await createAnalyzer('auto');
const turkish = await createAnalyzer('turkish');
const french = await createAnalyzer('french');

const FRAGMENTS = [
  'water',
  'Café',
  "don't",
  "l'",
  'l’eau',
  'getUserName',
  'snake_case',
  '_',
  '__',
  'wi-fi',
  '-',
  '.',
  '..',
  'https://',
  'www.',
  'a@b.co',
  '@',
  '#',
  '++',
  'C',
  '3.14',
  '1,000',
  'v2',
  '20th',
  '$',
  '€',
  '42',
  ':',
  '/',
  '%20',
  '?q=',
  '&',
  '"',
  '„',
  '👩🏽‍💻',
  '👍',
  '🏽',
  '\u200d',
  '\ufe0f',
  '🇩🇪',
  '\u{1f1e9}',
  '你好',
  'の',
  'ー',
  'ｶﾞ',
  '학교',
  '\u1112\u1161\u11ab',
  'ไทยกำ',
  'كِتَاب',
  'ـ',
  'מִלָּה',
  'צה"ל',
  'हिन्दी',
  'ёлки',
  'Σίσυφος',
  'ß',
  'ŉ',
  'ı',
  'İ',
  'ﷺ',
  '㌔',
  '\u0301',
  '\u200c',
  '\ud83d',
  '\udc4b',
  ' ',
  ' ',
  ' ',
  '\n',
  'iVBORw0KGgo9AAANS7UhEUgA8ab+c1d2e3f',
  'x'.repeat(70),
];

/** Texts as hostile as they come, and such of which parts belong together in many ways. */
const text = fc.oneof(
  anyText,
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join('')),
);

const analyzer = fc.constantFrom(none, auto, turkish, french);

const terms = ({ tokenize }: TextAnalyzer, content: string): string[] =>
  tokenize(content).map(({ term }) => term);

describe('createAnalyzer', () => {
  it('brings English words to their stem, and other scripts to theirs', () => {
    expect(terms(auto, 'Refunds refunded refunding')).toEqual(['refund', 'refund', 'refund']);
    expect(terms(auto, 'réfunds 20th 20 YouTube youtube')).toEqual([
      'refund',
      '20',
      '20',
      'youtub',
      'you',
      'tube',
      'youtub',
    ]);
    expect(terms(auto, 'книга книгами')).toEqual(['книг', 'книг']);
    expect(terms(auto, 'δρόμος ΔΡΌΜΟΙ')).toEqual(['δρομ', 'δρομ']);
    expect(terms(auto, 'كتاب الْكِتَابُ')).toEqual(['كتاب', 'كتاب']);
    expect(terms(auto, 'किताब किताबें')).toEqual(['किताब', 'किताब']);
    expect(terms(auto, '你好')).toEqual(terms(none, '你好'));
  });

  it('leaves words as they are where language is none', () => {
    expect(terms(none, 'Refunds refunded книгами 20th')).toEqual([
      'refunds',
      'refunded',
      'книгами',
      '20th',
    ]);
    expect(none.isStopWord('the')).toBe(false);
  });

  it('stems with the letters of the language, and folds them afterwards', async () => {
    expect(terms(french, 'élèves eleves maisons')).toEqual(['elev', 'elev', 'maison']);
    expect(terms(turkish, "kitaplarımızdan İSTANBUL'DA Istanbul")).toEqual([
      'kitap',
      'istanbul',
      'istanbul',
    ]);
    const german = await createAnalyzer('german');
    expect(terms(german, 'Häuser Haus Größe gross')).toEqual(['haus', 'haus', 'gross', 'gross']);
    const russian = await createAnalyzer('russian');
    expect(terms(russian, 'книгами refunded')).toEqual(['книг', 'refund']);
  });

  it('knows stop words as they are written, not by their stem', async () => {
    for (const word of ['the', 'The', 'a', "don't", 'don’t', 'dont', "it's", 'и', 'και']) {
      expect(auto.isStopWord(word), word).toBe(true);
    }
    for (const word of ['cans', 'refund', 'thé_vert', '42', '👋', '', 'will-o']) {
      expect(auto.isStopWord(word), word).toBe(false);
    }
    expect(french.isStopWord('été')).toBe(true);
    expect(french.isStopWord('the')).toBe(false);
    expect((await createAnalyzer('mandarin')).isStopWord('什么')).toBe(true);
  });

  it.each(SEARCH_LANGUAGES)('copes with any word in %s', async (language) => {
    const own = await createAnalyzer(language);
    expect(own.stamp).toContain(language);
    const words = [
      ...FRAGMENTS,
      'constructor',
      '__proto__',
      'y',
      'ie',
      'å'.repeat(300),
      'ы'.repeat(300),
    ];
    for (const word of words) {
      for (const { term } of own.tokenize(word)) expect(term).not.toBe('');
    }
  });

  it('has another stamp for each language', async () => {
    const stamps = await Promise.all(
      SEARCH_LANGUAGES.map(async (language) => (await createAnalyzer(language)).stamp),
    );
    expect(new Set(stamps).size).toBe(SEARCH_LANGUAGES.length);
  });
});

describe('TextAnalyzer', { timeout: 30_000 }, () => {
  it('gives terms in order, each once at a position, with places inside of any text', () => {
    fc.assert(
      fc.property(text, analyzer, (content, { tokenize }) => {
        let last = { start: 0, position: 0 };
        const seen = new Set<string>();
        for (const token of tokenize(content)) {
          const { term, start, end, position } = token;
          expect(term.length).toBeGreaterThan(0);
          expect(term.length).toBeLessThanOrEqual(67);
          expect(start).toBeGreaterThanOrEqual(last.start);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(content.length);
          expect(position).toBeGreaterThanOrEqual(last.position);
          expect(seen).not.toContain(`${position} ${term}`);
          seen.add(`${position} ${term}`);
          last = token;
        }
      }),
      { numRuns: 400 },
    );
  });

  it('finds each term in the part of the text that it stands for', () => {
    fc.assert(
      fc.property(text, analyzer, (content, own) => {
        for (const { term, start, end } of own.tokenize(content)) {
          expect(terms(own, content.slice(start, end))).toContain(term);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('has no term of a query or phrase that the same text does not have in the same place', () => {
    fc.assert(
      fc.property(text, analyzer, (content, { tokenize }) => {
        const tokens = tokenize(content);
        const place = ({ term, position }: Token): string => `${position} ${term}`;
        const inText = new Set(tokens.map(place));
        const query = tokenize(content, 'query');
        const phrase = tokenize(content, 'phrase');
        for (const token of [...query, ...phrase]) expect(inText).toContain(place(token));
        expect(query.length > 0).toBe(tokens.length > 0);
        expect(new Set(phrase.map(({ position }) => position)).size).toBe(phrase.length);
      }),
      { numRuns: 400 },
    );
  });

  it('reads what stands between spaces as if nothing else were there', () => {
    fc.assert(
      fc.property(text, text, analyzer, (before, after, { tokenize }) => {
        const first = tokenize(before);
        const second = tokenize(after);
        const both = tokenize(`${before} ${after}`);
        expect(both.slice(0, first.length)).toEqual(first);
        const shift = (both[first.length]?.position ?? 0) - (second[0]?.position ?? 0);
        expect(both.slice(first.length)).toEqual(
          second.map(({ term, start, end, position }) => ({
            term,
            start: start + before.length + 1,
            end: end + before.length + 1,
            position: position + shift,
          })),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same terms however the text is encoded, and whatever was read before', async () => {
    const fresh = await createAnalyzer('auto');
    fc.assert(
      fc.property(text, (content) => {
        expect(fresh.tokenize(content)).toEqual(auto.tokenize(content));
        const wellFormed = content.replaceAll(/\p{Surrogate}/gu, ' ');
        const words = wellFormed.split(/[^\p{L}\p{M}]+/u).filter((word) => /^\p{L}/u.test(word));
        for (const word of words) {
          expect(terms(none, word.normalize('NFD'))).toEqual(terms(none, word.normalize('NFC')));
        }
      }),
      { numRuns: 300, examples: [['\u1e92\u6f22']] },
    );
  });

  it('takes texts of any kind in time that grows with their length', () => {
    for (const unit of [
      'x',
      'a-',
      'a@',
      '1.',
      'a\u0301',
      '👩\u200d',
      '好',
      '"',
      "a'",
      'https://a.b/',
      '#',
      '$1',
      '_a',
    ]) {
      const { length } = auto.tokenize(unit.repeat(30_000));
      expect(length, unit).toBeLessThanOrEqual(2 * 30_000);
    }
  });
});
