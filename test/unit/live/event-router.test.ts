import { describe, expect, it } from 'vitest';
import { EventRouter } from '../../../src/live/event-router.ts';
import type { StoreEvent } from '../../../src/shared/events.ts';

/** A router, what it has told the worker, and what its listeners have heard. */
function createRouter() {
  const told: string[][] = [];
  const heard: string[] = [];
  const router = new EventRouter(async (topics) => void told.push([...topics]));
  const subscribe = (name: string, userId: string, sessionId: string) =>
    router.subscribe(userId, sessionId, ({ type }) => heard.push(`${name} ${type}`));
  const dispatch = (event: StoreEvent): string[] => {
    router.dispatch(event);
    return heard.splice(0);
  };
  return { router, told, subscribe, dispatch };
}

describe('an event', () => {
  it.each(['messages', 'ended', 'grew'] as const)(
    'of the type %s goes to those who follow its session',
    (type) => {
      const { subscribe, dispatch } = createRouter();
      subscribe('first', 'alice', 's');
      subscribe('second', 'alice', 's');
      subscribe('other', 'alice', 's2');
      subscribe('namesake', 'bob', 's');
      const rest = { messageId: 'm', from: 0, text: '' };
      const event = { type, userId: 'alice', sessionId: 's', ...rest } as StoreEvent;
      expect(dispatch(event)).toEqual([`first ${type}`, `second ${type}`]);
      expect(dispatch({ ...event, sessionId: 's3' } as StoreEvent)).toEqual([]);
    },
  );

  it('of a user who is gone goes to all of their sessions, and to nobody else', () => {
    const { subscribe, dispatch } = createRouter();
    subscribe('one', 'al', 's');
    subscribe('two', 'al', 's2');
    subscribe('longer', 'alice', 's');
    expect(dispatch({ type: 'gone', userId: 'al' })).toEqual(['one gone', 'two gone']);
    expect(dispatch({ type: 'gone', userId: 'al', sessionId: 's2' })).toEqual(['two gone']);
    expect(dispatch({ type: 'gone', userId: 'bob' })).toEqual([]);
  });

  it('of another owner goes to everybody, one of settings to nobody', () => {
    const { subscribe, dispatch } = createRouter();
    subscribe('one', 'alice', 's');
    subscribe('two', 'bob', 's');
    expect(dispatch({ type: 'resync' })).toEqual(['one resync', 'two resync']);
    expect(dispatch({ type: 'settings', updates: {} })).toEqual([]);
  });

  it('may end the subscription that it comes through, and others', () => {
    const { router } = createRouter();
    const heard: string[] = [];
    const first = router.subscribe('alice', 's', () => {
      heard.push('first');
      first.end();
    });
    router.subscribe('alice', 's', () => heard.push('second'));
    router.dispatch({ type: 'resync' });
    router.dispatch({ type: 'resync' });
    expect(heard).toEqual(['first', 'second', 'second']);
  });
});

describe('the worker', () => {
  it('is told the whole of what is wanted, when that changes', () => {
    const { subscribe, told } = createRouter();
    const first = subscribe('first', 'alice', 's');
    const second = subscribe('second', 'alice', 's');
    const other = subscribe('other', 'alice', 's2');
    first.end();
    first.end();
    second.end();
    other.end();
    expect(told).toEqual([['alice/s'], ['alice/s', 'alice/s2'], ['alice/s2'], []]);
  });

  it('has been told when a subscription is ready, also by another of the same session', async () => {
    let confirm = (): void => undefined;
    const router = new EventRouter(() => new Promise((resolve) => (confirm = resolve)));
    const ready: string[] = [];
    const subscribe = (name: string) =>
      router.subscribe('alice', 's', () => undefined).ready.then(() => ready.push(name));
    const both = [subscribe('first'), subscribe('second')];
    await Promise.resolve();
    expect(ready).toEqual([]);
    confirm();
    await Promise.all(both);
    expect(ready).toEqual(['first', 'second']);
  });

  it('that cannot be told fails the subscription, and nothing else', async () => {
    const router = new EventRouter(() => Promise.reject(new Error('lost')));
    const subscription = router.subscribe('alice', 's', () => undefined);
    await expect(subscription.ready).rejects.toThrow('lost');
    subscription.end();
  });
});
