import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, TermDictionary } from '../../../worker/search/term-dictionary.ts';

/** Few letters, so that terms share beginnings and lie close together. */
const term = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 5 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '世界', '👋'),
);

const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('insert', 'insert', 'remove', 'find'),
    term,
    document: fc.nat(5),
  }),
  { maxLength: 120 },
);

/** How many insertions, deletions and changes of UTF-16 units lie between two terms. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => Math.max(i, j)),
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

/** The matching terms and their documents, sorted. */
function sorted(found: Readonly<Record<string, number[]>>): [string, number[]][] {
  return Object.keys(found)
    .sort()
    .map((key) => [key, [...(found[key] ?? [])].sort((a, b) => a - b)]);
}

describe('TermDictionary', { timeout: 30_000 }, () => {
  it.each([
    { prefix: false, tolerance: 0 },
    { prefix: true, tolerance: 0 },
    { prefix: false, tolerance: 1 },
    { prefix: true, tolerance: 2 },
  ])('finds what a list of all terms would: $prefix, $tolerance', ({ prefix, tolerance }) => {
    fc.assert(
      fc.property(changes, fc.array(term, { minLength: 1 }), (script, queries) => {
        const dictionary = new TermDictionary({ prefix });
        const documentsByTerm = new Map<string, Set<number>>();
        const expectFound = (query: string): void => {
          const expected = [...documentsByTerm].filter(
            ([known, documents]) =>
              documents.size > 0 &&
              (known === query ||
                (prefix && known.startsWith(query)) ||
                distance(known, query) <= tolerance),
          );
          expect(sorted(dictionary.find({ term: query, tolerance }))).toEqual(
            sorted(
              Object.fromEntries(expected.map(([known, documents]) => [known, [...documents]])),
            ),
          );
        };
        for (const { kind, term: changed, document } of script) {
          const documents = documentsByTerm.get(changed) ?? new Set();
          documentsByTerm.set(changed, documents);
          if (kind === 'insert' && !documents.has(document)) {
            documents.add(document);
            dictionary.insert(changed, document);
          } else if (kind === 'remove') {
            dictionary.removeDocumentByWord(changed, document);
            documents.delete(document);
          } else if (kind === 'find') {
            expectFound(changed);
          }
        }
        for (const query of queries) expectFound(query);
      }),
      { numRuns: 60 },
    );
  });

  it('finds the beginnings of terms among thousands that came one by one', () => {
    const dictionary = new TermDictionary({ prefix: true });
    const terms = Array.from({ length: 3_000 }, (_, index) =>
      ((index * 7_919) % 3_000).toString(36),
    );
    terms.forEach((known, document) => {
      dictionary.insert(known, document);
      // Searching in between puts the new terms in their place, few at a time or many.
      if (document % 700 < 5) dictionary.find({ term: 'a' });
    });
    for (const prefix of new Set(
      terms.flatMap((known) => [known.slice(0, 1), known.slice(0, 2)]),
    )) {
      const expected = terms.filter((known) => known.startsWith(prefix)).sort();
      expect(Object.keys(dictionary.find({ term: prefix })).sort(), prefix).toEqual(expected);
    }
  });

  it('says whether there was something to remove', () => {
    const dictionary = new TermDictionary({ prefix: true });
    dictionary.insert('apple', 1);
    expect(dictionary.removeDocumentByWord('apple', 2)).toBe(false);
    expect(dictionary.removeDocumentByWord('pear', 1)).toBe(false);
    expect(dictionary.removeDocumentByWord('apple', 1)).toBe(true);
    expect(dictionary.removeDocumentByWord('apple', 1)).toBe(false);
  });

  it('finds a term again that had lost all its documents', () => {
    const dictionary = new TermDictionary({ prefix: true });
    dictionary.insert('apple', 1);
    dictionary.find({ term: 'app' });
    dictionary.removeDocumentByWord('apple', 1);
    expect(sorted(dictionary.find({ term: 'app' }))).toEqual([]);
    dictionary.insert('apple', 2);
    expect(sorted(dictionary.find({ term: 'app' }))).toEqual([['apple', [2]]]);
  });
});

describe('isWithin', () => {
  it('agrees with the definition of the distance', () => {
    fc.assert(
      fc.property(term, term, fc.nat(2), (a, b, tolerance) => {
        expect(isWithin(a, b, tolerance)).toBe(
          Math.abs(a.length - b.length) <= tolerance && distance(a, b) <= tolerance,
        );
      }),
      { numRuns: 150 },
    );
  });
});
