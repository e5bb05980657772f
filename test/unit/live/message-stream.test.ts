import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamMessages } from '../../../src/live/message-stream.ts';
import { FFStorageError } from '../../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import type { StreamCursor, StreamStart } from '../../../src/shared/streams.ts';
import type { StreamOptions } from '../../../src/validation/streams.ts';
import { nextTask, playStore, tasks } from './support.ts';

/** A session as its owner has it; a number is a message, and whether it can be given already. */
class Log {
  readonly messages: { readonly id: string; state: 'complete' | 'growing' | 'deleted' }[] = [];
  isThere = true;
  /** At most so many messages are looked at in one pull. */
  reach = Number.POSITIVE_INFINITY;
  readonly pulls: number[] = [];

  readonly store = playStore({
    openStream: async (_user, _session, from) => (this.isThere ? this.#begin(from) : null),
    readStream: async (_user, _session, cursor, limit) => {
      this.pulls.push(limit);
      return this.isThere ? this.#read(cursor, limit) : null;
    },
  });

  add(id: string, state: 'complete' | 'growing' = 'complete'): void {
    this.messages.push({ id, state });
    this.tell();
  }

  tell(): void {
    this.store.link.events.dispatch({ type: 'messages', userId: 'alice', sessionId: 's' });
  }

  #begin(from: StreamStart): StreamCursor {
    if (from.at === 'message') throw new TypeError('No test begins there.');
    if (from.at === 'start') return { next: 0, waiting: [], session: 'x' };
    const indexes = [...this.messages.keys()];
    const waiting = indexes.filter((index) => this.messages[index]?.state === 'growing');
    return { next: this.messages.length, waiting, session: 'x' };
  }

  #read(cursor: StreamCursor, limit: number) {
    const given: number[] = [];
    const waiting: number[] = [];
    let next = cursor.next;
    for (const index of cursor.waiting) this.#look(index, limit, given, waiting);
    while (next < this.messages.length && given.length < limit && next < cursor.next + this.reach) {
      this.#look(next, limit, given, waiting);
      next += 1;
    }
    const messages = given.map((index) => messageOf(this.messages[index]?.id ?? ''));
    return { messages, cursor: { ...cursor, next, waiting } };
  }

  #look(index: number, limit: number, given: number[], waiting: number[]): void {
    const state = this.messages[index]?.state;
    if (state === 'growing' || (state === 'complete' && given.length >= limit)) waiting.push(index);
    else if (state === 'complete') given.push(index);
  }
}

function messageOf(messageId: string): FFMessageDTO {
  return { messageId, role: 'user', content: messageId, timestamp: '' };
}

function open(log: Log, options: Partial<StreamOptions> = {}) {
  const stream = streamMessages(log.store.link, 'alice', 's', {
    bufferSize: 100,
    timeoutMs: Number.POSITIVE_INFINITY,
    from: { at: 'start' },
    ...options,
  });
  return stream[Symbol.asyncIterator]() as AsyncIterableIterator<FFMessageDTO[]>;
}

const idsOf = ({ value, done }: IteratorResult<FFMessageDTO[], unknown>) =>
  done === true ? 'done' : value.map(({ messageId }) => messageId);

const OVER = { done: true, value: undefined };

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ add: fc.constantFrom('complete' as const, 'growing' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      end: fc.nat(),
      as: fc.constantFrom('complete' as const, 'deleted' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ tasks: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.constant({ resync: true as const }) },
);

