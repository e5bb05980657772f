import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOperations } from '../../../worker/store/operation-scan.ts';
import { MessageLog } from '../../../worker/store/message-log.ts';
import type { DoneOperation } from '../../../worker/store/operations.ts';
import { encodeRecord, type RecordBody } from '../../../worker/store/record.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { testMessage } from '../../support/store-calls.ts';
import { joinBytes, openFileOf, openTestFiles } from '../../support/stores.ts';

const MINUTE = 60_000;

const OPS = ['k3Jd9x2Q-1', 'k3Jd9x2Q-2', 'k3Jd9x2Q-10', 'Zz0_-aaa-1'];

interface Written {
  readonly ops: readonly (string | undefined)[];
  readonly length: number;
  readonly wait: number;
}

const batch: fc.Arbitrary<Written> = fc.record({
  ops: fc.array(fc.option(fc.constantFrom(...OPS), { nil: undefined }), {
    minLength: 1,
    maxLength: 3,
  }),
  // Some are longer than what is read at once.
  length: fc.oneof(
    { weight: 20, arbitrary: fc.nat(300) },
    { weight: 1, arbitrary: fc.integer({ min: 200_000, max: 700_000 }) },
  ),
  wait: fc.oneof(fc.nat(1_000), fc.nat(2 * MINUTE)),
});

interface Line {
  readonly at: number;
  readonly op: string | undefined;
  readonly bytes: Uint8Array;
}

function encodeLines(batches: readonly Written[]): Line[] {
  const lines: Line[] = [];
  let at = 1_000_000;
  for (const { ops, length, wait } of batches) {
    at += wait;
    for (const [index, op] of ops.entries()) {
      // An id in what an app has written is no operation.
      const message = {
        content: `"op":"${OPS[0]}"`.padEnd(length, 'ü"'),
        metadata: { op: OPS[1] },
      };
      // As a log writes it.
      const place = {
        ...(ops.length > 1 ? { of: ops.length } : {}),
        ...(index === 0 && wait % 2 === 0 ? { sync: 1 } : {}),
      };
      const record: RecordBody = {
        ...place,
        type: index % 2 === 0 ? 'message' : 'edit',
        ...{ at, ...(op === undefined ? {} : { op }), message },
      };
      const bytes = encodeRecord(lines.length + 1, ops.length - 1 - index, record);
      lines.push({ at, op, bytes });
    }
  }
  return lines;
}

function countByOp(lines: readonly Line[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { op } of lines) if (op !== undefined) counts.set(op, (counts.get(op) ?? 0) + 1);
  return counts;
}

