import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lanes } from '../../../worker/store/lanes.ts';
import { nextTask } from '../../../worker/next-task.ts';

describe('Lanes', () => {
  it('runs the tasks of a key one after another, in the order of the calls', async () => {
    const call = fc.record({ key: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 30 }), async (calls) => {
        const lanes = new Lanes();
        const running = new Set<string>();
        const orderByKey = new Map<string, number[]>();
        await Promise.all(
          calls.map(({ key, turns }, index) =>
            lanes.run(key, async () => {
              expect(running.has(key)).toBe(false);
              running.add(key);
              for (let turn = 0; turn < turns; turn++) await nextTask();
              orderByKey.set(key, [...(orderByKey.get(key) ?? []), index]);
              running.delete(key);
            }),
          ),
        );
        for (const order of orderByKey.values()) {
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
        expect([...orderByKey.values()].flat()).toHaveLength(calls.length);
      }),
      { numRuns: 50 },
    );
  });

  it('runs the tasks of different keys side by side', async () => {
    const lanes = new Lanes();
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    // The first waits for the second, which could not start behind it.
    await Promise.all([lanes.run('a', () => met), lanes.run('b', async () => meet())]);
  });

  it('runs a task across all keys behind those given before it and ahead of those after it', async () => {
    const call = fc.record({ key: fc.constantFrom('a', 'b', 'across'), turns: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 20 }), async (calls) => {
        const lanes = new Lanes();
        /** The moments at which each task began and ended. */
        const spans: { began: number; ended: number }[] = [];
        let moment = 0;
        await Promise.all(
          calls.map(({ key, turns }, index) => {
            const task = async (): Promise<void> => {
              const began = moment++;
              for (let turn = 0; turn < turns; turn++) await nextTask();
              spans[index] = { began, ended: moment++ };
            };
            return key === 'across' ? lanes.runAcross(task) : lanes.run(key, task);
          }),
        );
        const overlaps = calls.flatMap(({ key }, index) =>
          calls.slice(index + 1).flatMap(({ key: later }, distance) => {
            const other = spans[index + 1 + distance]?.began ?? -1;
            const isApart = key !== later && key !== 'across' && later !== 'across';
            return isApart || (spans[index]?.ended ?? Infinity) < other ? [] : [[index, distance]];
          }),
        );
        expect(overlaps).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('goes on after a task across all keys that failed', async () => {
    const lanes = new Lanes();
    const across = lanes.runAcross(() => Promise.reject(new Error('of the task')));
    const later = lanes.run('a', async () => 'fine');
    await expect(across).rejects.toThrow('of the task');
    expect(await later).toBe('fine');
  });

  it('gives each caller the result or the failure of its own task', async () => {
    const lanes = new Lanes();
    const failure = new Error('of the first');
    const first = lanes.run('a', () => Promise.reject(failure));
    const second = lanes.run('a', async () => 'fine');
    await expect(first).rejects.toBe(failure);
    expect(await second).toBe('fine');
  });

  it('is drained when everything that was given so far is done', async () => {
    const lanes = new Lanes();
    const done: string[] = [];
    void lanes.run('a', async () => {
      await nextTask();
      done.push('a');
    });
    lanes
      .run('b', async () => {
        await nextTask();
        done.push('b');
        throw new Error('which drained() is not to hand on');
      })
      .catch(() => undefined);
    await lanes.drained();
    expect(done).toEqual(['a', 'b']);
    await lanes.drained();
  });
});
