import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineCall } from '../../../src/connection.ts';
import { MessageWriter } from '../../../src/live/message-writer.ts';
import {
  FFSessionNotFoundError,
  FFStorageError,
  FFValidationError,
} from '../../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import type { MessageEnding } from '../../../src/shared/streams.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';
import { nextTask, playStore, tasks } from './support.ts';

const BEGUN: FFMessageDTO = {
  messageId: 'm',
  role: 'assistant',
  content: '',
  timestamp: '2026-01-01T00:00:00.000Z',
  parentId: null,
  status: 'streaming',
  metadata: { model: 'tiny' },
};

const { messageFinish } = createInputValidator(loadConfig());

/** The store's side of one growing message, which loses what an owner may lose. */
class Owner {
  text = '';
  state: 'growing' | 'interrupted' | 'deleted' | 'ended' = 'growing';
  ending: MessageEnding | undefined;
  inFlight = 0;
  grown = 0;
  /** What becomes of the next call: it fails before or after it takes effect. */
  fate: 'fail' | 'fail after' | undefined;

  readonly store = playStore({
    growMessage: (_user, _session, _message, from, text) =>
      this.#fated(async () => {
        this.grown += 1;
        expect(++this.inFlight).toBe(1);
        await nextTask();
        this.inFlight -= 1;
        if (this.state !== 'growing') return null;
        if (from <= this.text.length) this.text = this.text.slice(0, from) + text;
        return this.text.length;
      }),
    endMessage: (_user, _session, _message, ending) =>
      this.#fated(async () => {
        if (this.state === 'deleted') return null;
        this.ending = ending;
        this.text = ending.content;
        this.state = 'ended';
        const { status: _, ...complete } = BEGUN;
        return { ...complete, ...(ending as Partial<FFMessageDTO>) };
      }),
  });

  async #fated<T>(task: () => Promise<T>): Promise<T> {
    const { fate } = this;
    this.fate = undefined;
    if (fate === 'fail') throw new FFStorageError('late', { code: 'timeout' });
    const result = await task();
    if (fate === 'fail after') throw new FFStorageError('late', { code: 'timeout' });
    return result;
  }
}

function createWriter(
  owner: Owner,
  { message = BEGUN, maxBytes = 1_000, call }: Partial<WriterParts> = {},
) {
  let ended = 0;
  const writer = new MessageWriter({
    call: call ?? owner.store.link.call,
    userId: 'alice',
    sessionId: 's',
    message,
    maxBytes,
    checkFinish: messageFinish,
    onEnd: () => (ended += 1),
  });
  return { writer, ended: () => ended };
}

interface WriterParts {
  readonly message: FFMessageDTO;
  readonly maxBytes: number;
  readonly call: EngineCall;
}

const settle = (): Promise<void> => tasks(12);

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ write: fc.string({ unit: 'binary', maxLength: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ tasks: fc.integer({ min: 1, max: 8 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ fate: fc.constantFrom('fail' as const, 'fail after' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ lose: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);

const lastWord = fc.constantFrom('growing' as const, 'interrupted' as const, 'deleted' as const);

describe('a writer', () => {
  it('stores every delta once and in order, whatever its owners lose', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), lastWord, async (steps, state) => {
        const owner = new Owner();
        const { writer, ended } = createWriter(owner);
        let written = '';
        for (const taken of steps) {
          if ('write' in taken) {
            writer.write(taken.write);
            written += taken.write;
          } else if ('tasks' in taken) {
            await tasks(taken.tasks);
          } else if ('fate' in taken) owner.fate = taken.fate;
          else owner.text = owner.text.slice(0, Math.floor(owner.text.length * taken.lose));
          expect(written.startsWith(owner.text)).toBe(true);
        }
        // Whatever failed or was lost before, the next delta brings it all.
        await settle();
        owner.fate = undefined;
        writer.write('!');
        written += '!';
        await settle();
        expect(owner.text).toBe(written);

        owner.state = state;
        writer.write('?');
        written += '?';
        const result = await writer.finish();
        expect(result.content).toBe(written);
        expect(result.status).toBe(state === 'deleted' ? 'aborted' : undefined);
        expect(owner.ending?.content).toBe(state === 'deleted' ? undefined : written);
        expect(ended()).toBe(1);
      }),
      { numRuns: 150 },
    );
  });

  it('sends in one call what was written in one go, and what came while it waited', async () => {
    const owner = new Owner();
    const { writer } = createWriter(owner);
    for (const word of ['It ', 'rose ', 'well.']) writer.write(word);
    await nextTask();
    for (const word of [' And', ' it', ' browned.']) writer.write(word);
    await settle();
    expect(owner.text).toBe('It rose well. And it browned.');
    expect(owner.grown).toBe(2);
  });

  it('begins behind the text that the message was begun with', async () => {
    const owner = new Owner();
    owner.text = 'Well, ';
    const { writer } = createWriter(owner, { message: { ...BEGUN, content: 'Well, ' } });
    writer.write('yes.');
    await settle();
    expect(owner.text).toBe('Well, yes.');
    expect((await writer.finish()).content).toBe('Well, yes.');
  });

  it('sends nothing where there is nothing, and does not ask an owner for ever', async () => {
    const owner = new Owner();
    const { writer } = createWriter(owner);
    writer.write('');
    await settle();
    expect(owner.grown).toBe(0);

    const stubborn = playStore({ growMessage: async () => 0 });
    const other = createWriter(owner, { call: stubborn.link.call }).writer;
    other.write('x');
    await settle();
    expect(stubborn.calls).toEqual(['growMessage']);
    other.write('y');
    await settle();
    expect(stubborn.calls).toHaveLength(2);
  });

  it('sends no more once the message does not grow, and completes it all the same', async () => {
    const owner = new Owner();
    const { writer } = createWriter(owner);
    owner.state = 'interrupted';
    writer.write('one ');
    await settle();
    writer.write('two');
    await settle();
    expect(owner.grown).toBe(1);
    expect(await writer.finish()).toMatchObject({ content: 'one two' });
    expect(owner.state).toBe('ended');
  });
});

