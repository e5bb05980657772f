import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { MessageLog } from '../../../worker/store/message-log.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createMeteredBackend, type MeteredBackend } from '../../support/metered-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATHS = { log: 'messages.jsonl', offsets: 'messages.idx' };

function message(messageId: string, content = `text of ${messageId}`): FFMessageDTO {
  return { messageId, role: 'user', content, timestamp: '2026-01-01T00:00:00.000Z' };
}

async function open(disk: FaultyBackend): Promise<{ log: MessageLog; backend: MeteredBackend }> {
  const backend = createMeteredBackend(disk);
  return { log: await MessageLog.open(PATHS.log, openTestFiles(backend)), backend };
}

/** A log of messages `a0`, `a1`, …, whose places are saved. */
async function createLog(prefix: string, count: number): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const { log } = await open(disk);
  for (let index = 0; index < count; index++) await log.append([message(`${prefix}${index}`)], 1);
  await log.saveOffsets();
  return disk.disk('written');
}

async function idsOf(log: MessageLog): Promise<string[]> {
  return (await log.page(0, Infinity)).map(({ messageId }) => messageId);
}

/** A disk with these files. */
function diskOf(log: Uint8Array | undefined, offsets: Uint8Array | undefined): FaultyBackend {
  const content = new Map<string, Uint8Array>();
  if (log !== undefined) content.set(PATHS.log, log);
  if (offsets !== undefined) content.set(PATHS.offsets, offsets);
  return createFaultyBackend({}, content);
}

