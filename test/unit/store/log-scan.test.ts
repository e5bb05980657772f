import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines, scanLog } from '../../../worker/store/log-scan.ts';
import { encodeRecord } from '../../../worker/store/record.ts';
import { joinBytes, openFileOf } from '../../support/stores.ts';

/** Bytes that the scan reads at once; lines around this length cross the border between two reads. */
const CHUNK_BYTES = 262_144;

/** The lines of a log: each number is the length of a text, each list a batch. */
function encodeBatches(batches: readonly (readonly number[])[]): Uint8Array[][] {
  let seq = 0;
  return batches.map((lengths) =>
    lengths.map((length, index) =>
      encodeRecord(++seq, lengths.length - 1 - index, {
        type: 'text',
        ...{ text: TEXT.slice(seq * 13, seq * 13 + length) },
      }),
    ),
  );
}

/** A text in which no part is like another, so that bytes out of place show. */
const TEXT = Array.from({ length: 4 * CHUNK_BYTES }, (_, index) =>
  ((index * index) % 7_919).toString(36).at(-1),
).join('');

async function scan(bytes: Uint8Array, from = 0) {
  const seqs: number[] = [];
  const places: { offset: number; length: number }[] = [];
  const result = scanLog(await openFileOf(bytes), from, ({ record, offset, length }) => {
    seqs.push(record.seq);
    places.push({ offset, length });
  });
  return { ...result, seqs, places };
}

describe('scanLog', { timeout: 30_000 }, () => {
  it('finds nothing in an empty log', async () => {
    expect(await scan(new Uint8Array(0))).toEqual({
      end: 0,
      lastSeq: 0,
      damaged: [],
      seqs: [],
      places: [],
    });
  });

  it('gives every record, in order, with its place', async () => {
    const lines = encodeBatches([[1], [0, 30, 2], [5]]).flat();
    const { seqs, places, end, lastSeq } = await scan(joinBytes(lines));
    expect(seqs).toEqual([1, 2, 3, 4, 5]);
    expect(places.map(({ length }) => length)).toEqual(lines.map(({ length }) => length));
    expect(places[3]?.offset).toBe(joinBytes(lines.slice(0, 3)).length);
    expect(end).toBe(joinBytes(lines).length);
    expect(lastSeq).toBe(5);
  });

  it('keeps the complete batches of a log that is cut at any byte, and drops the torn one', async () => {
    const batches = encodeBatches([[3], [1, 2, 3], [0], [10, 10], [7]]);
    const whole = joinBytes(batches.flat());
    for (let cut = 0; cut <= whole.length; cut++) {
      let end = 0;
      let kept = 0;
      for (const batch of batches) {
        const next = end + joinBytes(batch).length;
        if (next > cut) break;
        end = next;
        kept += batch.length;
      }
      const result = await scan(whole.subarray(0, cut));
      expect(result, `cut at ${cut}`).toMatchObject({ end, lastSeq: kept, damaged: [] });
      expect(result.seqs).toEqual(Array.from({ length: kept }, (_, index) => index + 1));
    }
  });

  it('reads lines that are longer than what it reads at once', async () => {
    const lengths = [CHUNK_BYTES - 100, CHUNK_BYTES, 3 * CHUNK_BYTES + 7, 1, CHUNK_BYTES - 60];
    const lines = encodeBatches(lengths.map((length) => [length])).flat();
    const { seqs, places } = await scan(joinBytes(lines));
    expect(seqs).toEqual([1, 2, 3, 4, 5]);
    expect(places.map(({ length }) => length)).toEqual(lines.map(({ length }) => length));
  });

  it('reads a line whose end falls anywhere around the end of a read', async () => {
    const [[empty = new Uint8Array(0)] = []] = encodeBatches([[0]]);
    for (const shift of [-60, -30, -2, -1, 0, 1, 2]) {
      const batches = encodeBatches([[CHUNK_BYTES - empty.length + shift], [4], [5]]);
      const { seqs, end } = await scan(joinBytes(batches.flat()));
      expect(seqs, `${shift}`).toEqual([1, 2, 3]);
      expect(end).toBe(joinBytes(batches.flat()).length);
    }
  });

  it('starts where it is told to', async () => {
    const [first, ...others] = encodeBatches([[5], [6, 7], [8]]);
    const start = joinBytes(first ?? []).length;
    const bytes = joinBytes([...(first ?? []), ...others.flat()]);
    expect(await scan(bytes, start)).toMatchObject({ seqs: [2, 3, 4], end: bytes.length });
    expect(await scan(bytes, bytes.length)).toMatchObject({ seqs: [], end: bytes.length });
  });
});

