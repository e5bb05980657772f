import { describe, expect, it } from 'vitest';
import { crashEverywhere, ENDINGS, endingsAt, type Ending } from '../../support/crash/replay.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { allowedAt, findBroken, record, type Recording, type State } from './promises.ts';
import { WORKLOAD } from './workload.ts';

/** Every way to end at every step; by itself, for the time it takes, a run tries some of them. */
const TRIES_ALL = process.env['FFDB_CRASH'] === 'all';

/** Ways to end that are tried at each step, and how many steps of recoveries are left out for each tried. */
const ENDINGS_AT_STEP = TRIES_ALL ? ENDINGS.length : 2;
const SKIPPED = TRIES_ALL ? 4 : 24;

const EMPTY: ReadonlyMap<string, Uint8Array> = new Map();

const recording = await record(WORKLOAD);

/** Tries crashes until a promise is broken, and says which. */
async function findFirstBroken({ events, ...promised }: Recording): Promise<string | undefined> {
  for (const { step, how, content } of crashEverywhere(EMPTY, events, 1)) {
    const broken = await findBroken(content, allowedAt({ events, ...promised }, step));
    if (broken !== undefined) return `${how}: ${broken}`;
  }
  return undefined;
}

describe('a store that crashes', { timeout: 3_600_000 }, () => {
  it('at any change of its disk keeps what it promised, and at any change of its recovery', async () => {
    const broken: string[] = [];
    const tried = { crashes: 0, 'crashes during recovery': 0 };
    const byEnding = new Map<Ending, number>();
    const { events } = recording;
    const endingsOf = (step: number) => endingsAt(step, ENDINGS_AT_STEP);
    for (const { step, ending, how, content } of crashEverywhere(EMPTY, events, 1, endingsOf)) {
      tried.crashes++;
      byEnding.set(ending, (byEnding.get(ending) ?? 0) + 1);
      const searches = tried.crashes % 20 === 0;
      const allowed = allowedAt(recording, step);
      const found = await findBroken(content, allowed, { searches }, async (recovery) => {
        // What was read once must be read again. Where nobody has read anything yet, another attempt
        // may find that a call that had not resolved has taken effect, or has not, after all.
        const same = {
          ...allowed,
          states: new Map<State, string>([[recovery.state, 'recovered']]),
        };
        const seed = step + 1;
        const endingsWithin = (within: number) =>
          (step + within) % (SKIPPED + 1) === 0 ? endingsAt(step + within, 1) : [];
        const crashes = crashEverywhere(content, recovery.events, seed, endingsWithin);
        for (const within of crashes) {
          tried['crashes during recovery']++;
          const promised = within.step < recovery.openedAt ? allowed : same;
          const again = await findBroken(within.content, promised);
          if (again !== undefined) broken.push(`step ${step}, ${how}, ${within.how}: ${again}`);
        }
      });
      if (found !== undefined) broken.push(`step ${step}, ${how}: ${found}`);
    }
    console.log(
      `${events.length} changes of the disk:`,
      { ...tried, ...Object.fromEntries(byEnding) },
      `promises broken: ${broken.length}`,
    );
    expect(broken).toEqual([]);
    expect(tried.crashes + tried['crashes during recovery']).toBeGreaterThan(2_000);
  });
});

describe('the search for broken promises', { timeout: 300_000 }, () => {
  it.each(PLANTED_BUGS)('notices when $name', async ({ plant }) => {
    expect(await findFirstBroken(await record(WORKLOAD, plant))).toBeDefined();
  });
});
