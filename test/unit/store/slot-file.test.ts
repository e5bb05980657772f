import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SLOT_BYTES, SlotFile } from '../../../worker/store/slot-file.ts';
import { anyJson } from '../../support/arbitraries.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATH = 'state.json';

/** Bytes of a record around a value. */
const OVERHEAD = '{"seq":2,"type":"slot","value":,"crc":"00000000"}\n'.length;

function open(disk: FaultyBackend): Promise<SlotFile<unknown>> {
  return SlotFile.open(PATH, openTestFiles(disk).files);
}

/** Opens what a crash or a shutdown left. */
async function stateOf(disk: FaultyBackend): Promise<{ state: string; value: unknown }> {
  const { state, value } = await open(disk.disk('written'));
  return { state, value };
}

/** A disk on which the values were written, one after the other. */
async function diskWith(...values: readonly unknown[]): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const slot = await open(disk);
  for (const value of values) await slot.write(value);
  return disk.disk('flushed');
}

describe('SlotFile', () => {
  it('is missing where there is no file, and makes none', async () => {
    const disk = createFaultyBackend();
    expect(await stateOf(disk)).toEqual({ state: 'missing', value: undefined });
    expect(disk.paths).toEqual([]);
  });

  it('is missing where its first write did not get beyond creating the file', async () => {
    const disk = createFaultyBackend({}, new Map([[PATH, new Uint8Array(0)]]));
    expect(await stateOf(disk)).toEqual({ state: 'missing', value: undefined });
  });

  it('gives back the last of any values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyJson, { minLength: 1, maxLength: 5 }), async (values) => {
        const { state, value } = await stateOf(await diskWith(...values));
        expect(state).toBe('ok');
        expect(JSON.stringify(value)).toBe(JSON.stringify(values.at(-1)));
      }),
      { numRuns: 50 },
    );
  });

  it('writes in the order of the calls', async () => {
    const disk = createFaultyBackend();
    const slot = await open(disk);
    await Promise.all([slot.write('a'), slot.write('b'), slot.write('c')]);
    expect(slot.value).toBe('c');
    expect(await stateOf(disk)).toEqual({ state: 'ok', value: 'c' });
  });

  it('is durable when a write has resolved', async () => {
    expect(await stateOf(await diskWith('safe'))).toEqual({ state: 'ok', value: 'safe' });
  });

  it('holds the old or the new value after a write that was torn at any byte', async () => {
    for (const values of [
      ['longer than the new one', 'old', 'new'],
      ['older', 'longer than the new one', 'new'],
      ['older', 'old', 'longer than the old one'],
      ['old', 'new'],
    ]) {
      const [before, after] = values.slice(-2);
      const whole = await diskWith(...values.slice(0, -1));
      const bytes = OVERHEAD + JSON.stringify(after).length;
      for (let byte = 0; byte <= bytes; byte++) {
        const disk = whole.disk('flushed');
        const slot = await open(disk);
        disk.crashAt({ step: disk.steps, part: byte / bytes });
        await expect(slot.write(after)).rejects.toThrow('dead');
        const value = byte < bytes ? before : after;
        expect(await stateOf(disk), `${byte} of ${bytes} bytes`).toEqual({ state: 'ok', value });
        expect((await open(disk.disk('flushed'))).value).toBe(before);
      }
    }
  });

  it('goes on with the old value after a write that failed', async () => {
    const disk = await diskWith('old');
    const slot = await open(disk);
    disk.failOnce('write');
    await expect(slot.write('lost')).rejects.toMatchObject({ code: 'io' });
    expect(slot.value).toBe('old');
    expect(await stateOf(disk)).toEqual({ state: 'ok', value: 'old' });
    await slot.write('new');
    expect(await stateOf(disk)).toEqual({ state: 'ok', value: 'new' });
  });

  it('falls back to the value before when one slot is damaged', async () => {
    const bytes = (await diskWith('older', 'newer')).bytesOf(PATH) ?? new Uint8Array(0);
    bytes[10] = 0;
    expect(await stateOf(createFaultyBackend({}, new Map([[PATH, bytes]])))).toEqual({
      state: 'ok',
      value: 'older',
    });
  });

  it('is unreadable, not missing, when both slots are damaged', async () => {
    const bytes = (await diskWith('older', 'newer')).bytesOf(PATH) ?? new Uint8Array(0);
    bytes[10] = 0;
    bytes[SLOT_BYTES + 10] = 0;
    expect(await stateOf(createFaultyBackend({}, new Map([[PATH, bytes]])))).toEqual({
      state: 'unreadable',
      value: undefined,
    });
  });

  it('refuses a value that does not fit, and keeps the one it has', async () => {
    const disk = await diskWith('old');
    const slot = await open(disk);
    const room = SLOT_BYTES - OVERHEAD - '""'.length;
    await expect(slot.write('x'.repeat(room + 1))).rejects.toThrow(RangeError);
    expect(await stateOf(disk)).toEqual({ state: 'ok', value: 'old' });
    await slot.write('x'.repeat(room));
    expect(await stateOf(disk)).toEqual({ state: 'ok', value: 'x'.repeat(room) });
  });
});
