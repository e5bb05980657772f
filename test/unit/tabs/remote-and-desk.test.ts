import { describe, expect, it, vi } from 'vitest';
import { FFStorageError, FFUserNotFoundError } from '../../../src/shared/errors.ts';
import { PROTOCOL_VERSION } from '../../../src/shared/host.ts';
import { memberChannel, newsChannel } from '../../../worker/tabs/names.ts';
import { openDesk, scriptedEngine, serve, TestMember, uniqueStore } from './support.ts';

const echo = scriptedEngine(async ({ args }) => args[0]).engine;

describe('a tab and the owner', () => {
  it('find each other, whoever comes first', async () => {
    const store = uniqueStore();
    const early = new TestMember(store, 'early');
    const desk = openDesk(store, 'owner', 1);
    serve(desk, echo);
    const late = new TestMember(store, 'late');
    for (const member of [early, late]) expect(await member.call('userExists', ['x'])).toBe('x');
  });

  it('find each other although the owner’s announcement was lost', async () => {
    const store = uniqueStore();
    const desk = openDesk(store, 'owner', 1);
    serve(desk, echo);
    // It was announced before anybody could hear.
    expect(await new TestMember(store, 'member').call('userExists', ['x'])).toBe('x');
  });

  it('speak while the owner is still opening the files, which is no silence', async () => {
    const store = uniqueStore();
    const desk = openDesk(store, 'owner', 1);
    const member = new TestMember(store, 'member');
    const answer = member.call('userExists', ['x']);
    await vi.waitUntil(() => desk.isIdle);
    serve(desk, echo);
    expect(await answer).toBe('x');
    expect(member.silences).toStrictEqual([]);
  });

  it('keep the class, code and cause of an error', async () => {
    const store = uniqueStore();
    const { engine } = scriptedEngine(async () => {
      throw new FFUserNotFoundError('nobody', { cause: new RangeError('deep') });
    });
    serve(openDesk(store, 'owner', 1), engine);
    const error: unknown = await new TestMember(store, 'member')
      .call('getUserStats', ['x'])
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FFUserNotFoundError);
    expect(error).toMatchObject({ code: 'user-not-found', cause: { message: 'deep' } });
  });

  it('carry calls out in the order in which they were made, each once', async () => {
    const store = uniqueStore();
    const { engine, carried } = scriptedEngine(async ({ args }) => args[0]);
    serve(openDesk(store, 'owner', 1), engine);
    const member = new TestMember(store, 'member');
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    expect(await Promise.all(numbers.map((n) => member.call('createUser', [n])))).toStrictEqual(
      numbers,
    );
    expect(carried.map(({ args }) => args[0])).toStrictEqual(numbers);
    expect(new Set(carried.map(({ context }) => context.operation?.id)).size).toBe(200);
    expect(carried.every(({ context }) => context.operation?.repeatedSince === undefined)).toBe(
      true,
    );
    expect(carried.every(({ context }) => context.caller === 'member')).toBe(true);
  });

  it('do not meet where the builds differ', async () => {
    const store = uniqueStore();
    const desk = openDesk(store, 'owner', 1);
    serve(desk, echo);
    const line = new BroadcastChannel(memberChannel(store, 'older'));
    const heard = new Promise((resolve) => {
      line.onmessage = ({ data }: MessageEvent) => resolve(data);
    });
    const news = new BroadcastChannel(newsChannel(store));
    news.postMessage({
      type: 'hello',
      from: 'older',
      protocol: 3,
      caller: 'older',
      isVisible: true,
    });
    expect(await heard).toStrictEqual({ type: 'refused', protocol: PROTOCOL_VERSION });
    expect(desk.visibleMember).toBeUndefined();
    line.close();
    news.close();
  });

  it('is told clearly when it is the one that is refused', async () => {
    const store = uniqueStore();
    const member = new TestMember(store, 'member');
    const line = new BroadcastChannel(memberChannel(store, 'member'));
    line.postMessage({ type: 'refused', protocol: 99 });
    await vi.waitUntil(() => member.refusals.length > 0);
    expect(member.refusals[0]).toMatchObject({ code: 'version' });
    expect(member.refusals[0]?.message).toContain('99');
    line.close();
  });

  it('answer an error where the answer cannot be sent', async () => {
    const store = uniqueStore();
    const { engine } = scriptedEngine(async () => () => 'a function');
    serve(openDesk(store, 'owner', 1), engine);
    await expect(new TestMember(store, 'member').call('listUsers', [])).rejects.toThrow(/clone/);
  });
});

