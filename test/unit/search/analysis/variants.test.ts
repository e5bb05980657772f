import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueryTerm } from '../../../../worker/search/analysis/query.ts';
import {
  isVariant,
  isWithin,
  VariantMatcher,
} from '../../../../worker/search/analysis/variants.ts';

/** Few letters, so that terms share beginnings and lie close together. */
const term = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 7 }),
  fc.constantFrom('__proto__', 'constructor', '世界', '👋'),
);

const queryTerm: fc.Arbitrary<QueryTerm> = fc.record({
  term,
  prefix: fc.boolean(),
  typos: fc.nat(2),
  quoted: fc.boolean(),
});

const options = fc.record({ prefix: fc.boolean(), typoTolerance: fc.nat(2) });

/** How many insertions, deletions and changes of UTF-16 units lie between two terms. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (__, j) => Math.max(i, j)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      (rows[i] ?? [])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change);
    }
  }
  return at(a.length, b.length);
}

describe('isWithin', () => {
  it('agrees with the definition of the distance', () => {
    fc.assert(
      fc.property(term, term, fc.nat(2), (a, b, tolerance) => {
        expect(isWithin(a, b, tolerance)).toBe(distance(a, b) <= tolerance);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isVariant', () => {
  const water: QueryTerm = { term: 'water', prefix: true, typos: 2, quoted: false };
  const both = { prefix: true, typoTolerance: 2 };

  it('takes the term itself, whatever is configured', () => {
    const strict = { prefix: false, typoTolerance: 0 };
    expect(isVariant('water', water, strict)).toBe(true);
    expect(isVariant('waterfall', water, strict)).toBe(false);
    expect(isVariant('watre', water, strict)).toBe(false);
  });

  it('takes beginnings and typos where both the configuration and the term allow them', () => {
    expect(isVariant('waterfall', water, both)).toBe(true);
    expect(isVariant('waterfall', { ...water, prefix: false }, both)).toBe(false);
    expect(isVariant('watre', water, both)).toBe(true);
    expect(isVariant('watre', { ...water, typos: 1 }, both)).toBe(false);
    expect(isVariant('watre', water, { ...both, typoTolerance: 1 })).toBe(false);
    expect(isVariant('wate', water, { ...both, typoTolerance: 1 })).toBe(true);
    expect(isVariant('salt', water, both)).toBe(false);
  });
});

describe('VariantMatcher', () => {
  it('finds a term of the query wherever there is one, the nearest first', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(queryTerm, { selector: (query) => query.term, maxLength: 8 }),
        options,
        term,
        (terms, config, candidate) => {
          const found = new VariantMatcher(terms, config).match(candidate);
          const variants = terms.filter((query) => isVariant(candidate, query, config));
          const exact = terms.find((query) => query.term === candidate);
          const expected = exact === undefined ? variants : [exact];
          expect(expected.length > 0 ? expected : [undefined]).toContain(found);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
