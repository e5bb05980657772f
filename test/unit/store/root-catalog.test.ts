import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RootCatalog } from '../../../worker/store/root-catalog.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const PATH = 'catalog.jsonl';

const userId = fc.constantFrom('alice', 'bob', 'Bob', '__proto__', 'constructor');

const action = fc.record({
  do: fc.constantFrom('add', 'add', 'delete', 'sweep', 'reopen'),
  userId,
});

function open(disk: FaultyBackend): Promise<RootCatalog> {
  return RootCatalog.open(PATH, openTestFiles(disk));
}

describe('RootCatalog', () => {
  it('is blank until something is recorded', async () => {
    const disk = createFaultyBackend();
    const catalog = await open(disk);
    expect(catalog.isBlank).toBe(true);
    await catalog.addUser('alice', 1);
    await catalog.deleteUser('alice', 2);
    expect((await open(disk.disk('flushed'))).isBlank).toBe(false);
  });

  it('lists users in the order of their creation, the same when it is opened again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        let disk = createFaultyBackend();
        let catalog = await open(disk);
        let users: string[] = [];
        const unswept = new Set<string>();
        for (const [at, { do: what, userId: id }] of actions.entries()) {
          if (what === 'add' && !users.includes(id)) {
            await catalog.addUser(id, at);
            users.push(id);
            unswept.delete(id);
          } else if (what === 'delete' && users.includes(id)) {
            await catalog.deleteUser(id, at);
            users = users.filter((user) => user !== id);
            unswept.add(id);
          } else if (what === 'sweep' && unswept.has(id)) {
            await catalog.markSwept(id);
            unswept.delete(id);
          } else if (what === 'reopen') {
            disk = disk.disk('flushed');
            catalog = await open(disk);
          }
          expect(catalog.userIds).toEqual(users);
          expect(catalog.has(id)).toBe(users.includes(id));
          expect(new Set(catalog.unsweptUserIds)).toEqual(unswept);
        }
      }),
      { numRuns: 60 },
    );
  });
});
