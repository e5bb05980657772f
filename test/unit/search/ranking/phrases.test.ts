import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findPhrases } from '../../../../worker/search/ranking/phrases.ts';
import { rankText } from '../../../../worker/search/ranking/text-ranking.ts';
import { anyParts, anyTerm, conversation, EXACT, partOf } from './support.ts';

const anyPhrase = fc
  .array(fc.tuple(anyTerm, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 })
  .map((words) => {
    const terms: string[] = [];
    const positions: number[] = [];
    for (const [term, step] of words) {
      positions.push(positions.length === 0 ? 0 : (positions.at(-1) ?? 0) + step);
      terms.push(term);
    }
    return { terms, positions };
  });

it('marks exactly the documents in which every phrase stands', () => {
  fc.assert(
    fc.property(anyParts, fc.array(anyPhrase, { minLength: 1, maxLength: 2 }), (parts, phrases) => {
      const expected = parts.map(({ segment }) =>
        Uint8Array.from(segment.documents, ({ terms }) =>
          phrases.every((phrase) =>
            terms.some((_, start) =>
              phrase.terms.every((term, at) => terms[start + (phrase.positions[at] ?? 0)] === term),
            ),
          )
            ? 1
            : 0,
        ),
      );
      expect(findPhrases(parts, { terms: [], phrases })).toEqual(expected);
    }),
  );
});

it('leaves out of a ranking what holds the words but not the phrase', () => {
  const part = partOf(conversation('a: cup of tea', 'a: tea of cup'));
  const terms = ['cup', 'of', 'tea'];
  const query = {
    terms: terms.map((term) => ({ term, prefix: false, typos: 0, quoted: true })),
    phrases: [{ terms, positions: [0, 1, 2] }],
  };
  const hits = rankText([part], query, { ...EXACT, limit: 10 });
  expect(hits.map(({ document }) => document)).toEqual([0]);
});
