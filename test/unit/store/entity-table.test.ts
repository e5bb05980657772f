import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntityTable, type Entity } from '../../../worker/store/entity-table.ts';

const id = fc.constantFrom('a', 'b', 'c', 'd', '__proto__');
const sessionId = fc.constantFrom('s1', 's2', 'constructor');

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      id,
      sessionId: fc.option(sessionId, { nil: undefined }),
      bytes: fc.option(fc.nat(1_000), { nil: undefined }),
      value: fc.integer(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop session' as const), sessionId }) },
);

function entityOf(step: {
  readonly id: string;
  readonly sessionId: string | undefined;
  readonly bytes: number | undefined;
  readonly value: number;
}): Entity<number> {
  return {
    id: step.id,
    value: step.value,
    ...(step.sessionId === undefined ? {} : { sessionId: step.sessionId }),
    ...(step.bytes === undefined ? {} : { bytes: step.bytes }),
  };
}

describe('EntityTable', () => {
  it('answers like an array, whatever is put and dropped', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const table = new EntityTable<number>();
        let naive: Entity<number>[] = [];
        for (const step of actions) {
          if (step.do === 'put') {
            const entity = entityOf(step);
            table.put(entity);
            const place = naive.findIndex((one) => one.id === step.id);
            if (place === -1) naive.push(entity);
            else naive[place] = entity;
          } else if (step.do === 'drop') {
            table.drop(step.id);
            naive = naive.filter((one) => one.id !== step.id);
          } else {
            table.dropSession(step.sessionId);
            naive = naive.filter((one) => one.sessionId !== step.sessionId);
          }
          const bytesOf = (entities: readonly Entity<number>[]): number =>
            entities.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
          expect(table.values()).toEqual(naive);
          expect(table.size).toBe(naive.length);
          expect(table.bytes).toBe(bytesOf(naive));
          for (const entity of naive) expect(table.get(entity.id)).toBe(entity);
          for (const session of ['s1', 's2', 'constructor', 'none']) {
            const ofSession = naive.filter((one) => one.sessionId === session);
            expect(new Set(table.ofSession(session))).toEqual(new Set(ofSession));
            expect(table.countOfSession(session)).toBe(ofSession.length);
            expect(table.bytesOfSession(session)).toBe(bytesOf(ofSession));
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has nothing under an id that was never put', () => {
    const table = new EntityTable<number>();
    table.drop('a');
    table.dropSession('s1');
    expect(table.get('constructor')).toBeUndefined();
    expect([table.size, table.bytes]).toEqual([0, 0]);
  });
});
