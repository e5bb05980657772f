import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMarks } from '../../../../worker/search/ranking/query-marks.ts';
import { rankText, scoreText } from '../../../../worker/search/ranking/text-ranking.ts';
import type { ParsedQuery } from '../../../../worker/search/analysis/query.ts';
import { expectRanking, holdsTerm, naiveTextScore } from './oracle.ts';
import { anyParts, anyQuery, conversation, EXACT, partOf, queryOf } from './support.ts';

/** The texts of the hits in one conversation, best first. */
function rank(lines: readonly string[], query: ParsedQuery, options = {}): (string | undefined)[] {
  const hits = rankText([partOf(conversation(...lines))], query, {
    ...EXACT,
    limit: 10,
    ...options,
  });
  return hits.map(({ document }) => lines[document]);
}

describe('rankText', () => {
  it('agrees with a naive ranking', () => {
    fc.assert(
      fc.property(anyParts, anyQuery, fc.nat(8), (parts, query, limit) => {
        expectRanking(parts, rankText(parts, query, { ...EXACT, limit }), limit, (part, document) =>
          holdsTerm(part, query, document) ? naiveTextScore(parts, query, part, document) : 0,
        );
      }),
    );
  });

  it('finds nothing when there is nothing to look for', () => {
    expect(rank(['ann: tea'], queryOf())).toEqual([]);
    expect(rankText([], queryOf('tea'), { ...EXACT, limit: 10 })).toEqual([]);
    expect(rankText([partOf([])], queryOf('tea'), { ...EXACT, limit: 10 })).toEqual([]);
  });

  it('prefers messages of a sender whom the query names', () => {
    const lines = [
      'bob: hello ann the trip',
      'x: -',
      'x: -',
      'x: -',
      'x: -',
      'ann: hello trip two',
    ];
    expect(rank(lines, queryOf('ann', 'trip'))[0]).toBe('ann: hello trip two');
  });

  it('prefers what is said next to the other words of the query', () => {
    const far = ['x: a', 'x: b', 'x: c', 'x: d', 'x: e'];
    const lines = ['bob: cup broken', ...far, 'bob: which tea', 'ann: cup of it', ...far];
    expect(rank(lines, queryOf('tea', 'cup')).slice(0, 2)).toEqual([
      'ann: cup of it',
      'bob: which tea',
    ]);
  });

  it('shows only messages that hold a word of the query', () => {
    expect(rank(['bob: which tea', 'ann: that one'], queryOf('tea'))).toEqual(['bob: which tea']);
  });

  it('lets deleted messages lift nothing, and filtered ones as before', () => {
    const documents = conversation('a: cup cup', 'a: rain rain', 'b: tea');
    const scoreWith = (options: Parameters<typeof partOf>[1]): number => {
      const hits = rankText([partOf(documents, options)], queryOf('tea', 'cup'), {
        ...EXACT,
        limit: 10,
      });
      return hits.find(({ document }) => document === 2)?.score ?? 0;
    };
    expect(scoreWith({ dead: new Set([0]) })).toBeLessThan(scoreWith({}));
    expect(scoreWith({ refused: new Set([0]) })).toBe(scoreWith({}));
  });

  it('counts how far messages are apart by their numbers', () => {
    const [first, second] = conversation('a: cup', 'b: tea');
    const scoreAt = (number: number): number => {
      const part = partOf(
        [first, second].flatMap((at, i) => (at ? { ...at, number: i * number } : [])),
      );
      const hits = rankText([part], queryOf('tea', 'cup'), { ...EXACT, limit: 10 });
      return hits.find(({ document }) => document === 1)?.score ?? 0;
    };
    expect(scoreAt(4)).toBeLessThan(scoreAt(1));
    expect(scoreAt(5)).toBeLessThan(scoreAt(4));
    expect(scoreAt(6)).toBe(scoreAt(5));
  });

  it('lets a term that is everywhere count only where it stands', () => {
    const documents = Array.from({ length: 2_200 }, (_, number) => ({
      ownerKey: 'session',
      number,
      terms: [number % 2 === 0 ? 'everywhere' : 'else', ...(number === 100 ? ['rare'] : [])],
    }));
    const parts = [partOf(documents)];
    const reached = (term: string): number[] => {
      const query = queryOf(term);
      const [text] = scoreText(parts, query, findMarks(parts, query), EXACT);
      return [...(text?.scores ?? []).entries()].flatMap(([at, score]) => (score > 0 ? at : []));
    };
    expect(reached('everywhere').every((document) => document % 2 === 0)).toBe(true);
    expect(reached('rare')).toEqual([96, 97, 98, 99, 100, 101, 102, 103, 104]);
  });

  it('measures the length of a chunk by that of other chunks', () => {
    const message = { ownerKey: 's', number: 0, terms: ['tea', 'cup'] };
    const chunk = {
      ownerKey: 'd',
      number: 0,
      terms: ['tea', ...Array.from({ length: 99 }, () => 'x')],
    };
    const [first, second] = rankText(
      [partOf([message]), partOf([chunk], { type: 'document' })],
      queryOf('tea'),
      { ...EXACT, limit: 10 },
    );
    expect(first?.score).toBe(second?.score);
  });
});

describe('variants', () => {
  const query = (term: string, typos = 0): ParsedQuery => ({
    terms: [{ term, prefix: true, typos, quoted: false }],
    phrases: [],
  });

  it('finds longer words when asked to, after the very word', () => {
    const lines = ['a: paint', 'x: a', 'x: b', 'x: c', 'x: d', 'a: paintbrush'];
    expect(rank(lines, query('paint'), { prefix: true })).toEqual(['a: paint', 'a: paintbrush']);
    expect(rank(lines, query('paint'))).toEqual(['a: paint']);
  });

  it('finds words with typos when asked to, as far as both the word and the options allow', () => {
    const lines = ['a: kitchn', 'x: a', 'x: b', 'x: c', 'x: d', 'a: kitchen'];
    const all = ['a: kitchn', 'a: kitchen'];
    expect(rank(lines, query('kitchn', 1), { typoTolerance: 1 })).toEqual(all);
    expect(rank(lines, query('kitchn', 0), { typoTolerance: 1 })).toEqual(['a: kitchn']);
    expect(rank(lines, query('kitchn', 1), { typoTolerance: 0 })).toEqual(['a: kitchn']);
  });

  it('never takes the mark of a sender for a typo', () => {
    const part = partOf([{ ownerKey: 's', number: 0, terms: ['x', '\0max'] }]);
    const options = { prefix: true, typoTolerance: 1, limit: 10 };
    expect(rankText([part], query('max', 1), options)).toEqual([]);
  });
});
