import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import type { Engine } from '../../../worker/engine.ts';
import type { FaultyBackend } from '../../support/faulty-backend.ts';
import {
  createPresence,
  MESSAGES,
  openGrowingStore,
  openWithSession,
  readMessages,
  recordsOf,
  REPLY,
} from '../../support/growing-store.ts';
import { createClock } from '../../support/stores.ts';
import { openTestRescue } from './rescue-support.ts';
import { damaging, kindsOf, repair, verify, withFile } from './support.ts';

/** Where the second file of a log is the log. */
const REWRITTEN_CATALOG = 'users/alice/catalog.alt.jsonl';
const REWRITTEN_MESSAGES = 'users/alice/sessions/s1/messages.alt.jsonl';

const OPERATION = { id: 'k3Jd9x2Q-1f' };

/** When the repeated call was made first. */
const SINCE = Date.parse('2026-01-01T00:00:00Z');

const SAID = { messageId: 'm0', role: 'user', content: 'Let it rest' } as const;

const add = (engine: Engine, operation: { id: string; repeatedSince?: number }) =>
  engine.call('addMessage', ['alice', 's1', SAID], { caller: 'bob', operation });

/** A store that other tabs have written to: marks, and a message of one of them that still grows. */
async function openShared() {
  const store = await openWithSession();
  const { engine, api, beginAs, grow } = store;
  await add(engine, OPERATION);
  await api.updateMessage('alice', 's1', 'm0', { content: 'Let it rest, then' });
  await api.optimizeStorage('alice');
  await beginAs('bob');
  await grow(0, 'Let it');
  await api.whenIdle();
  await grow(6, ' rise');
  await api.whenIdle();
  return store;
}

function contentOf(messages: readonly FFMessageDTO[]): unknown[] {
  return messages.map(({ messageId, content, status }) => [messageId, content, status]);
}

/** Opens a disk while bob, who writes, is still there. */
async function reopen(disk: FaultyBackend): Promise<Engine> {
  return (await openGrowingStore(disk, createPresence())).engine;
}

describe('a store that several tabs have written to', { timeout: 60_000 }, () => {
  it('is in order, while something grows in it and when all tabs are gone', async () => {
    const { disk, api, engine, grow } = await openShared();
    expect(recordsOf(disk, REWRITTEN_MESSAGES, 'operations')).toHaveLength(1);
    expect((await verify(api)).findings).toEqual([]);
    const { repaired, remaining } = await repair(api);
    expect(repaired).toEqual([]);
    expect(remaining.ok).toBe(true);
    expect(await grow(11, ', now')).toBe(16);
    const crashed = disk.disk('flushed');
    await engine.close();
    for (const left of [crashed, disk.disk('flushed')]) {
      const rescue = await openTestRescue(left);
      expect((await verify(rescue.api)).findings).toEqual([]);
      await rescue.close();
    }
  });

  it('is repaired without forgetting what was done, or what grows', async () => {
    const { disk, engine } = await openShared();
    await engine.close();
    const damaged = withFile(disk.disk('flushed'), REWRITTEN_CATALOG, damaging('"type":"user"'));
    const again = await reopen(damaged);
    await repair(again.api);
    expect(
      kindsOf(await verify(again.api)).filter((kind) => !kind.startsWith('set-aside')),
    ).toEqual([]);
    expect(await add(again, { ...OPERATION, repeatedSince: SINCE })).toBe(true);
    expect(contentOf(await readMessages(again))).toEqual([
      ['m0', 'Let it rest, then', undefined],
      ['m1', 'Let it rise', 'streaming'],
    ]);
    await again.close();
  });

  it('keeps a damaged log as it is until what grows in it has ended', async () => {
    const { disk, engine, api } = await openWithSession();
    await api.addMessage('alice', 's1', SAID);
    await engine.call('beginMessage', ['alice', 's1', REPLY], { caller: 'bob' });
    await api.growMessage('alice', 's1', 'm1', 0, 'Let it rise');
    await engine.close();
    const damaged = withFile(disk.disk('flushed'), MESSAGES, damaging('Let it rest'));
    const clock = createClock(Date.parse('2026-02-01T00:00:00Z'));
    const { engine: again } = await openGrowingStore(damaged, createPresence(), clock);
    const before = await repair(again.api);
    expect(kindsOf(before.remaining)).toContain(`damaged-records ${MESSAGES}`);
    expect(contentOf(await readMessages(again))).toEqual([['m1', 'Let it rise', 'streaming']]);
    await again.api.endMessage('alice', 's1', 'm1', { content: 'Let it rise.' });
    await again.api.whenIdle();
    const after = await repair(again.api);
    expect(after.repaired.map(({ kind }) => kind)).toContain('damaged-records');
    expect(kindsOf(after.remaining).filter((kind) => !kind.startsWith('set-aside'))).toEqual([]);
    expect(contentOf(await readMessages(again))).toEqual([['m1', 'Let it rise.', undefined]]);
    await again.close();
  });
});
