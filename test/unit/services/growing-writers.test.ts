import { describe, expect, it, vi } from 'vitest';
import type { GrowRecord } from '../../../worker/store/message-record.ts';
import {
  CATALOG,
  createPresence,
  MESSAGES,
  openGrowingStore,
  openWithSession,
  readMessages,
  recordsOf,
  REPLY,
} from '../../support/growing-store.ts';

describe('a message whose writer is gone', { timeout: 30_000 }, () => {
  it('is marked as interrupted, with all of its text, and tells of it', async () => {
    const { engine, api, beginAs, events, grow, presence, disk } = await openWithSession();
    await beginAs('bob');
    await beginAs('carol', { ...REPLY, messageId: 'm2' });
    await grow(0, 'half a');
    presence.go('bob');
    await vi.waitFor(async () =>
      expect((await readMessages(engine))[0]).toMatchObject({
        content: 'half a',
        status: 'interrupted',
      }),
    );
    expect(await grow(6, ' sentence')).toBeNull();
    await vi.waitFor(() =>
      expect(recordsOf(disk, CATALOG, 'drop')).toMatchObject([{ id: 's1/m1' }]),
    );
    expect(events.slice(-2)).toMatchObject([{ type: 'ended' }, { type: 'messages' }]);
    expect(await api.readGrowth('alice', 's1', 'm1')).toEqual({
      content: 'half a',
      done: true,
      status: 'interrupted',
    });
    expect(await grow(0, 'alive', 'm2')).toBe(5);
  });

  it('is completed by its writer all the same, should it come back', async () => {
    const { api, beginAs, engine, grow } = await openWithSession();
    await beginAs('bob');
    await grow(0, 'half');
    await engine.interrupt('bob');
    expect(await readMessages(engine)).toMatchObject([{ content: 'half', status: 'interrupted' }]);
    const ended = await api.endMessage('alice', 's1', 'm1', { content: 'half and half' });
    expect(ended).toMatchObject({ content: 'half and half' });
    expect(ended).not.toHaveProperty('status');
    expect(await readMessages(engine)).toEqual([ended]);
  });

  it('is interrupted as soon as the disk allows', async () => {
    const { beginAs, disk, engine, grow, presence } = await openWithSession();
    await beginAs('bob');
    await grow(0, 'text');
    disk.failOnce('write', { path: MESSAGES });
    presence.go('bob');
    await vi.waitFor(
      () =>
        expect(recordsOf(disk, MESSAGES, 'edit')).toMatchObject([{ message: { content: 'text' } }]),
      { timeout: 10_000 },
    );
    expect(await readMessages(engine)).toMatchObject([{ content: 'text', status: 'interrupted' }]);
  });
});

describe('a growing message on a disk that fails', { timeout: 30_000 }, () => {
  it('keeps its text in memory until it can be saved', async () => {
    const { api, disk, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    disk.failOnce('write', { path: MESSAGES });
    await grow(0, 'one ');
    await api.whenIdle();
    await grow(4, 'two');
    expect((await api.readGrowth('alice', 's1', 'm1'))?.content).toBe('one two');
    await vi.waitFor(
      () =>
        expect(recordsOf<GrowRecord>(disk, MESSAGES, 'grow')).toMatchObject([
          { from: 0, text: 'one two' },
        ]),
      { timeout: 10_000 },
    );
  });

  it('goes on growing when its end cannot be written', async () => {
    const { api, disk, engine, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    await grow(0, 'text');
    disk.failOnce('write', { path: MESSAGES });
    await expect(api.endMessage('alice', 's1', 'm1', { content: 'text.' })).rejects.toThrow(
      'was to fail',
    );
    expect(await readMessages(engine)).toMatchObject([{ content: 'text', status: 'streaming' }]);
    expect(await grow(4, '!')).toBe(5);
    expect(await api.endMessage('alice', 's1', 'm1', { content: 'text!' })).toMatchObject({
      content: 'text!',
    });
  });
});

describe('two ends of one message', { timeout: 30_000 }, () => {
  it('are not taken for one when the first of them fails', async () => {
    const { api, beginAs, disk, engine, grow } = await openWithSession();
    await beginAs('bob');
    await grow(0, 'text');
    disk.failOnce('write', { path: MESSAGES });
    const ending = api.endMessage('alice', 's1', 'm1', { content: 'text.' });
    const [ended] = await Promise.allSettled([ending, engine.interrupt('bob')]);
    expect(ended.status).toBe('rejected');
    expect(await readMessages(engine)).toMatchObject([{ content: 'text', status: 'interrupted' }]);
    expect(await api.getStorageStats()).toMatchObject({ damagedRecords: 0 });
  });
});

describe('a growing message after an opening', { timeout: 30_000 }, () => {
  it('goes on where it was when its writer is there, without what was not saved', async () => {
    const { beginAs, disk, grow, api } = await openWithSession();
    await beginAs('bob');
    await grow(0, 'saved');
    await api.whenIdle();
    await grow(5, ' lost');
    const next = await openGrowingStore(disk.disk('written'), createPresence());
    const { api: after } = next.engine;
    expect(await after.growMessage('alice', 's1', 'm1', 10, ' more')).toBe(5);
    expect(await after.growMessage('alice', 's1', 'm1', 5, ' lost more')).toBe(15);
    expect(next.events).toMatchObject([{ type: 'grew', from: 5, text: ' lost more' }]);
    expect(await readMessages(next.engine)).toMatchObject([
      { content: 'saved lost more', status: 'streaming' },
    ]);
    await next.engine.close();
  });

  it('loses nothing when the store was closed', async () => {
    const { beginAs, disk, grow, engine } = await openWithSession();
    await beginAs('bob');
    await grow(0, 'all of it');
    await engine.close();
    const next = await openGrowingStore(disk.disk('flushed'), createPresence());
    expect(await readMessages(next.engine)).toMatchObject([
      { content: 'all of it', status: 'streaming' },
    ]);
  });

  it('is interrupted to the first who reads it when its writer is gone', async () => {
    const { beginAs, api, disk, grow, engine } = await openWithSession();
    await beginAs('bob');
    await api.beginMessage('alice', 's1', { ...REPLY, messageId: 'm2', content: 'here' });
    await grow(0, 'text');
    await engine.close();
    const presence = createPresence();
    presence.go('bob');
    const left = disk.disk('flushed');
    const next = await openGrowingStore(left, presence);
    expect(await readMessages(next.engine)).toMatchObject([
      { content: 'text', status: 'interrupted' },
      { content: 'here', status: 'interrupted' },
    ]);
    await next.engine.close();
    // Now it is so on the disk, and nothing is left to be done.
    const last = await openGrowingStore(left, createPresence());
    const { steps } = left;
    expect(await readMessages(last.engine)).toMatchObject([
      { content: 'text', status: 'interrupted' },
      { content: 'here', status: 'interrupted' },
    ]);
    expect(left.steps).toBe(steps);
  });
});
