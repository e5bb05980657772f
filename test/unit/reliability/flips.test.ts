import { describe, expect, it } from 'vitest';
import { createRandom } from '../../support/crash/random.ts';
import { mutateSome } from './damage-oracle.ts';
import { createKnown, findProblems } from './damaged-store.ts';

/** The 10,000 of docs/reliability.md take a while; by itself a run does some of them. */
const MUTATIONS = process.env['FFDB_CRASH'] === 'all' ? 10_000 : 1_000;

/** At once, each of another file. */
const AT_ONCE = 4;

const KNOWN = await createKnown();

describe('a store whose files are damaged', { timeout: 3_600_000 }, () => {
  it('opens or is refused, gives what is not damaged, and counts what is', async () => {
    const random = createRandom(6);
    const tried = { flips: 0, truncations: 0, openings: 0 };
    const problems: string[] = [];
    while (tried.flips + tried.truncations < MUTATIONS) {
      const mutations = mutateSome(random, KNOWN.content, AT_ONCE);
      tried.openings++;
      for (const { kind } of mutations) tried[kind === 'flip' ? 'flips' : 'truncations']++;
      const withOffsets = tried.openings % 2 === 0;
      const found = await findProblems(KNOWN, mutations, withOffsets);
      if (found.length === 0) continue;
      const what = mutations.map(({ path, kind, at }) => `${kind} ${path}:${at}`).join(', ');
      problems.push(`${what}${withOffsets ? '' : ', no tables'}: ${found.join('; ')}`);
    }
    console.log(tried, `problems: ${problems.length}`);
    expect(problems).toEqual([]);
  });
});