describe('scanLog of a damaged log', { timeout: 30_000 }, () => {
  /** Damages the given lines, counted from 0, but not their line feeds. */
  function damage(lines: readonly Uint8Array[], indexes: readonly number[]): Uint8Array {
    return joinBytes(
      lines.map((line, index) => {
        const copy = line.slice();
        if (indexes.includes(index)) copy.fill(0x7e, 3, 5);
        return copy;
      }),
    );
  }

  it('reads on behind the damage, and reports it', async () => {
    const lines = encodeBatches([[3], [4], [5], [6]]).flat();
    const { seqs, damaged, end } = await scan(damage(lines, [1, 2]));
    expect(seqs).toEqual([1, 4]);
    const [first = 0, second = 0, third = 0] = lines.map(({ length }) => length);
    expect(damaged).toEqual([
      { offset: first, length: second },
      { offset: first + second, length: third },
    ]);
    expect(end).toBe(joinBytes(lines).length);
  });

  it('keeps what is left of a batch that was damaged in the middle of the log', async () => {
    const lines = encodeBatches([[1], [2, 3, 4], [5]]).flat();
    expect((await scan(damage(lines, [3]))).seqs).toEqual([1, 2, 3, 5]);
    expect((await scan(damage(lines, [1]))).seqs).toEqual([1, 3, 4, 5]);
  });

  it('reports a damaged record at the end, which is no torn one: its line feed is there', async () => {
    const lines = encodeBatches([[3], [4], [5]]).flat();
    const bytes = damage(lines, [2]);
    const end = joinBytes(lines.slice(0, 2)).length;
    expect(await scan(bytes)).toMatchObject({
      seqs: [1, 2],
      end,
      damaged: [{ offset: end, length: bytes.length - end }],
    });
  });

  it('tells the damage in the middle from the torn end', async () => {
    const lines = encodeBatches([[3], [4], [5], [6]]).flat();
    const torn = damage(lines, [1]).subarray(0, -4);
    expect(await scan(torn)).toMatchObject({
      seqs: [1, 3],
      damaged: [{ offset: lines[0]?.length, length: lines[1]?.length }],
    });
  });

  it('finds exactly the damage that was done, wherever it was done', async () => {
    const batches = fc.array(fc.array(fc.nat(40), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(batches, fc.array(fc.nat(30)), async (shape, damagedIndexes) => {
        const lines = encodeBatches(shape).flat();
        const isBad = (index: number): boolean => damagedIndexes.includes(index);
        const indexes = [...lines.keys()];
        const expected = indexes.filter((index) => !isBad(index)).map((index) => index + 1);

        const { seqs, lastSeq, damaged } = await scan(damage(lines, damagedIndexes));
        expect(seqs).toEqual(expected);
        expect(lastSeq).toBe(Math.max(0, ...expected));
        expect(damaged).toEqual(
          indexes.filter(isBad).map((index) => ({
            offset: joinBytes(lines.slice(0, index)).length,
            length: lines[index]?.length,
          })),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('scanLog of a log whose line feeds are damaged', () => {
  const lines = encodeBatches([[3], [4], [5], [6]]).flat();
  const endOf = (index: number): number => joinBytes(lines.slice(0, index + 1)).length;

  it('loses the record before the line feed, not the one behind it', async () => {
    const bytes = joinBytes(lines);
    bytes[endOf(1) - 1] = 0x20;
    expect(await scan(bytes)).toMatchObject({
      seqs: [1, 3, 4],
      damaged: [{ offset: endOf(0), length: lines[1]?.length }],
    });
  });

  it('counts one record that has come to be two lines, and two that have come to be one', async () => {
    const split = joinBytes(lines);
    split[endOf(0) + 10] = 0x0a;
    expect(await scan(split)).toMatchObject({
      seqs: [1, 3, 4],
      damaged: [{ offset: endOf(0), length: lines[1]?.length, records: 1 }],
    });
    const joined = joinBytes(lines);
    joined.fill(0x7e, endOf(1) - 4, endOf(1) + 4);
    expect(await scan(joined)).toMatchObject({
      seqs: [1, 4],
      damaged: [{ offset: endOf(0), length: endOf(2) - endOf(0), records: 2 }],
    });
  });
});

describe('scanLog of a write of which sectors are missing', () => {
  const SECTOR_BYTES = 512;

  /** A record, a batch of four that fill some sectors, and what is said to follow. */
  function encodeWith(last: { sync?: 1 }, ...following: { sync?: 1 }[]) {
    const text = TEXT.slice(0, 600);
    const lines = [
      encodeRecord(1, 0, { type: 'text' }),
      ...[3, 2, 1, 0].map((more, index) =>
        encodeRecord(2 + index, more, { type: 'text', ...{ of: 4, text } }),
      ),
      ...[last, ...following].map((mark, index) =>
        encodeRecord(6 + index, 0, { ...mark, type: 'text' }),
      ),
    ];
    const ends = lines.map((_, index) => joinBytes(lines.slice(0, index + 1)).length);
    return { bytes: joinBytes(lines), ends };
  }

  const holes = Array.from({ length: 5 }, (_, sector) => sector);

  it.each(holes)('drops a batch that was never flushed whole: sector %d', async (sector) => {
    const { bytes, ends } = encodeWith({});
    bytes.fill(0, Math.max(sector * SECTOR_BYTES, ends[0] ?? 0), (sector + 1) * SECTOR_BYTES);
    const end = ends[0] ?? 0;
    expect(await scan(bytes)).toMatchObject({
      seqs: [1],
      end,
      lastSeq: 1,
      damaged: [{ offset: end, length: bytes.length - end }],
    });
  });

  it.each(holes)('keeps what is left of one that was flushed: sector %d', async (sector) => {
    const { bytes, ends } = encodeWith({}, { sync: 1 });
    bytes.fill(0, Math.max(sector * SECTOR_BYTES, ends[0] ?? 0), (sector + 1) * SECTOR_BYTES);
    const { seqs, end, damaged } = await scan(bytes);
    const lost = damaged.reduce((sum, { records = 1 }) => sum + records, 0);
    expect(seqs).toHaveLength(7 - lost);
    expect(seqs.slice(-2)).toEqual([6, 7]);
    expect(end).toBe(bytes.length);
  });

  it('does not take a damaged byte for a missing sector', async () => {
    const { bytes, ends } = encodeWith({});
    for (const at of [ends[0] ?? 0, SECTOR_BYTES, 2 * SECTOR_BYTES - 1, 700]) {
      const damaged = bytes.slice();
      damaged[at] = 0;
      expect((await scan(damaged)).seqs, `${at}`).toHaveLength(5);
    }
  });
});

describe('readLines', () => {
  it('gives the lines of any bytes between two offsets, the last perhaps without its line feed', async () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '\n', '\n\n', 'x'.repeat(70)));
    await fc.assert(
      fc.asyncProperty(text, fc.nat(200), fc.nat(200), async (parts, start, length) => {
        const whole = parts.join('');
        const from = Math.min(start, whole.length);
        const to = Math.min(from + length, whole.length);
        const file = await openFileOf(new TextEncoder().encode(whole));
        const lines = [...readLines(file, from, to)].map(({ offset, line }) => ({
          offset,
          text: new TextDecoder().decode(line),
        }));
        expect(lines.map(({ text }) => text)).toEqual(
          whole.slice(from, to).match(/[^\n]*\n|[^\n]+$/g) ?? [],
        );
        for (const { offset, text } of lines) expect(whole.startsWith(text, offset)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