describe('a stream', () => {
  it('gives every complete message once, whatever its owner does and however it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 2, Number.POSITIVE_INFINITY),
        fc.boolean(),
        async (steps, bufferSize, reach, slow) => {
          const log = new Log();
          log.reach = reach;
          const iterator = open(log, { bufferSize });
          const given: string[] = [];
          const late = new Set<string>();
          const reading = (async () => {
            for await (const batch of iterator) {
              expect(batch.length).toBeGreaterThan(0);
              expect(batch.length).toBeLessThanOrEqual(bufferSize);
              given.push(...batch.map(({ messageId }) => messageId));
              if (slow) await tasks(5);
              if (given.at(-1) === 'last') return;
            }
          })();
          for (const [index, taken] of steps.entries()) {
            const growing = log.messages.filter(({ state }) => state === 'growing');
            if ('add' in taken) {
              if (taken.add === 'growing') late.add(`m${index}`);
              log.add(`m${index}`, taken.add);
            } else if ('tasks' in taken) await tasks(taken.tasks);
            else if ('resync' in taken) log.store.link.events.dispatch({ type: 'resync' });
            else {
              const ended = growing[taken.end % growing.length];
              if (ended !== undefined) ended.state = taken.as;
              log.tell();
            }
          }
          for (const message of log.messages) {
            if (message.state === 'growing') message.state = 'complete';
          }
          log.add('last');
          await reading;
          const complete = log.messages.filter(({ state }) => state === 'complete');
          expect([...given].sort()).toEqual(complete.map(({ id }) => id).sort());
          // In order, but for those that were waited for.
          const atOnce = given.filter((id) => !late.has(id));
          expect(atOnce).toEqual(complete.map(({ id }) => id).filter((id) => !late.has(id)));
          // Nothing listens any more.
          await nextTask();
          expect(log.store.listened()).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('starts where the call was made, though it is read later', async () => {
    const log = new Log();
    log.add('before');
    const iterator = open(log, { from: { at: 'now' } });
    await tasks(3);
    log.add('after');
    expect(idsOf(await iterator.next())).toEqual(['after']);
  });

  it('fetches nothing that nobody has asked for', async () => {
    const log = new Log();
    for (const id of ['a', 'b', 'c', 'd', 'e']) log.add(id);
    const iterator = open(log, { bufferSize: 2 });
    await tasks(9);
    expect(log.pulls).toEqual([]);
    expect(idsOf(await iterator.next())).toEqual(['a', 'b']);
    await tasks(9);
    expect(log.pulls).toEqual([2]);
    expect(idsOf(await iterator.next())).toEqual(['c', 'd']);
    expect(idsOf(await iterator.next())).toEqual(['e']);
  });

  it('passes over what is deleted, however much that is', async () => {
    const log = new Log();
    log.reach = 3;
    for (let index = 0; index < 20; index++) log.messages.push({ id: 'gone', state: 'deleted' });
    log.add('there');
    expect(idsOf(await open(log).next())).toEqual(['there']);
  });

  it('is shared by those who iterate over it', async () => {
    const log = new Log();
    for (const id of ['a', 'b']) log.add(id);
    const iterator = open(log, { bufferSize: 1 });
    expect(iterator[Symbol.asyncIterator]()).toBe(iterator);
    const batches = await Promise.all([iterator.next(), iterator.next()]);
    expect(batches.map(idsOf)).toEqual([['a'], ['b']]);
  });
});

describe('a stream ends', () => {
  it('when nothing has come for a time, and gives what is there before', async () => {
    const log = new Log();
    log.add('a');
    const iterator = open(log, { timeoutMs: 1 });
    expect(idsOf(await iterator.next())).toEqual(['a']);
    // Its reader takes longer than that, which is not held against the stream.
    await tasks(50);
    log.add('b');
    expect(idsOf(await iterator.next())).toEqual(['b']);
    expect(await iterator.next()).toEqual(OVER);
    expect(await iterator.next()).toEqual(OVER);
  });

  it('when its signal fires, while it waits and before it began', async () => {
    const log = new Log();
    const controller = new AbortController();
    const iterator = open(log, { signal: controller.signal });
    const next = iterator.next();
    await tasks(9);
    controller.abort();
    expect(await next).toEqual(OVER);
    await nextTask();
    expect(log.store.listened()).toEqual([]);

    const aborted = new Log();
    aborted.add('a');
    const late = open(aborted, { signal: controller.signal });
    expect(await late.next()).toEqual(OVER);
    expect(aborted.store.calls).toEqual([]);
  });

  it('when its reader wants no more, at once', async () => {
    const log = new Log();
    const iterator = open(log);
    const next = iterator.next();
    await tasks(9);
    expect(await iterator.return?.()).toEqual(OVER);
    expect(await next).toEqual(OVER);
    expect(await iterator.next()).toEqual(OVER);

    const unread = open(log);
    await unread.return?.();
    expect(await unread.next()).toEqual(OVER);
  });

  it('when the session is deleted, or was never there', async () => {
    const log = new Log();
    const next = open(log).next();
    await tasks(9);
    log.isThere = false;
    log.store.link.events.dispatch({ type: 'gone', userId: 'alice' });
    expect(await next).toEqual(OVER);
    expect(await open(log).next()).toEqual(OVER);
  });

  it('when the store is closed, whatever it does just then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 12 }), async (count) => {
        const log = new Log();
        const iterator = open(log);
        const next = iterator.next();
        await tasks(count);
        log.store.end();
        expect(await next).toEqual(OVER);
      }),
      { numRuns: 13 },
    );
  });

  it('with the error, when the store is lost or a pull fails', async () => {
    const log = new Log();
    const next = open(log).next();
    await tasks(9);
    log.store.end(new FFStorageError('lost', { code: 'worker-lost' }));
    await expect(next).rejects.toMatchObject({ code: 'worker-lost' });

    const failing = playStore({
      openStream: async () => ({ next: 0, waiting: [], session: 'x' }),
      readStream: () => Promise.reject(new FFStorageError('bad', { code: 'corrupt' })),
    });
    const stream = streamMessages(failing.link, 'alice', 's', {
      bufferSize: 1,
      timeoutMs: 1,
      from: { at: 'start' },
    });
    const iterator = stream[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'corrupt' });
    expect(await iterator.next()).toEqual(OVER);
    await nextTask();
    expect(failing.listened()).toEqual([]);
  });
});
