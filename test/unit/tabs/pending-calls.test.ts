import { describe, expect, it } from 'vitest';
import { FFStorageError } from '../../../src/shared/errors.ts';
import { PendingCalls } from '../../../worker/tabs/pending-calls.ts';

function createCalls(): PendingCalls {
  return new PendingCalls('me', ({ method }) => {
    return new FFStorageError(`${method} was not answered`, { code: 'timeout' });
  });
}

describe('calls without an answer', () => {
  it('have ids that begin with the tab’s own, and keep their order', () => {
    const calls = createCalls();
    for (const user of ['a', 'b', 'c']) void calls.add('userExists', [user], null).answer;
    expect(calls.all().map(({ id }) => id)).toStrictEqual(['me-0', 'me-1', 'me-2']);
    expect(calls.all().map(({ args }) => args[0])).toStrictEqual(['a', 'b', 'c']);
  });

  it('settle once, with the first answer', async () => {
    const calls = createCalls();
    const { call, answer } = calls.add('userExists', ['a'], null);
    calls.resolve(call.id, true);
    calls.reject(call.id, new Error('late'));
    expect(await answer).toBe(true);
    expect(calls.size).toBe(0);
  });

  it('end at their deadline', async () => {
    const calls = createCalls();
    const { answer } = calls.add('userExists', ['a'], 20);
    await expect(answer).rejects.toMatchObject({ code: 'timeout' });
    expect(calls.size).toBe(0);
  });

  it('are waited for, those that come meanwhile too', async () => {
    const calls = createCalls();
    const first = calls.add('userExists', ['a'], null);
    let drained = false;
    const waiting = calls.drained().then(() => (drained = true));
    const second = calls.add('userExists', ['b'], null);
    calls.resolve(first.call.id, true);
    await first.answer;
    expect(drained).toBe(false);
    calls.reject(second.call.id, new Error('no'));
    await expect(second.answer).rejects.toThrow('no');
    await waiting;
  });
});
