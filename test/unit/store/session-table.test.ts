import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MessageCounter,
  NO_MESSAGES,
  type MessageStats,
} from '../../../worker/store/message-stats.ts';
import {
  SessionTable,
  type SessionCount,
  type SessionEntry,
} from '../../../worker/store/session-table.ts';

const sessionId = fc.constantFrom('s1', 's2', 's3', '__proto__');

const action = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('put' as const), sessionId, title: fc.string() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('count' as const),
      sessionId,
      days: fc.array(fc.integer({ min: 1, max: 28 }), { maxLength: 5 }),
      unknown: fc.boolean(),
      later: fc.nat(2),
      indexes: fc.nat(50),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('delete', 'front'), sessionId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sort' as const) }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function statsOf(days: readonly number[], unknown: boolean): MessageStats {
  const counter = new MessageCounter();
  for (const day of days) {
    const timestamp = `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    counter.add({ role: 'user', content: 'x'.repeat(day), timestamp });
  }
  return { ...counter.snapshot(), rangeUnknown: unknown && days.length > 0 };
}

describe('SessionTable', { timeout: 30_000 }, () => {
  it('answers like an array, and knows the sums, whatever is done', () => {
    fc.assert(fc.property(fc.array(action, { maxLength: 40 }), expectLikeArray), { numRuns: 200 });
  });

  it('goes back to the last recorded activity when what was counted is taken back', () => {
    const table = new SessionTable();
    table.put({ sessionId: 's1', title: 'x', createdAt: 5, updatedAt: 5 });
    const count = { sessionId: 's1', stats: NO_MESSAGES, bytes: { messages: 0, indexes: 0 } };
    table.count({ ...count, messageCount: 1, updatedAt: 20 }, false);
    table.count({ ...count, messageCount: 0, updatedAt: 0 }, false);
    expect(table.get('s1')).toMatchObject({ messageCount: 0, updatedAt: 5 });
    table.count({ ...count, messageCount: 1, updatedAt: 20 }, true);
    table.count({ ...count, messageCount: 1, updatedAt: 9 }, false);
    expect(table.get('s1')).toMatchObject({ messageCount: 1, updatedAt: 20 });
  });
});

/** Only other bytes need to be recorded for a session that is not being written to. */
function expectNews(
  isNew: boolean,
  { bytes }: SessionCount,
  known: SessionEntry | undefined,
): void {
  const before = known?.bytes ?? bytes;
  expect(isNew).toBe(bytes.messages !== before.messages || bytes.indexes !== before.indexes);
}

function expectLike(table: SessionTable, naive: readonly SessionEntry[]): void {
  const sum = (of: (entry: SessionEntry) => number): number =>
    naive.reduce((total, entry) => total + of(entry), 0);
  expect([...table.values()]).toEqual(naive);
  expect(table.size).toBe(naive.length);
  expect(table.messageCount).toBe(sum(({ messageCount }) => messageCount));
  expect(table.bytes).toEqual({
    messages: sum(({ bytes }) => bytes.messages),
    indexes: sum(({ bytes }) => bytes.indexes),
  });
  expect(table.sum.characters).toBe(sum(({ stats }) => stats.characters));
  expect(table.sum.byRole[0]).toBe(sum(({ messageCount }) => messageCount));
  expect(new Set(table.idsWithUnknownRange)).toEqual(
    new Set(naive.filter(({ stats }) => stats.rangeUnknown).map((entry) => entry.sessionId)),
  );
  const firsts = naive.flatMap(({ stats }) => stats.firstAt ?? []);
  const lasts = naive.flatMap(({ stats }) => stats.lastAt ?? []);
  expect(table.range).toEqual({
    firstAt: firsts.length === 0 ? null : Math.min(...firsts),
    lastAt: lasts.length === 0 ? null : Math.max(...lasts),
  });
}

function expectLikeArray(actions: readonly Action[]): void {
  const table = new SessionTable();
  /** The least recent activity first. */
  let naive: SessionEntry[] = [];
  const moveToEnd = (entry: SessionEntry): void => {
    naive = [...naive.filter((one) => one.sessionId !== entry.sessionId), entry];
  };
  for (const [index, step] of actions.entries()) {
    const at = 1_000 + index;
    const known = naive.find((one) => 'sessionId' in step && one.sessionId === step.sessionId);
    if (step.do === 'put' && 'title' in step) {
      const info = {
        sessionId: step.sessionId,
        title: step.title,
        createdAt: 1,
        updatedAt: at,
      };
      table.put(info);
      const { messageCount = 0, stats = NO_MESSAGES } = known ?? {};
      const bytes = known?.bytes ?? { messages: 0, indexes: 0 };
      moveToEnd({ ...info, messageCount, stats, bytes });
    } else if (step.do === 'count' && 'days' in step) {
      const count = {
        sessionId: step.sessionId,
        messageCount: step.days.length,
        updatedAt: known === undefined ? at : known.updatedAt + step.later,
        stats: statsOf(step.days, step.unknown),
        bytes: { messages: step.days.length * 100, indexes: step.indexes },
      };
      expectNews(table.count(count, true), count, known);
      if (known === undefined) continue;
      const counted = { ...known, ...count };
      const isActivity = step.later > 0 || count.messageCount !== known.messageCount;
      if (isActivity) moveToEnd(counted);
      else naive = naive.map((one) => (one === known ? counted : one));
    } else if (step.do === 'delete' && 'sessionId' in step) {
      table.delete(step.sessionId);
      naive = naive.filter((one) => one !== known);
    } else if (step.do === 'front' && 'sessionId' in step) {
      table.moveToFront(step.sessionId);
      if (known !== undefined) moveToEnd(known);
    } else if (step.do === 'sort') {
      table.sortByActivity();
      naive = [...naive].sort((a, b) => a.updatedAt - b.updatedAt);
    }
    expectLike(table, naive);
  }
}
