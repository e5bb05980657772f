import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CheckedFile,
  CheckedFileWriter,
  readAhead,
} from '../../../../worker/search/segments/checked-file.ts';
import { openEmptyFile } from './segment-facts.ts';

describe('CheckedFile', { timeout: 30_000 }, () => {
  it('gives any range of what was appended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(9_000), { maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(90_000), fc.nat(9_000)), { minLength: 1, maxLength: 10 }),
        fc.uint8Array({ maxLength: 20 }),
        async (lengths, ranges, metadata) => {
          const file = await openEmptyFile();
          const writer = new CheckedFileWriter(file);
          const total = lengths.reduce((sum, length) => sum + length, 0);
          const data = Uint8Array.from({ length: total }, (_, index) => index ^ (index >>> 8));
          let at = 0;
          for (const length of lengths) writer.append(data.subarray(at, (at += length)));
          expect(writer.size).toBe(total);
          writer.finish(metadata);

          const checked = CheckedFile.open(file);
          const ahead = readAhead((start, end) => checked.read(file, start, end), checked.size);
          expect(checked.size).toBe(total);
          expect(checked.metadata).toEqual(metadata);
          for (const [start, length] of ranges) {
            const from = Math.min(start, total);
            const to = Math.min(start + length, total);
            expect(checked.read(file, from, to)).toEqual(data.subarray(from, to));
            expect(ahead(from, to)).toEqual(data.subarray(from, to));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('reads only what is asked for once pages are known to be good', async () => {
    const file = await openEmptyFile();
    const writer = new CheckedFileWriter(file);
    writer.append(new Uint8Array(20_000));
    writer.finish(new Uint8Array(0));
    const reads: number[] = [];
    const read: typeof file.read = (into, at) => {
      reads.push(into.length);
      return file.read(into, at);
    };
    const checked = CheckedFile.open(file);
    checked.read({ ...file, read }, 4_000, 4_200);
    checked.read({ ...file, read }, 4_000, 4_200);
    checked.read({ ...file, read }, 8_000, 8_300);
    checked.read({ ...file, read }, 19_000, 20_000);
    expect(reads).toEqual([8_192, 200, 8_192, 3_616]);
  });
});
