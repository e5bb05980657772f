import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageRole, type FFMessageDTO } from '../../../src/shared/model/message.ts';
import {
  MessageCounter,
  NO_MESSAGES,
  ROLES,
  StatsSum,
  type MessageStats,
} from '../../../worker/store/message-stats.ts';

type Counted = Pick<FFMessageDTO, 'role' | 'content' | 'timestamp'>;

/** Times that fall together often, far in the past and the future too. */
const timestamp = fc
  .oneof(
    fc.constantFrom(0, -1, 1, 86_399_999, 86_400_000, Date.parse('2026-01-01T00:00:00Z')),
    fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
    fc.constant(253_402_300_800_000),
  )
  .map((at) => new Date(at).toISOString());

const message: fc.Arbitrary<Counted> = fc.record({
  role: fc.constantFrom(...Object.values(MessageRole)),
  content: fc.string({ unit: 'binary', maxLength: 12 }),
  timestamp,
});

const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), message }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('replace' as const),
      pick: fc.nat(),
      text: fc.string(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('go on elsewhere' as const) }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Counts from the beginning, by other means than the counter. */
function recount(messages: readonly Counted[]): MessageStats {
  const count = (matches: (one: Counted) => boolean): number => messages.filter(matches).length;
  const times = messages.map((one) => new Date(one.timestamp).getTime()).sort((a, b) => a - b);
  const days = new Set(messages.map((one) => one.timestamp.split('T')[0] ?? ''));
  return {
    byRole: ROLES.map((role) => count((one) => one.role === role)),
    characters: messages.map(({ content }) => content).join('').length,
    byDay: Object.fromEntries(
      Array.from(days, (day) => [day, count((one) => one.timestamp.startsWith(`${day}T`))]),
    ),
    byHour: Array.from({ length: 24 }, (_, hour) =>
      count((one) => new Date(one.timestamp).getUTCHours() === hour),
    ),
    firstAt: times[0] ?? null,
    lastAt: times.at(-1) ?? null,
    rangeUnknown: false,
  };
}

describe('MessageCounter', { timeout: 30_000 }, () => {
  it('counts nothing at first', () => {
    expect(new MessageCounter().snapshot()).toEqual(NO_MESSAGES);
    expect(recount([])).toEqual(NO_MESSAGES);
  });

  it('knows what a recount would find, whatever comes and goes', () => {
    fc.assert(fc.property(fc.array(action, { maxLength: 50 }), expectLikeRecount), {
      numRuns: 200,
    });
  });

  it('knows the range unless the first or the last message was removed', () => {
    const [first, middle, last] = [1, 2, 3].map((day): Counted => {
      return { role: 'user', content: 'x', timestamp: `2026-01-0${day}T00:00:00.000Z` };
    }) as [Counted, Counted, Counted];
    const counter = new MessageCounter();
    for (const one of [middle, first, last]) counter.add(one);
    counter.remove(middle);
    expect(counter.rangeUnknown).toBe(false);
    counter.remove(first);
    expect(counter.rangeUnknown).toBe(true);
    counter.remove(last);
    expect(counter.snapshot()).toEqual(NO_MESSAGES);
  });
});

describe('StatsSum', { timeout: 30_000 }, () => {
  it('is what a count of all sessions together would be', () => {
    const change = fc.record({ session: fc.nat(3), messages: fc.array(message, { maxLength: 6 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const sum = new StatsSum();
        const sessions = new Map<number, readonly Counted[]>();
        for (const { session, messages } of changes) {
          sum.replace(recount(sessions.get(session) ?? []), recount(messages));
          sessions.set(session, messages);
          const { byRole, byHour, byDay, characters } = recount([...sessions.values()].flat());
          expect(sum.byRole).toEqual(byRole);
          expect(sum.byHour).toEqual(byHour);
          expect(sum.byDay()).toEqual(byDay);
          expect(Object.keys(sum.byDay())).toEqual(Object.keys(byDay).sort());
          expect(sum.characters).toBe(characters);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function expectedCounts({ byRole, characters, byDay, byHour }: MessageStats) {
  return { byRole, characters, byDay, byHour };
}

function expectLikeRecount(actions: readonly Action[]): void {
  let counter = new MessageCounter();
  const messages: Counted[] = [];
  for (const step of actions) {
    const index = 'pick' in step ? step.pick % Math.max(messages.length, 1) : 0;
    const picked = messages[index];
    if (step.do === 'add') {
      counter.add(step.message);
      messages.push(step.message);
    } else if (step.do === 'remove' && picked !== undefined) {
      counter.remove(picked);
      messages.splice(index, 1);
    } else if (step.do === 'replace' && picked !== undefined) {
      const after = { ...picked, content: step.text };
      counter.replace(picked, after);
      messages[index] = after;
    } else if (step.do === 'go on elsewhere') {
      // As from the file in which it is kept.
      const kept = JSON.parse(JSON.stringify(counter.snapshot())) as MessageStats;
      counter = new MessageCounter(kept);
    }
    const expected = recount(messages);
    const { firstAt, lastAt, rangeUnknown, ...found } = counter.snapshot();
    expect(found).toEqual(expectedCounts(expected));
    const range = [expected.firstAt, expected.lastAt];
    expect(rangeUnknown ? range : [firstAt, lastAt]).toEqual(range);
    // At times it is looked for at once, at times later.
    if (actions.indexOf(step) % 2 > 0) continue;
    if (counter.rangeUnknown) counter.setRange(expected.firstAt, expected.lastAt);
    expect(counter.snapshot()).toEqual(expected);
  }
}
