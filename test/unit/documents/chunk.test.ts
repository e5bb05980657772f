import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { GRAPHEME, SENTENCE, WORD } from '../../../worker/documents/boundaries.ts';
import { chunkText, type Chunk, type ChunkOptions } from '../../../worker/documents/chunk.ts';
import { anyText } from '../../support/arbitraries.ts';

/** Sentences, lines, long words, scripts without spaces, and characters of many units. */
const prose = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'The cat sat on the mat. ',
        'Really? ',
        'Mr. Smith paid $3.14 for it, and left! ',
        'a line without an end\n',
        '\n\n',
        '   \n \n',
        '天気がいいから散歩しましょう。',
        'ภาษาไทยไม่มีช่องว่าง',
        '👩‍👩‍👧‍👦',
        '🇦🇺🇧🇪🇨🇭',
        'e\u0301\u0323',
        ' \u0308',
        '\r\n',
        'क्षत्रिय ',
        '\u0600 ',
        'x\u0600',
        '. \u0600',
        '\u200d',
        '\u0903',
      ),
      fc.string({ maxLength: 12 }),
      fc.nat(300).map((length) => 'x'.repeat(length)),
      fc.nat(200).map((length) => ' '.repeat(length)),
      anyText,
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

const anyOptions: fc.Arbitrary<ChunkOptions> = fc
  .tuple(fc.integer({ min: 64, max: 700 }), fc.oneof(fc.nat(99), fc.constantFrom(0, 100)))
  .map(([chunkSize, percent]) => ({
    chunkSize,
    chunkOverlap: Math.min(chunkSize - 1, Math.floor((chunkSize * percent) / 100)),
  }));

function textsOf(text: string, options: ChunkOptions): string[] {
  return chunkText(text, options).map(({ start, end }) => text.slice(start, end));
}

/** Pairs of neighbours. */
function pairsOf(chunks: readonly Chunk[]): (readonly [Chunk, Chunk])[] {
  return chunks.slice(1).flatMap((chunk, at) => {
    const before = chunks[at];
    return before === undefined ? [] : [[before, chunk] as const];
  });
}

