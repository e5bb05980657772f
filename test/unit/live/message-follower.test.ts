import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFMessageGrowth } from '../../../src/api/streams.ts';
import { followMessage } from '../../../src/live/message-follower.ts';
import type { FFMessageStatus } from '../../../src/shared/model/message.ts';
import { nextTask, playStore, tasks } from './support.ts';

const PATH = { userId: 'alice', sessionId: 's', messageId: 'm' } as const;

/** A message that grows, and an owner that tells of it, or not. */
class Growing {
  text = '';
  /** What the owner has of the text; a later one may have less, until it is sent it again. */
  known = 0;
  end: FFMessageStatus | 'complete' | 'deleted' | undefined;

  readonly store = playStore({
    readGrowth: async () => {
      if (this.end === 'deleted') return null;
      const content = this.text.slice(0, this.known);
      if (this.end === undefined) return { content, done: false, status: 'streaming' as const };
      const status = this.end === 'complete' ? {} : { status: this.end };
      return { content, done: true, ...status };
    },
  });

  grow(text: string, isHeard = true): void {
    const from = this.known;
    this.text += text;
    this.known = this.text.length;
    const added = this.text.slice(from);
    if (isHeard) this.#tell({ type: 'grew', from, text: added });
  }

  /** Another owner answers from now on, and may lack the end. */
  change(share: number): void {
    this.known = Math.floor(this.known * share);
    this.store.link.events.dispatch({ type: 'resync' });
  }

  finish(end: NonNullable<Growing['end']>): void {
    this.end = end;
    this.#tell({ type: 'ended' });
  }

  #tell(event: { type: 'grew'; from: number; text: string } | { type: 'ended' }): void {
    this.store.link.events.dispatch({ ...PATH, ...event });
  }

  follow(signal?: AbortSignal): AsyncIterator<FFMessageGrowth> {
    return followMessage(this.store.link, 'alice', 's', 'm', signal)[Symbol.asyncIterator]();
  }
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      grow: fc.string({ minLength: 1, maxLength: 3 }),
      isHeard: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ tasks: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);

const OVER = { done: true, value: undefined };

describe('a message that is followed', () => {
  it('grows without ever shrinking, and ends as it ends, whatever was not heard of', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.constantFrom('complete' as const, 'aborted' as const, 'interrupted' as const),
        fc.boolean(),
        async (steps, end, isSlow) => {
          const message = new Growing();
          const items: FFMessageGrowth[] = [];
          const reading = (async () => {
            const iterator = message.follow();
            for (;;) {
              const { value, done } = await iterator.next();
              if (done === true) return;
              items.push(value);
              if (isSlow) await tasks(6);
            }
          })();
          for (const taken of steps) {
            if ('grow' in taken) message.grow(taken.grow, taken.isHeard);
            else if ('share' in taken) message.change(taken.share);
            else await tasks(taken.tasks);
          }
          // The writer sends what the owner lacks.
          message.grow('.');
          message.finish(end);
          await reading;
          const growing = items.slice(0, -1);
          for (const [index, { content, done, status }] of growing.entries()) {
            expect({ done, status }).toEqual({ done: false, status: 'streaming' });
            expect(message.text.startsWith(content)).toBe(true);
            expect(content.length).toBeGreaterThan(growing[index - 1]?.content.length ?? -1);
          }
          expect(items.at(-1)).toStrictEqual({
            content: message.text,
            done: true,
            ...(end === 'complete' ? {} : { status: end }),
          });
        },
      ),
      { numRuns: 80 },
    );
  });

  it('gives what is there first, and each text that there is time for', async () => {
    const message = new Growing();
    message.grow('Well, ');
    const iterator = message.follow();
    expect((await iterator.next()).value).toMatchObject({ content: 'Well, ', done: false });
    message.grow('it ');
    expect((await iterator.next()).value).toMatchObject({ content: 'Well, it ' });
    message.grow('depends');
    message.grow(' on');
    expect((await iterator.next()).value).toMatchObject({ content: 'Well, it depends on' });
    // One call told what was there; the rest came by itself.
    expect(message.store.calls).toEqual(['readGrowth']);
  });

  it('that is empty so far gives that', async () => {
    const message = new Growing();
    const { value } = await message.follow().next();
    expect(value).toStrictEqual({ content: '', done: false, status: 'streaming' });
  });

  it('that is complete gives one item', async () => {
    const message = new Growing();
    message.grow('all');
    message.end = 'complete';
    const iterator = message.follow();
    expect(await iterator.next()).toEqual({ done: false, value: { content: 'all', done: true } });
    expect(await iterator.next()).toEqual(OVER);
  });

  it('is not disturbed by the others of its session', async () => {
    const message = new Growing();
    const iterator = message.follow();
    await iterator.next();
    const next = iterator.next();
    const { events } = message.store.link;
    const other = { ...PATH, messageId: 'other' };
    events.dispatch({ ...other, type: 'grew', from: 0, text: 'x' });
    events.dispatch({ ...other, type: 'ended' });
    events.dispatch({ type: 'messages', userId: 'alice', sessionId: 's' });
    await tasks(9);
    expect(message.store.calls).toEqual(['readGrowth']);
    message.grow('mine');
    expect((await next).value).toMatchObject({ content: 'mine' });
  });

  it('ends without an item when it is not there, and when it is deleted', async () => {
    const message = new Growing();
    const iterator = message.follow();
    await iterator.next();
    const next = iterator.next();
    await nextTask();
    message.finish('deleted');
    expect(await next).toEqual(OVER);
    expect(await message.follow().next()).toEqual(OVER);
  });

  it('ends when its signal fires, its reader wants no more or the store closes', async () => {
    const controller = new AbortController();
    const ends: ((message: Growing, iterator: AsyncIterator<unknown>) => unknown)[] = [
      () => controller.abort(),
      (_, iterator) => iterator.return?.(),
      (message) => message.store.end(),
    ];
    for (const end of ends) {
      const message = new Growing();
      const iterator = message.follow(controller.signal.aborted ? undefined : controller.signal);
      await iterator.next();
      const next = iterator.next();
      await nextTask();
      await end(message, iterator);
      expect(await next).toEqual(OVER);
      await nextTask();
      expect(message.store.listened()).toEqual([]);
    }
    expect(await new Growing().follow(controller.signal).next()).toEqual(OVER);
  });
});
