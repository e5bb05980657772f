import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OffsetTable, type OffsetEntry } from '../../../worker/store/offset-table.ts';

interface NaiveMessage {
  readonly hash: number;
  place: { offset: number; length: number };
  deleted: boolean;
}

/** The table as an array of objects. */
class NaiveTable {
  readonly messages: NaiveMessage[] = [];

  apply({ kind, hash, ordinal, offset, length }: OffsetEntry): void {
    if (kind === 'add') this.messages.push({ hash, place: { offset, length }, deleted: false });
    const message = this.messages[ordinal];
    if (message === undefined) throw new RangeError(`no message ${ordinal}`);
    message.place = { offset, length };
    if (kind === 'delete') message.deleted = true;
  }

  ordinals(matches: (message: NaiveMessage) => boolean): number[] {
    return this.messages.flatMap((message, ordinal) => (matches(message) ? [ordinal] : []));
  }
}

/** Few hashes, so that most collide; the last two meet at the end of the buckets, where probing wraps. */
const HASHES = [0, 1, 2, 127, 128, 0xffffffff, 0xffffff7f];

/** Steps whose numbers are taken modulo what is there. */
const steps = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 3, arbitrary: fc.constant('add' as const) },
      { weight: 1, arbitrary: fc.constantFrom('edit' as const, 'delete' as const) },
    ),
    pick: fc.nat(),
    length: fc.integer({ min: 1, max: 5_000 }),
  }),
  { minLength: 1, maxLength: 400, size: 'max' },
);

function build(script: readonly { kind: OffsetEntry['kind']; pick: number; length: number }[]) {
  const table = new OffsetTable();
  const naive = new NaiveTable();
  let offset = 0;
  for (const { kind, pick, length } of script) {
    const live = naive.ordinals(({ deleted }) => !deleted);
    const existing = live[pick % Math.max(live.length, 1)];
    const added = kind === 'add' || existing === undefined;
    const ordinal = added ? naive.messages.length : existing;
    const hash = added ? (HASHES[pick % HASHES.length] ?? 0) : (naive.messages[ordinal]?.hash ?? 0);
    const entry: OffsetEntry = { kind: added ? 'add' : kind, hash, ordinal, offset, length };
    table.apply(entry);
    naive.apply(entry);
    offset += length;
  }
  return { table, naive, last: offset };
}

describe('OffsetTable', { timeout: 30_000 }, () => {
  it('is empty at first', () => {
    const table = new OffsetTable();
    expect(table.liveCount).toBe(0);
    expect(table.nextOrdinal).toBe(0);
    expect(table.liveOrdinals(0, 10)).toEqual([]);
    expect(table.withHash(0)).toEqual([]);
    expect(table.lastPlace()).toBeUndefined();
  });

  it('gives the live messages at any position, as an array would', () => {
    fc.assert(
      fc.property(steps, fc.nat(450), fc.nat(60), (script, position, limit) => {
        const { table, naive } = build(script);
        const live = naive.ordinals(({ deleted }) => !deleted);
        expect(table.liveCount).toBe(live.length);
        expect(table.nextOrdinal).toBe(naive.messages.length);
        expect(table.liveOrdinals(0, Infinity)).toEqual(live);
        expect(table.liveOrdinals(position, limit)).toEqual(live.slice(position, position + limit));
        const middle = position % Math.max(live.length, 1);
        expect(table.liveOrdinals(middle, limit)).toEqual(live.slice(middle, middle + limit));
      }),
      { numRuns: 80 },
    );
  });

  it('knows where the newest record about each message lies, and which are deleted', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { table, naive } = build(script);
        const found = naive.messages.map((message, ordinal) => {
          return { ...message, place: table.locate(ordinal), deleted: table.isDeleted(ordinal) };
        });
        expect(found).toEqual(naive.messages);
      }),
      { numRuns: 40 },
    );
  });

  it('finds every message of a hash, deleted ones too, where hashes collide', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { table, naive } = build(script);
        for (const hash of [...HASHES, 3, 0x7fffffff]) {
          const expected = naive.ordinals((message) => message.hash === hash);
          expect(table.withHash(hash).sort((a, b) => a - b)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('knows where the log ends', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { table, last } = build(script);
        const place = table.lastPlace();
        expect((place?.offset ?? 0) + (place?.length ?? 0)).toBe(last);
      }),
      { numRuns: 50 },
    );
  });

  it('takes places beyond four gigabytes', () => {
    const table = new OffsetTable();
    const offset = 2 ** 40 + 3;
    table.apply({ kind: 'add', hash: 1, ordinal: 0, offset, length: 7 });
    expect(table.locate(0)).toEqual({ offset, length: 7 });
  });
});
