import { describe, expect, it, vi } from 'vitest';
import type { NewMessage } from '../../../src/shared/contract.ts';
import { FFSessionNotFoundError, FFUserNotFoundError } from '../../../src/shared/errors.ts';
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

const BOB = { caller: 'bob' };

describe('a message that grows', { timeout: 30_000 }, () => {
  it('shows its text as it comes, and is an ordinary message in the end', async () => {
    const { api, engine, events, grow } = await openWithSession();
    await api.addMessage('alice', 's1', { messageId: 'q', role: 'user', content: 'Why?' });
    const begun = await api.beginMessage('alice', 's1', {
      ...REPLY,
      name: 'Ann',
      metadata: { model: 'a', kept: true },
    });
    expect(begun).toMatchObject({ content: '', status: 'streaming', parentId: 'q', name: 'Ann' });
    expect(await grow(0, 'Let it')).toBe(6);
    expect(await grow(6, ' rise')).toBe(11);
    const shown = { ...begun, content: 'Let it rise' };
    expect(await api.getMessage('alice', 's1', 'm1')).toEqual(shown);
    expect((await readMessages(engine)).at(-1)).toEqual(shown);
    expect(await api.readGrowth('alice', 's1', 'm1')).toEqual({
      content: 'Let it rise',
      done: false,
      status: 'streaming',
    });
    const ended = await api.endMessage('alice', 's1', 'm1', {
      content: 'Let it rise.',
      parts: [{ type: 'text' }],
      metadata: { model: 'b' },
    });
    const { status: _, ...rest } = begun;
    expect(ended).toEqual({
      ...rest,
      content: 'Let it rise.',
      parts: [{ type: 'text' }],
      metadata: { model: 'b', kept: true },
    });
    expect(await api.getMessage('alice', 's1', 'm1')).toEqual(ended);
    expect(await api.readGrowth('alice', 's1', 'm1')).toEqual({
      content: 'Let it rise.',
      done: true,
    });
    const where = { userId: 'alice', sessionId: 's1' };
    expect(events).toEqual([
      { type: 'messages', ...where },
      { type: 'grew', ...where, messageId: 'm1', from: 0, text: 'Let it' },
      { type: 'grew', ...where, messageId: 'm1', from: 6, text: ' rise' },
      { type: 'ended', ...where, messageId: 'm1' },
      { type: 'messages', ...where },
    ]);
    await engine.close();
  });

  it('takes text that overlaps once, and none behind a gap', async () => {
    const { api, events, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', { ...REPLY, content: 'ab' });
    expect(await grow(2, 'cd')).toBe(4);
    expect(await grow(1, 'bcde')).toBe(5);
    expect(await grow(0, 'abc')).toBe(5);
    expect(await grow(6, 'gh')).toBe(5);
    expect((await api.readGrowth('alice', 's1', 'm1'))?.content).toBe('abcde');
    expect(events.map((event) => (event.type === 'grew' ? event.text : ''))).toEqual(['cd', 'e']);
  });

  it('is put on the disk as it grows, each text once', async () => {
    const { api, disk, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    const saved = () => recordsOf<GrowRecord>(disk, MESSAGES, 'grow');
    await grow(0, 'one ');
    await grow(4, 'two ');
    await vi.waitFor(() => expect(saved()).toHaveLength(1));
    await grow(8, 'three');
    await vi.waitFor(() => expect(saved()).toHaveLength(2));
    expect(saved()).toMatchObject([
      { messageId: 'm1', from: 0, text: 'one two ' },
      { messageId: 'm1', from: 8, text: 'three' },
    ]);
  });

  it('costs what is new of it, however long it is and whatever else is there', async () => {
    const { api, disk, grow } = await openWithSession();
    const many = Array.from({ length: 500 }, (_, index): NewMessage => {
      return { messageId: `n${index}`, role: 'user', content: 'x'.repeat(200) };
    });
    await api.addMessages('alice', 's1', many);
    await api.beginMessage('alice', 's1', REPLY);
    await grow(0, 'x'.repeat(100_000));
    await api.whenIdle();
    const before = disk.bytesOf(MESSAGES)?.length ?? 0;
    await grow(100_000, 'delta');
    await api.whenIdle();
    expect((disk.bytesOf(MESSAGES)?.length ?? 0) - before).toBeLessThan(150);
  });

  it('leaves nothing behind in the catalog once it has ended', async () => {
    const { api, disk, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    await grow(0, 'text');
    expect(recordsOf(disk, CATALOG, 'put')).toMatchObject([{ kind: 'growing', id: 's1/m1' }]);
    await api.endMessage('alice', 's1', 'm1', { content: 'text', status: 'aborted' });
    await vi.waitFor(() =>
      expect(recordsOf(disk, CATALOG, 'drop')).toMatchObject([{ kind: 'growing', id: 's1/m1' }]),
    );
    expect(await grow(4, 'late')).toBeNull();
    expect(await api.getMessage('alice', 's1', 'm1')).toMatchObject({
      content: 'text',
      status: 'aborted',
    });
  });

  it('ends once: whoever ends it again gets it as it is', async () => {
    const { api } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    const ended = await api.endMessage('alice', 's1', 'm1', { content: 'first' });
    expect(await api.endMessage('alice', 's1', 'm1', { content: 'second' })).toEqual(ended);
    expect(await api.endMessage('alice', 's1', 'none', { content: '' })).toBeNull();
    expect(await api.endMessage('alice', 'none', 'm1', { content: '' })).toBeNull();
    expect(await api.endMessage('nobody', 's1', 'm1', { content: '' })).toBeNull();
    expect(await api.readGrowth('alice', 's1', 'none')).toBeNull();
    expect(await api.growMessage('nobody', 's1', 'm1', 0, 'x')).toBeNull();
  });

  it('is counted when it begins, and by its whole text when it has ended', async () => {
    const { api, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', { ...REPLY, content: 'ab' });
    await grow(2, 'cd');
    const during = await api.getSessionStats('alice', 's1');
    expect(during).toMatchObject({ messageCount: 1, characters: 2 });
    await api.endMessage('alice', 's1', 'm1', { content: 'abcdef' });
    const after = await api.getSessionStats('alice', 's1');
    expect(after).toMatchObject({ messageCount: 1, characters: 6 });
  });

  it('is found by a search when it has ended, not before', async () => {
    const { api, grow, presence, beginAs } = await openWithSession();
    const search = async (query: string) => {
      const hits = await api.searchMessages('alice', { query, minRelevanceScore: 0 });
      return hits.map(({ id }) => id);
    };
    await api.beginMessage('alice', 's1', { ...REPLY, content: 'sourdough' });
    await grow(9, ' bread');
    await api.whenIdle();
    expect(await search('sourdough')).toEqual([]);
    await api.updateMessage('alice', 's1', 'm1', { metadata: { a: 1 } });
    expect(await search('bread')).toEqual([]);
    await api.endMessage('alice', 's1', 'm1', { content: 'sourdough bread' });
    expect(await search('bread')).toEqual(['m1']);
    await beginAs('bob', { ...REPLY, messageId: 'm2', content: 'rye' });
    presence.go('bob');
    await vi.waitFor(async () => expect(await search('rye')).toEqual(['m2']));
  });
});

describe('beginMessage', { timeout: 30_000 }, () => {
  it('refuses what addMessage would refuse, and ids that are in the session', async () => {
    const { api, disk } = await openWithSession();
    await api.addMessages('alice', 's1', [
      { messageId: 'a', role: 'user', content: 'x' },
      { messageId: 'b', role: 'user', content: 'y' },
    ]);
    await api.deleteMessage('alice', 's1', 'b');
    await expect(api.beginMessage('nobody', 's1', REPLY)).rejects.toThrow(FFUserNotFoundError);
    await expect(api.beginMessage('alice', 'none', REPLY)).rejects.toThrow(FFSessionNotFoundError);
    const refused = async (message: Partial<NewMessage>, field = 'messageId') => {
      const begun = api.beginMessage('alice', 's1', { ...REPLY, ...message });
      await expect(begun).rejects.toMatchObject({ code: 'validation', field });
    };
    await refused({ messageId: 'a' });
    await refused({ messageId: 'b' });
    await refused({ parentId: 'none' }, 'parentId');
    await refused({ parentId: 'm1' }, 'parentId');
    expect(recordsOf(disk, CATALOG, 'put')).toEqual([]);
    await api.beginMessage('alice', 's1', { ...REPLY, parentId: null });
    await refused({});
  });

  it('leaves nothing when the message cannot be written, and can be tried again', async () => {
    const { api, engine, disk, grow } = await openWithSession();
    disk.failOnce('write', { path: MESSAGES });
    await expect(api.beginMessage('alice', 's1', REPLY)).rejects.toThrow('was to fail');
    expect(await readMessages(engine)).toEqual([]);
    expect(await grow(0, 'x')).toBeNull();
    await vi.waitFor(() => expect(recordsOf(disk, CATALOG, 'drop')).toHaveLength(1));
    disk.failOnce('write', { path: CATALOG });
    await expect(api.beginMessage('alice', 's1', REPLY)).rejects.toThrow('was to fail');
    expect(await readMessages(engine)).toEqual([]);
    await api.beginMessage('alice', 's1', REPLY);
    expect(await grow(0, 'x')).toBe(1);
  });

  it('is carried out once, also for another owner', async () => {
    const { engine, disk } = await openWithSession();
    const operation = { id: 'bob-1' };
    const call = (to: typeof engine, repeated: boolean) =>
      to.call('beginMessage', ['alice', 's1', REPLY], {
        caller: 'bob',
        operation: repeated ? { ...operation, repeatedSince: 1 } : operation,
      });
    const begun = await call(engine, false);
    await engine.call('growMessage', ['alice', 's1', 'm1', 0, 'text'], BOB);
    await engine.api.whenIdle();
    const next = await openGrowingStore(disk.disk('written'), createPresence());
    expect(await call(next.engine, true)).toEqual({ ...begun, content: 'text' });
    expect(await readMessages(next.engine)).toHaveLength(1);
    expect(await next.engine.api.growMessage('alice', 's1', 'm1', 4, '!')).toBe(5);
    const ending = { caller: 'bob', operation: { id: 'bob-2' } };
    const ended = await next.engine.call(
      'endMessage',
      ['alice', 's1', 'm1', { content: 'text!' }],
      ending,
    );
    const last = await openGrowingStore(disk.disk('written'), createPresence());
    // What the first owner has not seen, the last one has to be told again.
    expect(await call(last.engine, true)).toMatchObject({ content: 'text', status: 'streaming' });
    expect(
      await next.engine.call('endMessage', ['alice', 's1', 'm1', { content: 'other' }], {
        caller: 'bob',
        operation: { id: 'bob-2', repeatedSince: 1 },
      }),
    ).toEqual(ended);
  });
});

describe('a growing message that is changed', { timeout: 30_000 }, () => {
  it('takes metadata, and keeps its text for its writer', async () => {
    const { api, engine, disk, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    await grow(0, 'text');
    expect(await api.updateMessage('alice', 's1', 'm1', { metadata: { a: 1 } })).toBe(true);
    await expect(
      api.updateMessage('alice', 's1', 'm1', { content: 'other' }),
    ).rejects.toMatchObject({ field: 'content' });
    await grow(4, ' more');
    expect(await readMessages(engine)).toMatchObject([
      { content: 'text more', status: 'streaming', metadata: { a: 1 } },
    ]);
    await api.whenIdle();
    const next = await openGrowingStore(disk.disk('written'));
    expect(await readMessages(next.engine)).toMatchObject([
      { content: 'text more', status: 'interrupted', metadata: { a: 1 } },
    ]);
  });

  it('is gone when it is deleted, with what is still written to it', async () => {
    const { api, engine, disk, events, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    await grow(0, 'text');
    expect(await api.deleteMessage('alice', 's1', 'm1')).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'ended', messageId: 'm1' });
    expect(await grow(4, 'late')).toBeNull();
    expect(await api.endMessage('alice', 's1', 'm1', { content: 'late' })).toBeNull();
    expect(await api.readGrowth('alice', 's1', 'm1')).toBeNull();
    expect(await readMessages(engine)).toEqual([]);
    await vi.waitFor(() => expect(recordsOf(disk, CATALOG, 'drop')).toHaveLength(1));
    await api.whenIdle();
    expect(recordsOf(disk, MESSAGES, 'grow')).toEqual([]);
  });

  it('goes with its session and with its user', async () => {
    const { api, grow } = await openWithSession();
    await api.beginMessage('alice', 's1', REPLY);
    await grow(0, 'text');
    await api.deleteSession('alice', 's1');
    expect(await grow(4, 'late')).toBeNull();
    expect(await api.endMessage('alice', 's1', 'm1', { content: 'late' })).toBeNull();
    await api.createSession('alice', { sessionId: 's1', title: '' });
    await api.beginMessage('alice', 's1', { ...REPLY, content: 'anew' });
    expect(await grow(4, '!')).toBe(5);
    await api.deleteUser('alice', true);
    expect(await grow(5, '!')).toBeNull();
  });
});