describe('calls and owners that come and go', () => {
  it('are sent to the next owner, marked as repeated, in their order', async () => {
    const store = uniqueStore();
    const first = openDesk(store, 'first', 1);
    const silent = scriptedEngine(() => new Promise(() => undefined));
    serve(first, silent.engine);
    const member = new TestMember(store, 'member');
    const before = Date.now();
    const answers = ['a', 'b'].map((name) => member.call('createUser', [name]));
    await vi.waitUntil(() => silent.carried.length === 2);
    first.close();
    const unsent = member.call('createUser', ['c']);

    const next = scriptedEngine(async ({ args }) => args[0]);
    serve(openDesk(store, 'second', 2), next.engine);
    expect(await Promise.all([...answers, unsent])).toStrictEqual(['a', 'b', 'c']);
    expect(next.carried.map(({ args }) => args[0])).toStrictEqual(['a', 'b', 'c']);
    const operations = next.carried.map(({ context }) => context.operation);
    expect(operations.map((operation) => operation?.id)).toStrictEqual([
      'member-0',
      'member-1',
      'member-2',
    ]);
    for (const operation of operations) {
      expect(operation?.repeatedSince).toBeGreaterThanOrEqual(before);
      expect(operation?.repeatedSince).toBeLessThanOrEqual(Date.now());
    }
  });

  it('are not answered by whoever is the owner no more', async () => {
    const store = uniqueStore();
    const answers: ((value: unknown) => void)[] = [];
    const first = openDesk(store, 'first', 1);
    const slow = scriptedEngine(() => new Promise((resolve) => answers.push(resolve)));
    serve(first, slow.engine);
    const member = new TestMember(store, 'member');
    const answer = member.call('listUsers', []);
    await vi.waitUntil(() => answers.length === 1);
    serve(openDesk(store, 'second', 2), scriptedEngine(async () => 'second').engine);
    await vi.waitUntil(() => member.welcomes.at(-1)?.epoch === 2);
    answers[0]?.('first');
    expect(await answer).toBe('second');
  });

  it('stay pending where the engine closed in the middle of them', async () => {
    const store = uniqueStore();
    const first = openDesk(store, 'first', 1);
    const { engine, carried } = scriptedEngine(async () => {
      await vi.waitUntil(() => carried.length === 1);
      first.stopServing();
      throw new FFStorageError('backupData: the store was closed', { code: 'closed' });
    });
    serve(first, engine);
    const member = new TestMember(store, 'member');
    const answer = member.call('backupData', ['weekly', {}], null);
    await vi.waitUntil(() => carried.length === 1 && first.isIdle);
    first.close();
    serve(openDesk(store, 'second', 2), echo);
    expect(await answer).toBe('weekly');
  });

  it('are not carried out when nobody waits for them any more', async () => {
    const store = uniqueStore();
    const { engine, carried } = scriptedEngine(async () => true);
    serve(openDesk(store, 'owner', 7), engine);
    const line = new BroadcastChannel(memberChannel(store, 'member'));
    const news = new BroadcastChannel(newsChannel(store));
    const heard: unknown[] = [];
    line.onmessage = ({ data }: MessageEvent) => heard.push(data);
    news.postMessage({
      type: 'hello',
      from: 'member',
      protocol: PROTOCOL_VERSION,
      caller: 'member',
      isVisible: false,
    });
    await vi.waitUntil(() => heard.length > 0);
    const call = { type: 'call', epoch: 7, method: 'createUser', args: ['a'] };
    line.postMessage({ ...call, id: 'late', deadline: Date.now() - 1 });
    line.postMessage({ ...call, id: 'stale', epoch: 6, deadline: null });
    line.postMessage({ ...call, id: 'good', deadline: null });
    await vi.waitUntil(() => carried.length > 0);
    expect(carried.map(({ context }) => context.operation?.id)).toStrictEqual(['good']);
    line.close();
    news.close();
  });

  it('are not carried out twice at a time', async () => {
    const store = uniqueStore();
    const answers: ((value: unknown) => void)[] = [];
    const { engine, carried } = scriptedEngine(
      () => new Promise((resolve) => answers.push(resolve)),
    );
    serve(openDesk(store, 'owner', 1), engine);
    const member = new TestMember(store, 'member');
    const answer = member.call('backupData', ['weekly', {}], null);
    await vi.waitUntil(() => carried.length === 1);
    // A page that was put aside for a moment sends again what it has no answer to.
    member.remote.stop();
    member.remote.start();
    await vi.waitUntil(() => member.welcomes.length === 2);
    // Behind the repeated one, which has therefore been seen.
    const behind = member.call('listUsers', []);
    await vi.waitUntil(() => carried.length === 2);
    for (const resolve of answers) resolve(true);
    expect(await Promise.all([answer, behind])).toStrictEqual([true, true]);
    expect(carried.filter(({ method }) => method === 'backupData')).toHaveLength(1);
  });
});