describe('write', () => {
  it('refuses what is no string', () => {
    const { writer } = createWriter(new Owner());
    const error = errorOf(() => writer.write(7 as unknown as string));
    expect(error).toMatchObject({ name: 'FFValidationError', field: 'delta' });
  });

  it('refuses what makes the text too long, counting as UTF-8 does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '€', '\ud83e', '\udd8a') })),
        fc.integer({ min: 0, max: 40 }),
        async (deltas, maxBytes) => {
          const owner = new Owner();
          const { writer } = createWriter(owner, { maxBytes });
          let text = '';
          for (const delta of deltas) {
            const fits = Buffer.byteLength(text + delta) <= maxBytes;
            const error = errorOf(() => writer.write(delta));
            if (fits) text += delta;
            // A half of a pair takes three bytes, and so it may be refused before its other half.
            expect((error as FFValidationError | undefined)?.field).toBe(
              fits ? undefined : 'content',
            );
          }
          expect((await writer.finish()).content).toBe(text);
        },
      ),
    );
  });

  it('is ignored behind the end', async () => {
    const owner = new Owner();
    const { writer } = createWriter(owner);
    writer.write('all');
    const finished = writer.finish();
    writer.write(' too late');
    writer.write(7 as unknown as string);
    expect((await finished).content).toBe('all');
    writer.write(' much too late');
    await settle();
    expect(owner.text).toBe('all');
  });
});

describe('finish', () => {
  it('gives one promise, however often it is called', async () => {
    const { writer, ended } = createWriter(new Owner());
    const first = writer.finish({ metadata: { a: 1 } });
    expect(writer.finish()).toBe(first);
    await first;
    expect(writer.finish()).toBe(first);
    await writer.abort();
    expect(ended()).toBe(1);
  });

  it('may be tried again where it failed, with all of the text', async () => {
    const owner = new Owner();
    const { writer, ended } = createWriter(owner);
    writer.write('text');
    owner.fate = 'fail';
    await settle();
    owner.fate = 'fail after';
    await expect(writer.finish()).rejects.toMatchObject({ code: 'timeout' });
    expect(ended()).toBe(0);
    writer.write(' too late');
    const parts = [{ type: 'text' }];
    expect(await writer.finish({ parts })).toMatchObject({ content: 'text', parts });
    expect(ended()).toBe(1);
  });

  it('refuses bad input, and the message goes on growing', async () => {
    const owner = new Owner();
    const { writer } = createWriter(owner);
    for (const [options, field] of [
      [{ metadata: [] }, 'metadata'],
      [{ parts: 1n }, 'parts'],
      [{ status: 'done' }, 'status'],
      [7, 'options'],
    ] as const) {
      await expect(writer.finish(options as object)).rejects.toMatchObject({ field });
      await expect(writer.finish(options as object)).rejects.toThrow(FFValidationError);
    }
    writer.write('more');
    expect((await writer.finish()).content).toBe('more');
  });

  it('gives what was written where the message is gone', async () => {
    const owner = new Owner();
    owner.state = 'deleted';
    const { writer } = createWriter(owner);
    writer.write('in vain');
    const metadata = { tokens: 2 };
    expect(await writer.finish({ metadata, parts: [1] })).toStrictEqual({
      ...BEGUN,
      content: 'in vain',
      status: 'aborted',
      parts: [1],
      metadata: { model: 'tiny', tokens: 2 },
    });

    const gone = playStore({
      endMessage: () => Promise.reject(new FFSessionNotFoundError('no session')),
    });
    const other = createWriter(owner, { call: gone.link.call }).writer;
    expect((await other.finish()).status).toBe('aborted');
  });
});

describe('abort', () => {
  it('keeps the text so far', async () => {
    const owner = new Owner();
    const { writer, ended } = createWriter(owner);
    writer.write('so far');
    expect(await writer.abort()).toBeUndefined();
    expect(owner.ending).toStrictEqual({ content: 'so far', status: 'aborted' });
    await writer.abort();
    expect((await writer.finish()).status).toBe('aborted');
    expect(ended()).toBe(1);
  });
});

describe('flush', () => {
  it('sends what there is over another connection, when the first is closed', async () => {
    const owner = new Owner();
    const closed = playStore({});
    closed.end();
    const { writer } = createWriter(owner, {
      call: () => {
        throw new FFStorageError('closed', { code: 'closed' });
      },
    });
    writer.write('last ');
    await settle();
    writer.write('words');
    await writer.flush(owner.store.link.call);
    expect(owner.text).toBe('last words');
    expect(owner.state).toBe('growing');
  });
});

function errorOf(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