describe('findOperations', { timeout: 60_000 }, () => {
  it('finds all that was written since a time, and little of what was before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 40 }), fc.nat(), async (batches, pick) => {
        const lines = encodeLines(batches);
        const since = lines[pick % Math.max(lines.length, 1)]?.at ?? 0;
        const whole = joinBytes(lines.map(({ bytes }) => bytes));
        const found = findOperations(await openFileOf(whole), whole.length, since);
        const all = countByOp(lines);
        for (const [op, count] of countByOp(lines.filter(({ at }) => at >= since))) {
          const records = found.get(op)?.records ?? 0;
          expect(records).toBeGreaterThanOrEqual(count);
          expect(records).toBeLessThanOrEqual(all.get(op) ?? 0);
        }
        for (const op of found.keys()) expect(all.has(op)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('reads no further back than a minute before that time', async () => {
    const old = encodeLines(
      Array.from({ length: 400 }, () => ({ ops: [OPS[2]], length: 4_000, wait: 1 })),
    );
    const [young] = encodeLines([{ ops: [OPS[3]], length: 10, wait: 10 * MINUTE }]);
    if (young === undefined) throw new Error('There is no line.');
    const whole = joinBytes([...old.map(({ bytes }) => bytes), young.bytes]);
    const file = await openFileOf(whole);
    let bytesRead = 0;
    const counting: typeof file = {
      ...file,
      read: (into, at) => {
        const length = file.read(into, at);
        bytesRead += length;
        return length;
      },
    };
    const found = findOperations(counting, whole.length, young.at);
    expect(found.get(OPS[3] ?? '')?.records).toBe(1);
    expect(whole.length).toBeGreaterThan(1_000_000);
    expect(bytesRead).toBeLessThan(300_000);
  });

  it('passes over damage, and over what a rewriting has put at the end', async () => {
    const lines = encodeLines([
      { ops: [OPS[0]], length: 10, wait: 1 },
      { ops: [OPS[0]], length: 10, wait: 1 },
    ]);
    const done: DoneOperation[] = [{ op: 'from before', at: 2_000_000, records: 7 }];
    const kept = encodeRecord(3, 0, { type: 'operations', ...{ done } });
    const [first, second] = lines.map(({ bytes }) => bytes);
    if (first === undefined || second === undefined) throw new Error('There are no lines.');
    first.fill(0xff, 0, 12);
    const whole = joinBytes([first, second, kept]);
    const found = findOperations(await openFileOf(whole), whole.length, 1_000_000);
    expect(Object.fromEntries(found)).toEqual({
      [OPS[0] ?? '']: { op: OPS[0], at: lines[1]?.at, records: 1 },
      'from before': { op: 'from before', at: 2_000_000, records: 7 },
    });
  });
});

describe('the operations of a log', () => {
  it('are found behind a line feed that is damaged', async () => {
    const disk = createFaultyBackend();
    const log = await MessageLog.open('messages.jsonl', openTestFiles(disk));
    await log.append([testMessage('a', 'text')], 10, 'first');
    const at = log.committedEnd - 1;
    await log.append([testMessage('b', 'text')], 20, 'second');
    const bytes = disk.bytesOf('messages.jsonl') ?? new Uint8Array(0);
    bytes[at] = 0x21;
    const damaged = createFaultyBackend({}, new Map([['messages.jsonl', bytes]]));
    const again = await MessageLog.open('messages.jsonl', openTestFiles(damaged));
    expect([...(await again.operations.since(0)).keys()]).toEqual(['second']);
    expect((await again.page(0, 10)).map(({ messageId }) => messageId)).toEqual(['b']);
  });

  it('are what was appended, also while it is on its way, and after an opening', async () => {
    const files = openTestFiles(createFaultyBackend());
    const log = await MessageLog.open('messages.jsonl', files);
    const [a, b, c] = ['a', 'b', 'c'].map((id) => testMessage(id, `text of ${id}`));
    if (a === undefined || b === undefined || c === undefined) throw new Error('No messages.');
    const counts = async (since = 0) =>
      Array.from((await log.operations.since(since)).values(), ({ op, records }) => [op, records]);

    expect(await counts()).toEqual([]);
    void log.append([a, b], 10, 'first');
    expect(await counts()).toEqual([['first', 2]]);
    void log.edit(0, a, { ...a, content: 'edited' }, 20, 'second');
    void log.append([c], 20);
    void log.delete(1, b, 30, 'third');
    const all = [
      ['first', 2],
      ['second', 1],
      ['third', 1],
    ];
    expect(await counts()).toEqual(all);
    const again = await MessageLog.open('messages.jsonl', files);
    const found = await again.operations.since(0);
    expect(Array.from(found.values(), ({ op, records }) => [op, records])).toEqual(all);
    expect(await again.page(0, Infinity)).toEqual([{ ...a, content: 'edited' }, c]);
  });

  it('do not outlive a failure of the disk', async () => {
    const disk = createFaultyBackend();
    const files = openTestFiles(disk);
    const log = await MessageLog.open('messages.jsonl', files);
    await log.operations.since(0);
    disk.failOnce('write', { path: 'messages.jsonl' });
    await expect(log.append([testMessage('a', 'a')], 10, 'failed')).rejects.toThrow('to fail');
    const again = await MessageLog.open('messages.jsonl', files);
    expect((await again.operations.since(0)).has('failed')).toBe(false);
  });
});
