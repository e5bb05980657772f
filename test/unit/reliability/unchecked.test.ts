import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '../../support/crash/random.ts';
import { mutateSome } from './damage-oracle.ts';
import { createKnown, findProblems } from './damaged-store.ts';

// The planted bug: every checksum is the same, so that none is wrong.
vi.mock('../../../worker/crc32c.ts', () => ({ crc32c: () => 0 }));

describe('the search for damage that goes unnoticed', { timeout: 300_000 }, () => {
  it('notices when a checksum is not checked', async () => {
    const known = await createKnown();
    const random = createRandom(6);
    let found: string[] = [];
    for (let opening = 0; opening < 100 && found.length === 0; opening++) {
      found = await findProblems(known, mutateSome(random, known.content, 4), opening % 2 === 0);
    }
    expect(found).not.toEqual([]);
  });
});
