import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../worker/crc32c.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('crc32c', () => {
  it.each([
    ['the check value of the catalogue of CRCs', bytes('123456789'), 0xe3069283],
    // RFC 3720, appendix B.4
    ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 ascending bytes', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ['32 descending bytes', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
    ['one letter', bytes('a'), 0xc1d04330],
    ['nothing', new Uint8Array(0), 0],
  ])('is that of the published vector: %s', (_, input, expected) => {
    expect(crc32c(input)).toBe(expected);
  });

  it('covers the range that it is given and nothing else', () => {
    expect(crc32c(bytes('__123456789__'), 2, 11)).toBe(0xe3069283);
  });

  it('changes with every single bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (input, position) => {
        const changed = input.slice();
        const bit = position % (input.length * 8);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(crc32c(changed)).not.toBe(crc32c(input));
      }),
      { numRuns: 200 },
    );
  });
});
