import { describe, expect, it } from 'vitest';
import { marked, operationsRecords, RecentOperations } from '../../../worker/store/operations.ts';
import { RootCatalog } from '../../../worker/store/root-catalog.ts';
import { UserCatalog } from '../../../worker/store/user-catalog.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

describe('RecentOperations', () => {
  it('knows the last 4,096, and what they gave', () => {
    const operations = new RecentOperations();
    operations.note({});
    for (let index = 0; index < 5_000; index++) {
      operations.note({ op: `op-${index}`, at: index, result: { index } });
      // Another record of the same batch.
      operations.note({ op: `op-${index}`, at: index, result: { index } });
    }
    expect(operations.has('op-903')).toBe(false);
    expect(operations.has('op-904')).toBe(true);
    expect(operations.resultOf('op-4999')).toEqual({ index: 4_999 });
    expect(operations.since(4_998).map(({ op }) => op)).toEqual(['op-4998', 'op-4999']);
  });

  it('takes over what a rewritten log has kept', () => {
    const before = new RecentOperations();
    before.note({ op: 'a', at: 1 });
    before.note({ op: 'b', at: 2, result: 'kept' });
    const after = new RecentOperations();
    for (const record of operationsRecords(before.since(2))) after.note(record);
    expect(after.has('a')).toBe(false);
    expect(after.resultOf('b')).toBe('kept');
    expect(operationsRecords([])).toEqual([]);
  });

  it('are marked only where there is an operation', () => {
    expect(marked({ type: 'x' }, undefined)).toEqual({ type: 'x' });
    expect(marked({ type: 'x' }, { op: 'a', at: 1 })).toEqual({ type: 'x', op: 'a', at: 1 });
  });
});

describe('the operations of a catalog', () => {
  it('are known from the append on, after an opening, and from a snapshot', async () => {
    const files = openTestFiles(createFaultyBackend());
    const open = (path: string) => UserCatalog.open('alice', path, files);
    const catalog = await open('catalog.jsonl');
    const session = { sessionId: 's', title: '', createdAt: 1, updatedAt: 1 };
    const value = { personaId: 'p', name: 'P', createdAt: '', updatedAt: '' };
    await catalog.setProfile({ userId: 'alice', createdAt: '', updatedAt: '' }, { op: 'a', at: 1 });
    await catalog.putSession(session, { op: 'b', at: 2 });
    await catalog.putEntity('persona', { id: 'p', value }, { session, mark: { op: 'c', at: 3 } });
    await catalog.dropEntities('persona', ['p'], { mark: { op: 'd', at: 4 } });
    await catalog.markWriting('s');
    await catalog.deleteSession('s', { op: 'e', at: 5 });
    const ops = ({ operations }: UserCatalog, since = 0) =>
      operations.since(since).map((d) => d.op);
    expect(ops(catalog)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(ops(await open('catalog.jsonl'))).toEqual(['a', 'b', 'c', 'd', 'e']);
    const kept = catalog.snapshot(4).at(-1);
    expect(kept).toEqual({
      type: 'operations',
      done: [
        { op: 'd', at: 4 },
        { op: 'e', at: 5 },
      ],
    });
    expect(catalog.snapshot(6).some(({ type }) => type === 'operations')).toBe(false);
  });

  it('hold the result where no record tells it', async () => {
    const files = openTestFiles(createFaultyBackend());
    const catalog = await RootCatalog.open('catalog.jsonl', files);
    await catalog.addUser('alice', 1, 'a');
    await catalog.deleteUser('alice', 2, 'b');
    await catalog.append([{ type: 'done', op: 'c', at: 3, result: { users: 2 } }]);
    const again = await RootCatalog.open('catalog.jsonl', files);
    expect(again.userIds).toEqual([]);
    expect(again.operations.since(0)).toEqual([
      { op: 'a', at: 1 },
      { op: 'b', at: 2 },
      { op: 'c', at: 3, result: { users: 2 } },
    ]);
    expect(again.snapshot(9, 3).at(-1)).toEqual({
      type: 'operations',
      done: [{ op: 'c', at: 3, result: { users: 2 } }],
    });
  });
});
