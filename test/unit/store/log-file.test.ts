import { describe, expect, it } from 'vitest';
import { findLogFile, HEADER_BYTES, LogRewrite } from '../../../worker/store/log-file.ts';
import { RecordLog } from '../../../worker/store/record-log.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATH = 'folder/log.jsonl';
const ALTERNATE = 'folder/log.alt.jsonl';

const OLD = ['a', 'b', 'c', 'd', 'e'];
const NEW = ['a', 'c', 'e'];

const text = (value: string) => ({ type: 'text', text: value });

/** Opens the log as after a start of the process, with the texts of its records. */
async function open(disk: FaultyBackend) {
  const context = openTestFiles(disk);
  const texts: string[] = [];
  const log = await RecordLog.open(PATH, context, ({ record }) => {
    texts.push((record as unknown as { text: string }).text);
  });
  return { log, texts, context };
}

async function createLog(texts: readonly string[]): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const { log } = await open(disk);
  await log.append(texts.map(text)).committed;
  return disk.disk('flushed');
}

async function rewrite(disk: FaultyBackend, texts: readonly string[]): Promise<void> {
  const { files } = openTestFiles(disk);
  const written = await LogRewrite.begin(await findLogFile(PATH, files), files);
  // More than one append: a crash may come between them.
  for (const one of texts) await written.append([text(one)]);
  await written.commit();
  await files.closeAll();
}

/** A disk with some files of another. */
function diskWith(files: Readonly<Record<string, Uint8Array | undefined>>): FaultyBackend {
  const present = Object.entries(files).filter(([, bytes]) => bytes !== undefined);
  return createFaultyBackend({}, new Map(present as [string, Uint8Array][]));
}

async function textsOf(disk: FaultyBackend): Promise<string[]> {
  return (await open(disk)).texts;
}

describe('a log that is rewritten', { timeout: 30_000 }, () => {
  it('holds the new records from then on, in the other file, and the old file is removed', async () => {
    const disk = await createLog(OLD);
    await rewrite(disk, NEW);
    const { log, texts } = await open(disk);
    expect(texts).toEqual(NEW);
    expect(disk.paths).toEqual([ALTERNATE]);
    expect(log.file).toMatchObject({ path: ALTERNATE, epoch: 1 });
    expect(disk.bytesOf(ALTERNATE)).toHaveLength(log.committedEnd);
    await log.append([text('f')]).committed;
    expect(await textsOf(disk.disk('flushed'))).toEqual([...NEW, 'f']);
  });

  it('takes turns between its two files, however often it is rewritten', async () => {
    let disk = await createLog(OLD);
    for (let epoch = 1; epoch <= 12; epoch++) {
      await rewrite(disk, [...NEW, `${epoch}`]);
      disk = disk.disk('flushed');
      const { log, texts } = await open(disk);
      expect(texts).toEqual([...NEW, `${epoch}`]);
      expect(log.file).toMatchObject({ path: epoch % 2 === 1 ? ALTERNATE : PATH, epoch });
      expect(disk.paths).toEqual([log.file.path]);
      disk = disk.disk('flushed');
    }
  });

  it.each([
    [0, 'for the first time'],
    [1, 'once more'],
  ])('is the old or the new one, whole, wherever a crash comes: %i, %s', async (before) => {
    const start = await createLog(OLD);
    for (let time = 0; time < before; time++) await rewrite(start, OLD);
    const counted = start.disk('written');
    await rewrite(counted, NEW);
    let [old, fresh] = [0, 0];
    for (let step = 0; step < counted.steps; step++) {
      for (const part of [0, 0.3, 0.5, 0.98, 1]) {
        for (const kept of ['written', 'flushed'] as const) {
          const disk = start.disk('written');
          disk.crashAt({ step, part });
          await expect(rewrite(disk, NEW)).rejects.toThrow('dead');
          const survivor = disk.disk(kept);
          const { log, texts, context } = await open(survivor);
          const where = `step ${step}, part ${part}, ${kept}`;
          expect([OLD, NEW], where).toContainEqual(texts);
          if (texts.length === OLD.length) old++;
          else fresh++;
          expect(context.damaged, where).toEqual([]);
          expect(survivor.paths, where).toEqual([log.file.path]);
          await log.append([text('more')]).committed;
          expect(await textsOf(survivor.disk('flushed')), where).toEqual([...texts, 'more']);
          const again = survivor.disk('flushed');
          await rewrite(again, NEW);
          expect(await textsOf(again.disk('flushed')), where).toEqual(NEW);
        }
      }
    }
    expect(Math.min(old, fresh)).toBeGreaterThan(0);
  });

  it('is the old one when the rewriting is abandoned', async () => {
    const disk = await createLog(OLD);
    const { files } = openTestFiles(disk);
    const written = await LogRewrite.begin(await findLogFile(PATH, files), files);
    await written.append(NEW.map(text));
    await written.abandon();
    expect(disk.paths).toEqual([PATH]);
    expect(await textsOf(disk.disk('written'))).toEqual(OLD);
  });

  it('starts over where an earlier rewriting left more than it writes itself', async () => {
    const disk = await createLog(OLD);
    const { files } = openTestFiles(disk);
    const file = await findLogFile(PATH, files);
    const first = await LogRewrite.begin(file, files);
    await first.append(['x'.repeat(3_000), 'y'.repeat(3_000)].map(text));
    const second = await LogRewrite.begin(file, files);
    await second.append(NEW.map(text));
    await second.commit();
    expect(await textsOf(disk.disk('written'))).toEqual(NEW);
  });

  it.each(['write', 'flush'] as const)(
    'stays the old one, which loses nothing of what follows, when the last %s fails',
    async (kind) => {
      const disk = await createLog(OLD);
      const { log, context } = await open(disk);
      const written = await LogRewrite.begin(log.file, context.files);
      await written.append(NEW.map(text));
      // The flush before the header goes well; so did the writes.
      disk.failOnce(kind, { path: ALTERNATE, after: kind === 'flush' ? 1 : 0 });
      await expect(written.commit()).rejects.toMatchObject({ code: 'io' });
      await log.append([text('f')]).committed;
      expect(await textsOf(disk.disk('written'))).toEqual([...OLD, 'f']);
      expect(await textsOf(disk.disk('flushed'))).toEqual([...OLD, 'f']);
    },
  );

  it('may be rewritten with nothing in it, or where there was none', async () => {
    const disk = await createLog(OLD);
    await rewrite(disk, []);
    expect(disk.bytesOf(ALTERNATE)).toHaveLength(HEADER_BYTES);
    const { log, texts } = await open(disk);
    expect(texts).toEqual([]);
    await log.append([text('first')]).committed;
    expect(await textsOf(disk.disk('flushed'))).toEqual(['first']);

    const { files } = openTestFiles(createFaultyBackend());
    const fresh = await LogRewrite.fresh(PATH, files);
    await fresh.append([text('a')]);
    await fresh.commit();
    expect(await findLogFile(PATH, files)).toEqual({ path: PATH, epoch: 1 });
  });
});