describe('what the owner tells', () => {
  it('reaches every tab; many additions at once are one event', async () => {
    const store = uniqueStore();
    const desk = openDesk(store, 'owner', 1);
    serve(desk, echo);
    const members = ['a', 'b'].map((name) => new TestMember(store, name));
    await Promise.all(members.map((member) => member.call('listUsers', [1])));
    const messages = { type: 'messages', userId: 'u', sessionId: 's' } as const;
    for (let n = 0; n < 50; n++) desk.publish(messages);
    const grew = { ...messages, type: 'grew', messageId: 'm', from: 0, text: 'x' } as const;
    desk.publish(grew);
    for (const member of members) {
      await vi.waitUntil(() => member.events.length >= 2);
      expect(member.events).toStrictEqual([grew, messages]);
    }
  });

  it('is which tab is in view, and which of them is to be the next owner', async () => {
    const store = uniqueStore();
    const desk = openDesk(store, 'owner', 1);
    const seen: string[] = [];
    desk.onVisible = (member) => seen.push(member);
    serve(desk, echo);
    const member = new TestMember(store, 'member');
    await member.call('listUsers', [1]);
    expect(desk.visibleMember).toBeUndefined();
    member.isVisible = true;
    member.remote.introduce();
    await vi.waitUntil(() => seen.length === 1);
    expect(desk.visibleMember).toBe('member');
    desk.handOverTo('member');
    await vi.waitUntil(() => member.handovers.length === 1);
    expect(member.handovers).toStrictEqual(['member']);
  });

  it('ends for a tab that has left, whose messages are interrupted', async () => {
    const store = uniqueStore();
    const desk = openDesk(store, 'owner', 1);
    const { engine, interrupted } = scriptedEngine(async () => true);
    serve(desk, engine);
    const member = new TestMember(store, 'member');
    member.isVisible = true;
    await member.call('listUsers', []);
    await vi.waitUntil(() => desk.visibleMember === 'member');
    member.remote.stop();
    await vi.waitUntil(() => interrupted.length === 1);
    expect(interrupted).toStrictEqual(['member']);
    expect(desk.visibleMember).toBeUndefined();
  });
});

describe('an owner that falls silent', () => {
  it('is noticed by who waits for it, and so is its return', { timeout: 20_000 }, async () => {
    const store = uniqueStore();
    const first = openDesk(store, 'owner', 1);
    serve(first, scriptedEngine(() => new Promise(() => undefined)).engine);
    const member = new TestMember(store, 'member');
    await vi.waitUntil(() => member.welcomes.length > 0);
    void member.call('listUsers', [], null).catch(() => undefined);
    // It does not even say good-bye.
    first.close();
    await vi.waitUntil(() => member.silences.length === 1, { timeout: 10_000 });
    expect(member.silences).toStrictEqual([true]);
    serve(openDesk(store, 'owner', 2), echo);
    await vi.waitUntil(() => member.silences.length === 2, { timeout: 10_000 });
    expect(member.silences).toStrictEqual([true, false]);
  });
});
