import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LocatedRecord } from '../../../worker/store/log-scan.ts';
import { RecordLog } from '../../../worker/store/record-log.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATH = 'folder/log.jsonl';

/** Opens the log as after a start of the process, with the texts of its records. */
async function reopen(disk: FaultyBackend) {
  const context = openTestFiles(disk);
  const texts: string[] = [];
  const seqs: number[] = [];
  const log = await RecordLog.open(PATH, context, ({ record }: LocatedRecord) => {
    texts.push((record as unknown as { text: string }).text);
    seqs.push(record.seq);
  });
  return { log, texts, seqs, context };
}

const text = (value: string) => ({ type: 'text', text: value });

describe('RecordLog', () => {
  it('is empty where there is no file, and makes none before it is needed', async () => {
    const disk = createFaultyBackend();
    const { log, texts } = await reopen(disk);
    expect(texts).toEqual([]);
    expect([log.committedSeq, log.committedEnd, log.failed]).toEqual([0, 0, false]);
    expect(disk.paths).toEqual([]);
  });

  it('gives back what was appended, in order, when it is opened again', async () => {
    const disk = createFaultyBackend();
    const { log } = await reopen(disk);
    await log.append([text('a')]).committed;
    await log.append([text('b'), text('c')]).committed;
    const { texts, seqs } = await reopen(disk.disk('flushed'));
    expect(texts).toEqual(['a', 'b', 'c']);
    expect(seqs).toEqual([1, 2, 3]);
  });

  it('goes on counting after it was opened again', async () => {
    const disk = createFaultyBackend();
    const { log } = await reopen(disk);
    await log.append([text('a'), text('b')]).committed;
    const next = await reopen(disk.disk('flushed'));
    expect(next.log.committedSeq).toBe(2);
    const { placements, committed } = next.log.append([text('c')]);
    await committed;
    expect(placements[0]).toMatchObject({ seq: 3, offset: log.committedEnd });
    expect(next.log.committedSeq).toBe(3);
  });

  it('says where each record lies before it is there', async () => {
    const disk = createFaultyBackend();
    const { log } = await reopen(disk);
    const first = log.append([text('a'), text('bb')]);
    const second = log.append([text('ccc')]);
    await Promise.all([first.committed, second.committed]);
    const bytes = disk.bytesOf(PATH) ?? new Uint8Array(0);
    const places = [...first.placements, ...second.placements];
    const lines = places.map(({ offset, length }) =>
      new TextDecoder().decode(bytes.subarray(offset, offset + length)),
    );
    expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual([
      'a',
      'bb',
      'ccc',
    ]);
    expect(places.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
  });

  it('appends an empty batch without writing', async () => {
    const disk = createFaultyBackend();
    const { log } = await reopen(disk);
    await log.append([]).committed;
    expect(log.committedEnd).toBe(0);
    expect((await reopen(disk.disk('written'))).texts).toEqual([]);
  });

  it('cuts a torn end off, so that the next record does not stick to it', async () => {
    const disk = createFaultyBackend();
    const { log } = await reopen(disk);
    await log.append([text('kept')]).committed;
    disk.crashAt({ step: disk.steps, part: 0.7 });
    await expect(log.append([text('torn'), text('torn, too')]).committed).rejects.toThrow('dead');

    const survivor = disk.disk('written');
    expect(survivor.bytesOf(PATH)?.length).toBeGreaterThan(log.committedEnd);
    const next = await reopen(survivor);
    expect(next.texts).toEqual(['kept']);
    expect(survivor.bytesOf(PATH)).toHaveLength(next.log.committedEnd);
    await next.log.append([text('new')]).committed;
    expect((await reopen(survivor.disk('flushed'))).texts).toEqual(['kept', 'new']);
  });

  it('reads only what lies behind the part that is known', async () => {
    const disk = createFaultyBackend();
    const { log } = await reopen(disk);
    await log.append([text('known')]).committed;
    const known = { end: log.committedEnd, lastSeq: log.committedSeq };
    await log.append([text('new')]).committed;
    const seqs: number[] = [];
    const context = openTestFiles(disk.disk('flushed'));
    const next = await RecordLog.open(PATH, context, ({ record }) => seqs.push(record.seq), known);
    expect(seqs).toEqual([2]);
    expect(next.committedSeq).toBe(2);
  });

  it('reports damage before it cuts anything off', async () => {
    const disk = createFaultyBackend();
    const { log } = await reopen(disk);
    const { placements } = log.append([text('kept')]);
    const damaged = log.append([text('to be damaged')]).placements[0];
    const torn = log.append([text('of a batch'), text('without its end')]);
    await torn.committed;
    const bytes = disk.bytesOf(PATH) ?? new Uint8Array(0);
    bytes.fill(0x7e, (damaged?.offset ?? 0) + 5, (damaged?.offset ?? 0) + 9);
    const cut = bytes.subarray(0, torn.placements[1]?.offset);

    const context = openTestFiles(createFaultyBackend({}, new Map([[PATH, cut]])));
    const found: number[] = [];
    const report = {
      ...context,
      onDamage: async (path: string, ranges: readonly { offset: number; length: number }[]) => {
        for (const { offset, length } of ranges) {
          const copy = new Uint8Array(length);
          found.push((await context.files.use(path, (file) => file.read(copy, offset))) ?? 0);
        }
      },
    };
    const reopened = await RecordLog.open(PATH, report, () => undefined);
    expect(reopened.committedEnd).toBe(placements[0]?.length);
    expect(found).toEqual([damaged?.length]);
  });

  it('holds what was appended, whatever the batches and whenever it is opened again', async () => {
    const action = fc.oneof(
      fc.record({
        batch: fc.array(fc.string(), { minLength: 1, maxLength: 4 }),
        wait: fc.boolean(),
      }),
      fc.constant('reopen' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        let disk = createFaultyBackend();
        let { log } = await reopen(disk);
        const expected: string[] = [];
        for (const step of actions) {
          if (step === 'reopen') {
            await log.durable();
            disk = disk.disk('flushed');
            ({ log } = await reopen(disk));
          } else {
            const { committed } = log.append(step.batch.map(text));
            expected.push(...step.batch);
            if (step.wait) await committed;
          }
        }
        await log.durable();
        const { texts, seqs } = await reopen(disk.disk('flushed'));
        expect(texts).toEqual(expected);
        expect(seqs).toEqual(expected.map((_, index) => index + 1));
      }),
      { numRuns: 60 },
    );
  });
});
