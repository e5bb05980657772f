import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryBackend } from '../../../worker/backend/memory.ts';
import { readPlaces } from '../../../worker/store/read-places.ts';
import { createMeteredBackend } from '../../support/metered-backend.ts';

const SIZE = 3_000_000;

const CONTENT = Uint8Array.from({ length: SIZE }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

const backend = createMeteredBackend(createMemoryBackend());
const file = await backend.open('file', { create: true });
file?.write(CONTENT, 0);

/** The bytes of each place, and how many reads they took. */
function read(places: readonly { offset: number; length: number }[]) {
  if (file === null) throw new Error('The file is not there.');
  backend.reset();
  const parts: Uint8Array[] = [];
  readPlaces(file, places, (index, bytes) => (parts[index] = bytes.slice()));
  return { parts, reads: backend.meter().reads };
}

describe('readPlaces', () => {
  it('gives the bytes of every place, in whatever order and however far apart they lie', () => {
    const place = fc.oneof(
      fc.record({ offset: fc.nat(20_000), length: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ offset: fc.nat(1_500_000), length: fc.nat(1_400_000) }),
    );
    fc.assert(
      fc.property(fc.array(place, { maxLength: 20 }), (places) => {
        const { parts } = read(places);
        expect(parts).toHaveLength(places.length);
        places.forEach(({ offset, length }, index) => {
          const expected = CONTENT.subarray(offset, offset + length);
          expect(Buffer.compare(parts[index] ?? new Uint8Array(0), expected)).toBe(0);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('reads neighbours at once, up to a mebibyte, and distant places on their own', () => {
    const lines = (count: number, length: number, gap = 0) =>
      Array.from({ length: count }, (_, index) => ({ offset: index * (length + gap), length }));
    expect(read([]).reads).toBe(0);
    expect(read(lines(50, 200)).reads).toBe(1);
    expect(read(lines(50, 200).reverse()).reads).toBe(1);
    expect(read(lines(50, 200, 4_096)).reads).toBe(1);
    expect(read(lines(50, 200, 4_097)).reads).toBe(50);
    expect(read(lines(20, 100_000)).reads).toBe(2);
    expect(read([{ offset: 5, length: 2_500_000 }]).reads).toBe(1);
  });
});
