import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordPiece, splitWords } from '../../../embed/static/word-piece.ts';

describe('splitWords', () => {
  it.each([
    ['', []],
    [' \t\r\n\u00a0\u3000', []],
    ['Hello, World!', ['hello', ',', 'world', '!']],
    ["don't", ['don', "'", 't']],
    ['Anna: see you', ['anna', ':', 'see', 'you']],
    ['Café naïve Ångström', ['cafe', 'naive', 'angstrom']],
    ['İstanbul', ['istanbul']],
    ['ภาษา', ['ภ', 'า', 'ษ', 'า']],
    ['x_y-z@a.com 3.14', ['x', '_', 'y', '-', 'z', '@', 'a', '.', 'com', '3', '.', '14']],
    ['“quoted” – dash…', ['“', 'quoted', '”', '–', 'dash', '…']],
    ['日本語 mixed', ['日', '本', '語', 'mixed']],
    ['great😀👍🏽!', ['great', '😀', '👍', '🏽', '!']],
    ['zero\u200bwidth \u0000null\ufeff', ['zerowidth', 'null']],
    ['שלום עולם', ['שלום', 'עולם']],
    ['a\ud800b', ['ab']],
    ['$5 + 3 = £8 | ~`^<>', ['$', '5', '+', '3', '=', '£', '8', '|', '~', '`', '^', '<', '>']],
  ])('cuts %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it('bounds how long a word gets', () => {
    const words = splitWords('ab'.repeat(5_000));
    expect(Math.max(...words.map((word) => word.length))).toBeLessThanOrEqual(64);
    expect(words.join('')).toBe('ab'.repeat(5_000));
  });
});

describe('WordPiece', () => {
  const vocabulary = [
    'un',
    '##aff',
    '##able',
    '##a',
    '##b',
    'a',
    'able',
    '日',
    '##\u0301',
    'constructor',
  ];
  const wordPiece = new WordPiece(vocabulary);
  const piecesOf = (text: string) => wordPiece.encode(text).map((row) => vocabulary[row]);

  it.each([
    ['unaffable', ['un', '##aff', '##able']],
    ['able', ['able']],
    ['Able UN', ['able', 'un']],
    ['aab', ['a', '##a', '##b']],
    // What has no piece is passed over, and the rest of the word goes on inside of it.
    ['a!ab', ['a', 'a', '##b']],
    ['aéb', ['a', '##b']],
    ['xable', ['##able']],
    ['日a日', ['日', 'a', '日']],
    ['constructor', ['constructor']],
    ['toString', []],
  ])('takes the longest pieces of %j', (text, pieces) => {
    expect(piecesOf(text)).toEqual(pieces);
  });

  it('cuts any text, and always in the same way', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('a', 'b', 'un', 'aff', 'able', ' ', '日', '\ud83d', '\u0301'),
      }),
    );
    fc.assert(
      fc.property(text, (input) => {
        const rows = wordPiece.encode(input);
        expect(rows.every((row) => vocabulary[row] !== undefined)).toBe(true);
        expect(new WordPiece(vocabulary).encode(input)).toEqual(rows);
        // Cached or not, in another case or decomposed: the same pieces.
        expect(wordPiece.encode(input)).toEqual(rows);
        expect(wordPiece.encode(input.normalize('NFD'))).toEqual(rows);
      }),
    );
  });

  it('loses nothing of a text whose characters all have pieces', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ') }), (input) => {
        const whole = new WordPiece(['a', 'b', '##a', '##b', 'ab', '##ba', '##aab']);
        const list = ['a', 'b', '##a', '##b', 'ab', '##ba', '##aab'];
        const text = whole.encode(input).map((row) => list[row]!.replace('##', ''));
        expect(text.join('')).toBe(input.replaceAll(' ', ''));
      }),
    );
  });
});