describe('chunks of any text', () => {
  it('hold everything but white space, in order, within the limits', () => {
    fc.assert(
      fc.property(fc.oneof(prose, anyText), anyOptions, (text, options) => {
        const chunks = chunkText(text, options);
        const covered = new Uint8Array(text.length);
        for (const [at, { index, start, end }] of chunks.entries()) {
          expect(index).toBe(at);
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(options.chunkSize);
          covered.fill(1, start, end);
        }
        for (const [before, chunk] of pairsOf(chunks)) {
          expect(chunk.start).toBeGreaterThan(before.start);
          expect(chunk.end).toBeGreaterThan(before.end);
          expect(before.end - chunk.start).toBeLessThanOrEqual(options.chunkOverlap);
        }
        const missed = [...covered].findIndex(
          (isCovered, place) => isCovered === 0 && /\S/.test(text.charAt(place)),
        );
        expect(missed).toBe(-1);
      }),
      { numRuns: 400 },
    );
  });

  it('are cut between characters as a reader sees them', () => {
    const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
    fc.assert(
      fc.property(fc.oneof(prose, anyText), anyOptions, (text, options) => {
        const places = new Set([text.length]);
        // Leaving out the white space after an Arabic number sign cuts what counts as one character.
        for (const { index } of text.matchAll(/\s/g)) places.add(index);
        for (const { index, segment } of graphemes.segment(text)) {
          // What is longer than a chunk must be cut somewhere.
          if (segment.length > options.chunkSize) return;
          places.add(index);
        }
        for (const { start, end } of chunkText(text, options)) {
          expect(places).toContain(start);
          expect(places).toContain(end);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are few, however large the overlap', () => {
    fc.assert(
      fc.property(prose, anyOptions, (text, options) => {
        const most = (16 * text.length) / options.chunkSize + 1;
        expect(chunkText(text, options).length).toBeLessThanOrEqual(most);
      }),
    );
    const words = 'a b '.repeat(2_000);
    expect(chunkText(words, { chunkSize: 800, chunkOverlap: 799 }).length).toBeLessThanOrEqual(80);
  });
});

describe('chunkText', () => {
  it('finds nothing in nothing', () => {
    expect(chunkText('', { chunkSize: 64, chunkOverlap: 0 })).toEqual([]);
    expect(chunkText(' \n\t ', { chunkSize: 64, chunkOverlap: 0 })).toEqual([]);
  });

  it('leaves a short text whole, without the white space around it', () => {
    expect(chunkText('\n Hello there. \n', { chunkSize: 64, chunkOverlap: 8 })).toEqual([
      { index: 0, start: 2, end: 14 },
    ]);
  });

  it('ends chunks with sentences and begins them with sentences', () => {
    const sentences = Array.from({ length: 12 }, (_, at) => `This is the sentence number ${at}.`);
    const texts = textsOf(sentences.join(' '), { chunkSize: 100, chunkOverlap: 40 });
    expect(texts.slice(0, 3)).toEqual([
      'This is the sentence number 0. This is the sentence number 1. This is the sentence number 2.',
      'This is the sentence number 2. This is the sentence number 3. This is the sentence number 4.',
      'This is the sentence number 4. This is the sentence number 5. This is the sentence number 6.',
    ]);
    for (const text of texts) expect(text).toMatch(/^This is [^]*\d\.$/);
  });

  it('takes a wrapped line for a part of its sentence, and a blank line for an end', () => {
    const wrapped = 'A sentence that goes on\nover the end of a line. Another one\nbegins here and';
    expect(textsOf(`${wrapped} does not fit.`, { chunkSize: 64, chunkOverlap: 0 })[0]).toBe(
      'A sentence that goes on\nover the end of a line.',
    );
    const heading = `${'A heading '.repeat(4)}\n\n${'and a text '.repeat(4)}`;
    expect(textsOf(heading, { chunkSize: 64, chunkOverlap: 0 })[0]).toBe(
      'A heading A heading A heading A heading',
    );
  });

  it('ends chunks with lines where there are no sentences', () => {
    const log = Array.from({ length: 20 }, (_, at) => `GET /page/${at} 200 in ${at} ms`);
    for (const text of textsOf(log.join('\n'), { chunkSize: 80, chunkOverlap: 0 })) {
      for (const line of text.split('\n')) expect(log).toContain(line);
    }
  });

  it('ends chunks with words where a sentence does not fit', () => {
    const words = 'no end is in sight of this sentence and it goes on and on '.repeat(10).trim();
    const texts = textsOf(words, { chunkSize: 70, chunkOverlap: 20 });
    expect(texts.length).toBeGreaterThan(5);
    const known = new Set(words.split(' '));
    for (const word of texts.join(' ').split(' ')) expect(known).toContain(word);
  });

  it('shares words with the chunk before when no sentence begins within the overlap', () => {
    const text = 'one two three four five six seven eight nine ten '.repeat(20);
    for (const [before, chunk] of pairsOf(chunkText(text, { chunkSize: 100, chunkOverlap: 30 }))) {
      const shared = before.end - chunk.start;
      expect(shared).toBeGreaterThan(20);
      expect(shared).toBeLessThanOrEqual(30);
    }
  });

  it('keeps a word whole that fits into a chunk, at the price of the overlap', () => {
    const word = 'w'.repeat(90);
    const texts = textsOf(`${'short words '.repeat(8)}${word} tail`, {
      chunkSize: 100,
      chunkOverlap: 50,
    });
    expect(texts.filter((text) => text.includes(word))).toHaveLength(1);
  });

  it('cuts a word that is longer than a chunk', () => {
    expect(textsOf('x'.repeat(150), { chunkSize: 64, chunkOverlap: 63 })).toEqual([
      'x'.repeat(64),
      'x'.repeat(64),
      'x'.repeat(22),
    ]);
  });

  it('cuts a character that is longer than a chunk, but no code point', () => {
    const character = `e${'\u{1d165}'.repeat(100)}`;
    const texts = textsOf(character, { chunkSize: 64, chunkOverlap: 0 });
    expect(texts.join('')).toBe(character);
    for (const text of texts) expect(text).not.toMatch(/\p{Surrogate}/u);
  });

  it('does not cut in a row of flags', () => {
    const flags = '🇦🇺🇧🇪🇨🇭'.repeat(50);
    for (let chunkSize = 256; chunkSize < 264; chunkSize += 1) {
      const chunks = chunkText(flags, { chunkSize, chunkOverlap: 30 });
      for (const { start, end } of chunks) expect([start % 4, end % 4]).toEqual([0, 0]);
      for (const [before, chunk] of pairsOf(chunks)) expect(chunk.start).toBeLessThan(before.end);
    }
  });

  it.each([
    ['sentences', 'The quick brown fox jumps over the lazy dog. It was 3.14 meters high. '],
    ['lines', 'GET /index.html 200\n'],
    ['one word', 'x'],
    ['white space behind a word', `x${' '.repeat(10_000)}`],
    ['Japanese', '天気がいいから散歩しましょう。'],
  ])('gives segmenters small pieces, and everything a few times at most: %s', (_, piece) => {
    const spies = [SENTENCE, WORD, GRAPHEME].map(({ segmenter }) => vi.spyOn(segmenter, 'segment'));
    const text = piece.repeat(Math.ceil(60_000 / piece.length));
    const chunks = chunkText(text, { chunkSize: 1_000, chunkOverlap: 200 });
    const pieces = spies.flatMap((spy) => spy.mock.calls.map(([given]) => given.length));
    for (const spy of spies) spy.mockRestore();

    expect(chunks.at(-1)?.end).toBe(text.trimEnd().length);
    // A step of a segmenter costs time in proportion to its whole string.
    expect(Math.max(...pieces)).toBeLessThanOrEqual(512);
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBeLessThan(8 * text.length);
  });
});
