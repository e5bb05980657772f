import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDigest } from '../../../worker/documents/digest.ts';

describe('createDigest', () => {
  it('gives the SHA-256 of all pieces, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
        const digest = createDigest();
        for (const piece of pieces) digest.update(piece);
        const expected = createHash('sha256').update(Buffer.concat(pieces)).digest('hex');
        expect(digest.hex()).toBe(expected);
      }),
    );
  });

  it('gives the same digits again, and takes nothing more then', () => {
    const digest = createDigest();
    digest.update(new TextEncoder().encode('abc'));
    const hex = digest.hex();
    expect(hex).toMatch(/^ba7816bf/);
    expect(digest.hex()).toBe(hex);
    expect(() => digest.update(new Uint8Array(1))).toThrow('destroyed');
  });
});
