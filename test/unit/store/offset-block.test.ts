import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MessageCounter,
  NO_MESSAGES,
  type MessageStats,
} from '../../../worker/store/message-stats.ts';
import { encodeOffsetBlock, readOffsetBlocks } from '../../../worker/store/offset-block.ts';
import type { OffsetEntry } from '../../../worker/store/offset-table.ts';
import { joinBytes, openFileOf } from '../../support/stores.ts';

const uint32 = fc.nat(0xffffffff);

const anyEntry: fc.Arbitrary<OffsetEntry> = fc.record({
  kind: fc.constantFrom('add' as const, 'edit' as const, 'delete' as const),
  hash: uint32,
  ordinal: uint32,
  length: uint32,
  offset: fc.nat(Number.MAX_SAFE_INTEGER),
});

const anyBlock = fc.record({
  entries: fc.array(anyEntry, { minLength: 1, maxLength: 8 }),
  covered: fc.nat(Number.MAX_SAFE_INTEGER),
  lastSeq: fc.nat(Number.MAX_SAFE_INTEGER),
  stats: fc.nat(4).map(statsOf),
});

const SAMPLE = [
  { covered: 100, lastSeq: 1, entries: [entry({ ordinal: 0, offset: 0 })] },
  {
    covered: 300,
    lastSeq: 3,
    entries: [entry({ offset: 100 }), entry({ kind: 'edit', offset: 200 })],
  },
  { covered: 400, lastSeq: 4, entries: [entry({ kind: 'delete', offset: 300 })] },
];

const SAMPLE_BLOCKS = SAMPLE.map(({ entries, covered, lastSeq }, index) =>
  encodeOffsetBlock(entries, covered, lastSeq, statsOf(index + 1)),
);

/** What is counted of so many messages. */
function statsOf(count: number): MessageStats {
  const counter = new MessageCounter();
  for (let index = 0; index < count; index++) {
    const timestamp = `2026-01-0${index + 1}T0${index}:00:00.000Z`;
    counter.add({ role: 'user', content: 'x'.repeat(index), timestamp });
  }
  return counter.snapshot();
}

function entry(values: Partial<OffsetEntry>): OffsetEntry {
  return { kind: 'add', hash: 7, ordinal: 1, offset: 0, length: 100, ...values };
}

async function read(bytes: Uint8Array) {
  const entries: OffsetEntry[] = [];
  const blocks = readOffsetBlocks(await openFileOf(bytes), (found) => entries.push(found));
  return { ...blocks, entries };
}

describe('offset blocks', () => {
  it('give back the entries of all blocks, and what the last one covers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBlock, { minLength: 1, maxLength: 5 }), async (blocks) => {
        const parts = blocks.map(({ entries, covered, lastSeq, stats }) =>
          encodeOffsetBlock(entries, covered, lastSeq, stats),
        );
        const found = await read(joinBytes(parts));
        expect(found.entries).toEqual(blocks.flatMap(({ entries }) => entries));
        expect(found).toMatchObject({
          covered: blocks.at(-1)?.covered,
          lastSeq: blocks.at(-1)?.lastSeq,
          stats: blocks.at(-1)?.stats,
          size: joinBytes(parts).length,
        });
        expect(found.last?.offset).toBe(Math.max(...found.entries.map(({ offset }) => offset)));
      }),
      { numRuns: 100 },
    );
  });

  it('cover nothing in an empty file', async () => {
    expect(await read(new Uint8Array(0))).toEqual({
      covered: 0,
      lastSeq: 0,
      last: undefined,
      stats: NO_MESSAGES,
      size: 0,
      entries: [],
    });
  });

  it('take 24 bytes an entry, and what the statistics take', () => {
    const stats = statsOf(3);
    const block = encodeOffsetBlock([entry({}), entry({})], 1, 1, stats);
    expect(block).toHaveLength(32 + 2 * 24 + JSON.stringify(stats).length);
  });

  it('are read up to one that is cut, at whatever byte', async () => {
    const whole = joinBytes(SAMPLE_BLOCKS);
    const ends = [1, 2, 3].map((count) => joinBytes(SAMPLE_BLOCKS.slice(0, count)).length);
    for (let cut = 0; cut <= whole.length; cut++) {
      const kept = SAMPLE.filter((_, index) => (ends[index] ?? 0) <= cut);
      const found = await read(whole.subarray(0, cut));
      expect(found.entries, `cut at ${cut}`).toEqual(kept.flatMap(({ entries }) => entries));
      expect(found.covered).toBe(kept.at(-1)?.covered ?? 0);
      expect(found.lastSeq).toBe(kept.at(-1)?.lastSeq ?? 0);
      expect(found.stats).toEqual(statsOf(kept.length));
    }
  });

  it('are read up to one that is damaged, in whatever bit', async () => {
    const [first = new Uint8Array(0), second = new Uint8Array(0)] = SAMPLE_BLOCKS;
    const whole = joinBytes(SAMPLE_BLOCKS);
    for (let bit = first.length * 8; bit < (first.length + second.length) * 8; bit++) {
      const bytes = whole.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const found = await read(bytes);
      expect(found, `bit ${bit}`).toMatchObject({ covered: 100, size: first.length });
      expect(found.entries).toEqual(SAMPLE[0]?.entries);
    }
  });

  it('are nothing where the file is something else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await read(bytes)).entries).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
