import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_MESSAGES } from '../../../worker/store/message-stats.ts';
import type { SessionCount, SessionEntry } from '../../../worker/store/session-table.ts';
import { UserCatalog } from '../../../worker/store/user-catalog.ts';
import { anyJson } from '../../support/arbitraries.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATH = 'users/alice/catalog.jsonl';

const sessionId = fc.constantFrom('s1', 's2', 's3', '__proto__');

const action = fc.oneof(
  fc.record({
    do: fc.constant('put' as const),
    sessionId,
    title: fc.string(),
    metadata: fc.option(
      anyJson.map((value) => ({ value })),
      { nil: undefined },
    ),
  }),
  fc.record({ do: fc.constant('count' as const), sessionId, messages: fc.nat(50) }),
  fc.record({ do: fc.constantFrom('delete' as const, 'sweep' as const), sessionId }),
  fc.record({ do: fc.constantFrom('save' as const, 'reopen' as const) }),
);

function open(disk: FaultyBackend): Promise<UserCatalog> {
  return UserCatalog.open('alice', PATH, openTestFiles(disk));
}

function session(id: string, at: number, title = 'title'): SessionEntry {
  return { title, createdAt: at, ...countOf(id, 0, at) };
}

function countOf(id: string, messageCount: number, updatedAt: number): SessionCount {
  const bytes = { messages: messageCount * 100, indexes: messageCount * 24 };
  return { sessionId: id, messageCount, updatedAt, stats: NO_MESSAGES, bytes };
}

describe('UserCatalog', () => {
  it('lists sessions by their activity, the same when it is opened again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        let disk = createFaultyBackend();
        let catalog = await open(disk);
        /** The newest activity first. */
        let sessions: SessionEntry[] = [];
        const unswept = new Set<string>();
        const touch = (entry: SessionEntry): void => {
          sessions = [entry, ...sessions.filter(({ sessionId: id }) => id !== entry.sessionId)];
        };
        for (const [index, step] of actions.entries()) {
          const at = 1_000 + index;
          const known = sessions.find(
            ({ sessionId: id }) => 'sessionId' in step && id === step.sessionId,
          );
          if (step.do === 'put') {
            const { title, metadata } = step;
            const entry: SessionEntry = {
              ...(known ?? session(step.sessionId, at)),
              title,
              updatedAt: at,
              ...(metadata === undefined ? {} : { metadata }),
            };
            await catalog.putSession(entry);
            touch(entry);
          } else if (step.do === 'count' && known !== undefined) {
            const count = countOf(step.sessionId, step.messages, at);
            if (!catalog.isWriting(step.sessionId)) await catalog.markWriting(step.sessionId);
            catalog.setCount(count);
            touch({ ...known, ...count });
          } else if (step.do === 'delete' && known !== undefined) {
            await catalog.deleteSession(step.sessionId);
            sessions = sessions.filter((entry) => entry !== known);
            unswept.add(step.sessionId);
          } else if (step.do === 'sweep' && unswept.has(step.sessionId)) {
            await catalog.markSwept(step.sessionId);
            unswept.delete(step.sessionId);
          } else if (step.do === 'save') {
            await catalog.saveCounts();
          } else if (step.do === 'reopen') {
            await catalog.saveCounts();
            disk = disk.disk('flushed');
            catalog = await open(disk);
            catalog.sortByActivity();
          }
          expect(catalog.sessions()).toEqual(sessions);
          expect(catalog.sessionCount).toBe(sessions.length);
          expect(new Set(catalog.unsweptSessionIds)).toEqual(unswept);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('keeps the last profile', async () => {
    const disk = createFaultyBackend();
    const catalog = await open(disk);
    const profile = { userId: 'alice', createdAt: '2026', updatedAt: '2026' };
    await catalog.setProfile(profile);
    await catalog.setProfile({ ...profile, name: 'Alice', metadata: { a: 1 } });
    expect((await open(disk.disk('flushed'))).profile).toEqual({
      ...profile,
      name: 'Alice',
      metadata: { a: 1 },
    });
  });

  it('gives a bare profile where there is none', async () => {
    const catalog = await open(createFaultyBackend());
    expect(catalog.isBlank).toBe(true);
    expect(catalog.profile).toMatchObject({
      userId: 'alice',
      createdAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('still says that a session is being written to when its count was not saved', async () => {
    const disk = createFaultyBackend();
    const catalog = await open(disk);
    await catalog.putSession(session('s1', 1));
    await catalog.putSession(session('s2', 2));
    await catalog.markWriting('s1');
    await catalog.markWriting('s2');
    catalog.setCount(countOf('s1', 5, 9));
    const unsaved = await open(disk.disk('flushed'));
    expect(unsaved.writingSessionIds).toEqual(['s1', 's2']);
    expect(unsaved.session('s1')?.messageCount).toBe(0);
    await catalog.saveCounts();
    const saved = await open(disk.disk('flushed'));
    expect(saved.writingSessionIds).toEqual([]);
    expect(saved.session('s1')).toEqual({ ...session('s1', 1), ...countOf('s1', 5, 9) });
  });

  it('keeps sessions of the same millisecond in their order', async () => {
    const disk = createFaultyBackend();
    const catalog = await open(disk);
    for (const id of ['s1', 's2', 's3']) await catalog.putSession(session(id, 1));
    await catalog.putSession(session('s2', 1, 'renamed'));
    const expected = ['s2', 's3', 's1'];
    expect(catalog.sessions().map((entry) => entry.sessionId)).toEqual(expected);
    const again = await open(disk.disk('flushed'));
    again.sortByActivity();
    expect(again.sessions().map((entry) => entry.sessionId)).toEqual(expected);
  });

  it('does not count for a session that is gone', async () => {
    const catalog = await open(createFaultyBackend());
    await catalog.putSession(session('s1', 1));
    await catalog.deleteSession('s1');
    catalog.setCount(countOf('s1', 3, 5));
    expect(catalog.sessions()).toEqual([]);
  });
});
