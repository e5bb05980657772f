import { describe, expect, it } from 'vitest';
import { FFQuotaExceededError } from '../../../src/shared/errors.ts';
import { createMemoryBackend } from '../../../worker/backend/memory.ts';
import { RecordLog, type LogContext } from '../../../worker/store/record-log.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { createMeteredBackend } from '../../support/metered-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATH = 'log.jsonl';

const text = (value: string) => ({ type: 'text', text: value });

function open(context: LogContext): Promise<RecordLog> {
  return RecordLog.open(PATH, context, () => undefined);
}

async function textsOf(context: LogContext): Promise<string[]> {
  const texts: string[] = [];
  await RecordLog.open(PATH, context, ({ record }) =>
    texts.push((record as unknown as { text: string }).text),
  );
  return texts;
}

describe('group commit', () => {
  it('writes and flushes once for everything that was appended together', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const log = await open(openTestFiles(backend));
    const appends = Array.from({ length: 100 }, (_, index) => log.append([text(`${index}`)]));
    await Promise.all(appends.map(({ committed }) => committed));
    expect(backend.meter(PATH)).toMatchObject({ writes: 1, flushes: 1 });
  });

  it('commits what arrived during a commit with the next one', async () => {
    const disk = createFaultyBackend();
    const backend = createMeteredBackend(disk);
    const log = await open(openTestFiles(backend));
    const flush = disk.hold('flush');
    const first = log.append([text('first')]);
    await flush.reached;
    const others = ['second', 'third', 'fourth'].map((value) => log.append([text(value)]));
    expect(log.committedSeq).toBe(0);
    flush.release();
    await first.committed;
    await Promise.all(others.map(({ committed }) => committed));
    expect(backend.meter(PATH)).toMatchObject({ writes: 2, flushes: 2 });
    expect(await textsOf(openTestFiles(disk.disk('flushed')))).toEqual([
      'first',
      'second',
      'third',
      'fourth',
    ]);
  });

  it('resolves in the order of the appends', async () => {
    const log = await open(openTestFiles(createMemoryBackend()));
    const order: number[] = [];
    const appends = [0, 1, 2, 3, 4].map((index) =>
      log.append([text(`${index}`)]).committed.then(() => order.push(index)),
    );
    await Promise.all(appends);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('does not resolve before the flush is done', async () => {
    const disk = createFaultyBackend();
    const log = await open(openTestFiles(disk));
    const flush = disk.hold('flush');
    let resolved = false;
    const committed = log.append([text('a')]).committed.then(() => (resolved = true));
    await flush.reached;
    expect(resolved).toBe(false);
    expect(log.committedEnd).toBe(0);
    flush.release();
    await committed;
    expect(log.committedEnd).toBeGreaterThan(0);
  });

  it('writes but does not flush where written is enough', async () => {
    const backend = createMeteredBackend(createFaultyBackend({ keepsUnflushedWrites: true }));
    const log = await open(openTestFiles(backend, { flushCommits: false }));
    await log.append([text('a')]).committed;
    expect(backend.meter(PATH)).toMatchObject({ writes: 1, flushes: 0 });
  });
});

describe('a commit that fails', () => {
  it('rejects everything that was on its way, and leaves none of it in the file', async () => {
    const disk = createFaultyBackend();
    const log = await open(openTestFiles(disk));
    await log.append([text('kept')]).committed;
    const end = log.committedEnd;
    disk.failOnce('write', {}, new FFQuotaExceededError('full'));
    const appends = [log.append([text('lost')]), log.append([text('lost, too'), text('and this')])];
    for (const { committed } of appends) {
      await expect(committed).rejects.toBeInstanceOf(FFQuotaExceededError);
    }
    expect(disk.bytesOf(PATH)?.length).toBe(end);
    expect(log.committedEnd).toBe(end);
  });

  it('rejects what waits for it, too', async () => {
    const disk = createFaultyBackend();
    const log = await open(openTestFiles(disk));
    const opening = disk.hold('open');
    const first = log.append([text('a')]);
    await opening.reached;
    const second = log.append([text('b')]);
    disk.failOnce('write');
    opening.release();
    await expect(first.committed).rejects.toMatchObject({ code: 'io' });
    await expect(second.committed).rejects.toMatchObject({ code: 'io' });
    expect(await textsOf(openTestFiles(disk.disk('written')))).toEqual([]);
  });

  it('leaves what was committed before it', async () => {
    const disk = createFaultyBackend();
    const log = await open(openTestFiles(disk));
    const flush = disk.hold('flush');
    const first = log.append([text('a')]);
    await flush.reached;
    const second = log.append([text('b')]);
    disk.failOnce('write');
    flush.release();
    await first.committed;
    await expect(second.committed).rejects.toMatchObject({ code: 'io' });
    expect(await textsOf(openTestFiles(disk.disk('written')))).toEqual(['a']);
  });

  it('takes the write back when it is the flush that fails', async () => {
    const disk = createFaultyBackend();
    const log = await open(openTestFiles(disk));
    disk.failOnce('flush');
    await expect(log.append([text('lost')]).committed).rejects.toMatchObject({ code: 'io' });
    expect(await textsOf(openTestFiles(disk.disk('written')))).toEqual([]);
  });

  it('leaves a log that refuses everything and says so, until it is opened again', async () => {
    const disk = createFaultyBackend();
    const context = openTestFiles(disk);
    const log = await open(context);
    await log.append([text('kept')]).committed;
    disk.failOnce('write');
    await expect(log.append([text('lost')]).committed).rejects.toMatchObject({ code: 'io' });
    await log.settled();
    expect(log.failed).toBe(true);
    await expect(log.durable()).rejects.toMatchObject({ code: 'io' });
    await expect(log.append([text('refused')]).committed).rejects.toMatchObject({ code: 'io' });

    const again = await open(context);
    expect(again.failed).toBe(false);
    await again.append([text('new')]).committed;
    expect(await textsOf(openTestFiles(disk.disk('flushed')))).toEqual(['kept', 'new']);
  });

  it('is made good by the next opening when even taking it back fails', async () => {
    const disk = createFaultyBackend();
    const log = await open(openTestFiles(disk));
    await log.append([text('kept')]).committed;
    disk.failOnce('write');
    disk.failOnce('truncate');
    const { committed } = log.append([text('lost'), text('of the same batch')]);
    await expect(committed).rejects.toMatchObject({ code: 'io' });
    expect(disk.bytesOf(PATH)?.length).toBeGreaterThan(log.committedEnd);
    expect(await textsOf(openTestFiles(disk.disk('written')))).toEqual(['kept']);
  });

  it('is reported when the file cannot be opened at all', async () => {
    const disk = createFaultyBackend();
    const log = await open(openTestFiles(disk));
    disk.failOnce('open');
    await expect(log.append([text('lost')]).committed).rejects.toMatchObject({ code: 'io' });
    expect(log.failed).toBe(true);
  });
});
