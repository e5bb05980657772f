import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceFrom, wordsDue } from '../../demo/recall/pace.ts';

describe('pace of a reply', () => {
  it('gives a word more with each step, and what stands between them', () => {
    const at = (elapsedMs: number): string => wordsDue('I  found\nit. ', elapsedMs, 40);
    expect([0, 39, 40, 80, 120, 160].map(at)).toEqual([
      '',
      '',
      'I',
      'I  found',
      'I  found\nit.',
      'I  found\nit. ',
    ]);
  });

  it('catches up at once with the time that has passed', () => {
    expect(wordsDue('one two three four', 3_000, 1_000)).toBe('one two three');
  });

  it('gives all at once where no time is to be taken', () => {
    expect(wordsDue('one two three', 0, 0)).toBe('one two three');
  });

  it('only ever adds, and comes to the whole text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ß', '😀', ' ', '\n', '\t') });
    fc.assert(
      fc.property(text, fc.nat(2_000), fc.nat(2_000), (whole, elapsedMs, moreMs) => {
        const before = wordsDue(whole, elapsedMs, 40);
        const after = wordsDue(whole, elapsedMs + moreMs, 40);
        expect(after.startsWith(before)).toBe(true);
        expect(whole.startsWith(after)).toBe(true);
        expect(wordsDue(whole, 40 * (whole.length + 1), 40)).toBe(whole);
      }),
    );
  });

  it('takes a number of milliseconds from the address, and nothing else', () => {
    expect(['400', '0', '9999999'].map(paceFrom)).toEqual([400, 0, 60_000]);
    const usual = paceFrom(null);
    expect(usual).toBeGreaterThan(0);
    expect(['', '-1', 'fast', '1.5', '0x10'].map(paceFrom)).toEqual(Array(5).fill(usual));
  });
});
