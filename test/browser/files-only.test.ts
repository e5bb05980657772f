import { FFStorageError } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { expectError } from '../contract/support.ts';
import { createManager, uniquePath } from './support/managers.ts';

describe.each(['opfs', 'indexeddb'] as const)('the files of a store on %s', (backend) => {
  it(
    'are not opened beside the store, and are when it is closed',
    { timeout: 60_000 },
    async () => {
      const basePath = uniquePath();
      const open = createManager({ storage: { basePath } }, { backend });
      await open.initialize();
      await open.createUser('alice');
      const config = { storage: { basePath }, runtime: { callTimeoutMs: 1_000 } };
      const other = createManager(config, { backend });
      await expectError(other.verify(), { type: FFStorageError, code: 'timeout' });
      // Through the one that has it.
      expect((await open.verify()).ok).toBe(true);
      const waiting = createManager({ storage: { basePath } }, { backend }).verify();
      await open.close();
      expect((await waiting).totals.users).toBe(1);
      await other.initialize();
      expect(await other.listUsers()).toEqual(['alice']);
    },
  );

  it('of a tab that follows are looked at by the owner', { timeout: 60_000 }, async () => {
    const basePath = uniquePath();
    const owner = createManager({ storage: { basePath } }, { backend });
    await owner.initialize();
    await owner.createUser('alice');
    const follower = createManager({ storage: { basePath } }, { backend });
    await follower.initialize();
    expect(follower.role).toBe('follower');
    expect((await follower.verify()).totals.users).toBe(1);
    expect((await follower.repair()).remaining.ok).toBe(true);
    expect(await follower.getStorageHealth()).toMatchObject({ backend });
  });
});