describe('the offset file', () => {
  it('spares an opening the log', async () => {
    const disk = await createLog('a', 500);
    const { log, backend } = await open(disk);
    expect(log.count).toBe(500);
    // The last record alone is read, twice: to see whether the table fits, and for its time.
    expect(backend.meter(PATHS.log).bytesRead).toBeLessThan(1_000);
    expect(await idsOf(log)).toHaveLength(500);
  });

  it('is followed by what was appended after it was saved', async () => {
    const disk = await createLog('a', 3);
    const { log } = await open(disk);
    await log.append([message('b0')], 2);
    const found = await log.find('a1');
    await log.edit(found?.ordinal ?? -1, message('a1'), message('a1', 'edited'), 3);
    await log.delete(0, message('a0'), 4);

    const again = await open(disk.disk('flushed'));
    expect(await idsOf(again.log)).toEqual(['a1', 'a2', 'b0']);
    expect((await again.log.find('a1'))?.message?.content).toBe('edited');
    expect((await again.log.find('a0'))?.message).toBeNull();
  });

  it('is saved unasked, so that a crash costs the reading of about a thousand records', async () => {
    const disk = createFaultyBackend();
    const { log } = await open(disk);
    for (let batch = 0; batch < 50; batch++) {
      const ids = Array.from({ length: 100 }, (_, index) => `m${batch * 100 + index}`);
      await log.append(
        ids.map((id) => message(id)),
        batch,
      );
    }
    await log.detach();
    const again = await open(disk.disk('written'));
    expect(again.log.count).toBe(5_000);
    const bytesPerRecord = log.committedEnd / 5_000;
    expect(again.backend.meter(PATHS.log).bytesRead).toBeLessThan(1_200 * bytesPerRecord);
  });

  it('may be missing', async () => {
    const disk = await createLog('a', 5);
    const { log } = await open(diskOf(disk.bytesOf(PATHS.log), undefined));
    expect(await idsOf(log)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
  });

  it('may be cut at any byte', async () => {
    const disk = await createLog('a', 3);
    const offsets = disk.bytesOf(PATHS.offsets) ?? new Uint8Array(0);
    for (let cut = 0; cut < offsets.length; cut++) {
      const { log } = await open(diskOf(disk.bytesOf(PATHS.log), offsets.subarray(0, cut)));
      expect(await idsOf(log), `cut at ${cut}`).toEqual(['a0', 'a1', 'a2']);
    }
  });

  it('is dropped where the log is shorter than what it covers', async () => {
    const [long, short] = [await createLog('a', 5), await createLog('a', 3)];
    const { log } = await open(diskOf(short.bytesOf(PATHS.log), long.bytesOf(PATHS.offsets)));
    expect(await idsOf(log)).toEqual(['a0', 'a1', 'a2']);
    expect(log.isNew('a4')).toBe(true);
  });

  it('is dropped where there is no log', async () => {
    const disk = await createLog('a', 5);
    const { log } = await open(diskOf(undefined, disk.bytesOf(PATHS.offsets)));
    expect(log.count).toBe(0);
    await log.append([message('b0')], 1);
    expect(await idsOf(log)).toEqual(['b0']);
  });

  it('is dropped where it belongs to another log', async () => {
    const [mine, other] = [await createLog('a', 5), await createLog('something-longer', 5)];
    const { log } = await open(diskOf(mine.bytesOf(PATHS.log), other.bytesOf(PATHS.offsets)));
    expect(await idsOf(log)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
    expect(await log.find('a3')).toMatchObject({ message: { messageId: 'a3' } });
  });

  it('is dropped where the log lost its end and grew again to the same length', async () => {
    const [old, grown] = [await createLog('a', 5), await createLog('b', 5)];
    expect(grown.bytesOf(PATHS.log)).toHaveLength(old.bytesOf(PATHS.log)?.length ?? -1);
    const { log } = await open(diskOf(grown.bytesOf(PATHS.log), old.bytesOf(PATHS.offsets)));
    expect(await log.find('b4')).toMatchObject({ message: { messageId: 'b4' } });
    expect(log.isNew('a4')).toBe(true);
  });

  it('is made anew, without what was left of an older one, when it did not fit', async () => {
    const [long, short] = [await createLog('a', 50), await createLog('a', 2)];
    const disk = diskOf(short.bytesOf(PATHS.log), long.bytesOf(PATHS.offsets));
    const { log } = await open(disk);
    await log.saveOffsets();
    const again = await open(disk.disk('written'));
    expect(await idsOf(again.log)).toEqual(['a0', 'a1']);
    const statsLength = JSON.stringify(again.log.stats).length;
    expect(disk.bytesOf(PATHS.offsets)?.length).toBe(32 + 2 * 24 + statsLength);
  });

  it('misses nothing that is appended while it is being saved', async () => {
    const disk = createFaultyBackend();
    const { log } = await open(disk);
    await log.append([message('a0')], 1);
    const opening = disk.hold('open', { path: PATHS.offsets });
    const saved = log.saveOffsets();
    await opening.reached;
    await log.append([message('a1')], 2);
    opening.release();
    await saved;
    await log.append([message('a2')], 3);
    await log.saveOffsets();
    const again = await open(disk.disk('written'));
    expect(await idsOf(again.log)).toEqual(['a0', 'a1', 'a2']);
  });

  it('costs no failure when it cannot be written', async () => {
    const disk = createFaultyBackend();
    const { log } = await open(disk);
    await log.append([message('a0')], 1);
    disk.failOnce('write', { path: PATHS.offsets });
    await log.saveOffsets();
    await log.append([message('a1')], 1);
    await log.saveOffsets();
    expect(disk.bytesOf(PATHS.offsets)).toEqual((await createLog('a', 2)).bytesOf(PATHS.offsets));
    const again = await open(disk.disk('written'));
    expect(await idsOf(again.log)).toEqual(['a0', 'a1']);
  });

  it('covers only what is committed', async () => {
    const disk = createFaultyBackend();
    const { log } = await open(disk);
    await log.append([message('a0')], 1);
    disk.failOnce('write', { path: PATHS.log });
    await expect(log.append([message('lost')], 2)).rejects.toMatchObject({ code: 'io' });
    await log.saveOffsets();
    const again = await open(disk.disk('written'));
    expect(await idsOf(again.log)).toEqual(['a0']);
    expect(again.log.isNew('lost')).toBe(true);
  });
});
