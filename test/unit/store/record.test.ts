import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../../worker/store/record.ts';
import { anyJson } from '../../support/arbitraries.ts';

const SAMPLE = encodeRecord(7, 2, {
  type: 'message',
  ...{ text: 'Grüße, 世界 👋 \u2028 \ud800', nested: [{ '': null }] },
});

function sampleWith(change: (line: Uint8Array) => void): Uint8Array {
  const line = SAMPLE.slice();
  change(line);
  return line;
}

describe('record', () => {
  it('is one line of JSON that begins with its number and ends with its checksum', () => {
    const line = new TextDecoder().decode(encodeRecord(7, 0, { type: 'message' }));
    expect(line).toMatch(/^\{"seq":7,"type":"message","crc":"[0-9a-f]{8}"\}\n$/);
    expect(JSON.parse(line)).toMatchObject({ seq: 7, type: 'message' });
  });

  it('says how many records of its batch follow, unless it is the last', () => {
    expect(decodeRecord(encodeRecord(7, 2, { type: 'message' }))).toMatchObject({ more: 2 });
    expect(decodeRecord(encodeRecord(9, 0, { type: 'message' }))).not.toHaveProperty('more');
  });

  it('gives back any JSON unchanged', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(9), anyJson, (seq, more, value) => {
        const line = encodeRecord(seq, more, { type: 'any', ...{ value } });
        expect(line.indexOf(0x0a)).toBe(line.length - 1);
        const { crc: _, ...record } = decodeRecord(line) as { crc?: string; seq: number };
        const expected = more > 0 ? { seq, more, type: 'any', value } : { seq, type: 'any', value };
        // As text, so that the order of keys counts and one named __proto__ is not passed over.
        expect(JSON.stringify(record)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when any bit of it is flipped', () => {
    for (let bit = 0; bit < SAMPLE.length * 8; bit++) {
      const line = sampleWith(
        (bytes) => (bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))),
      );
      expect(decodeRecord(line), `bit ${bit}`).toBeUndefined();
    }
  });

  it('is refused when any byte of it is replaced', () => {
    fc.assert(
      fc.property(fc.nat(SAMPLE.length - 1), fc.nat(255), (position, byte) => {
        fc.pre(SAMPLE[position] !== byte);
        expect(decodeRecord(sampleWith((line) => (line[position] = byte)))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('is refused when it is cut, at either end', () => {
    for (let length = 0; length < SAMPLE.length; length++) {
      expect(decodeRecord(SAMPLE.subarray(0, length)), `${length} bytes`).toBeUndefined();
      expect(decodeRecord(SAMPLE.subarray(SAMPLE.length - length))).toBeUndefined();
    }
  });

  it('is refused when something follows it', () => {
    expect(decodeRecord(Uint8Array.from([...SAMPLE, 0x0a]))).toBeUndefined();
    expect(decodeRecord(Uint8Array.from([...SAMPLE, ...SAMPLE]))).toBeUndefined();
  });
});