describe('findLogFile', () => {
  it('never takes a file that begins with zeros while the other one is there', async () => {
    const log = (await createLog(OLD)).bytesOf(PATH);
    const rewritten = await createLog(OLD);
    await rewrite(rewritten, NEW);
    const unfinished = rewritten.bytesOf(ALTERNATE)?.fill(0, 0, HEADER_BYTES);
    const others = [log, new Uint8Array(0), rewritten.bytesOf(ALTERNATE)?.slice(HEADER_BYTES)];
    for (const other of others) {
      for (const [path, alternate] of [
        [other, unfinished],
        [unfinished, other],
      ]) {
        const { files } = openTestFiles(diskWith({ [PATH]: path, [ALTERNATE]: alternate }));
        const expected = path === other ? PATH : ALTERNATE;
        expect((await findLogFile(PATH, files)).path).toBe(expected);
      }
    }
  });

  it('takes the file with the higher epoch, whichever that is', async () => {
    const disk = await createLog(OLD);
    await rewrite(disk, NEW);
    const first = disk.bytesOf(ALTERNATE);
    await rewrite(disk, ['x']);
    const second = disk.bytesOf(PATH);
    const { files } = openTestFiles(diskWith({ [PATH]: second, [ALTERNATE]: first }));
    expect(await findLogFile(PATH, files)).toEqual({ path: PATH, epoch: 2, leftover: ALTERNATE });
    const swapped = openTestFiles(diskWith({ [PATH]: first, [ALTERNATE]: second }));
    expect(await findLogFile(PATH, swapped.files)).toMatchObject({ path: ALTERNATE, epoch: 2 });
  });

  it('takes the first file where there is none', async () => {
    const { files } = openTestFiles(createFaultyBackend());
    expect(await findLogFile(PATH, files)).toEqual({ path: PATH, epoch: 0 });
  });
});

describe('a header that is damaged', { timeout: 30_000 }, () => {
  it('costs nothing but a report while its file is the only one', async () => {
    for (let position = 0; position < HEADER_BYTES - 1; position++) {
      const disk = await createLog(OLD);
      await rewrite(disk, NEW);
      const bytes = disk.bytesOf(ALTERNATE) ?? new Uint8Array(0);
      bytes[position] = position === 0 ? 0 : 0x7e;
      const damaged = diskWith({ [ALTERNATE]: bytes });
      const { log, texts, context } = await open(damaged);
      expect(texts).toEqual(NEW);
      expect(context.damaged).toEqual([{ path: ALTERNATE, offset: 0, length: HEADER_BYTES }]);
      await log.append([text('f')]).committed;
      const again = damaged.disk('flushed');
      await rewrite(again, [...NEW, 'f']);
      expect(await textsOf(again)).toEqual([...NEW, 'f']);
    }
  });
});
