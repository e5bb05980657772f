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

describe('scanLog of a damaged log', () => {
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
    expect(damaged).toEqual([
      { offset: lines[0]?.length, length: joinBytes(lines.slice(1, 3)).length },
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
        const isLast = shape.flatMap((batch) =>
          batch.map((_, index) => index === batch.length - 1),
        );
        const lastGood = lines.findLastIndex((_, index) => !isBad(index));

        // A record counts when its batch is whole from there on, or lost its end to damage that has
        // a good record behind it.
        const counts = (index: number): boolean => {
          if (isBad(index)) return false;
          let at = index;
          while (!isBad(at) && isLast[at] === false && at + 1 < lines.length) at++;
          return isBad(at) ? at < lastGood : isLast[at] === true;
        };
        const expected = lines.flatMap((_, index) => (counts(index) ? [index + 1] : []));

        const { seqs, lastSeq, damaged } = await scan(damage(lines, damagedIndexes));
        expect(seqs).toEqual(expected);
        expect(lastSeq).toBe(Math.max(0, ...expected));

        const offsets = lines.map((_, index) => joinBytes(lines.slice(0, index)).length);
        const isReported = (index: number): boolean => {
          const offset = offsets[index] ?? -1;
          return damaged.some(
            (range) => range.offset <= offset && offset < range.offset + range.length,
          );
        };
        const indexes = [...lines.keys()];
        expect(indexes.filter((index) => isBad(index) && !isReported(index))).toEqual([]);
        expect(indexes.filter((index) => counts(index) && isReported(index))).toEqual([]);
      }),
      { numRuns: 200 },
    );
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
