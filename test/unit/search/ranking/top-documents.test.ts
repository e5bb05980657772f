import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TopDocuments } from '../../../../worker/search/ranking/top-documents.ts';
import { anyParts, conversation, partOf } from './support.ts';

it('keeps what sorting everything would keep, newer documents first among equals', () => {
  fc.assert(
    fc.property(
      anyParts,
      fc.nat(15),
      fc.infiniteStream(fc.integer({ min: -1, max: 4 })),
      (parts, limit, scores) => {
        const all = parts.flatMap((part, index) =>
          part.segment.documents.map(({ time = 0 }, document) => ({
            part: index,
            document,
            time,
            score: scores.next().value,
            isHit: part.isLive(document) && part.accepts(document),
          })),
        );
        const top = new TopDocuments(parts, limit);
        for (const { part, document, score } of all) top.offer(part, document, score);
        const expected = all
          .filter(({ isHit, score }) => isHit && score > 0)
          .toSorted(
            (a, b) =>
              b.score - a.score || b.time - a.time || b.part - a.part || b.document - a.document,
          )
          .slice(0, limit)
          .map(({ part, document, score }) => ({ part, document, score }));
        expect(top.toArray()).toEqual(expected);
      },
    ),
  );
});

it('takes no score that is not a number', () => {
  const top = new TopDocuments([partOf(conversation('a: tea', 'a: tea'))], 5);
  top.offer(0, 0, Number.NaN);
  top.offer(0, 1, 0.1);
  expect(top.toArray()).toEqual([{ part: 0, document: 1, score: 0.1 }]);
});
