import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { FFMessageDTO, FFMessageStatus } from '../../../src/shared/model/message.ts';
import type { StreamCursor, StreamStart } from '../../../src/shared/streams.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import {
  createPresence,
  openGrowingStore,
  readMessages,
  type GrowingStore,
  type TestPresence,
} from '../../support/growing-store.ts';

const CALLERS = ['a', 'b', 'here'] as const;

const pick = fc.nat();

const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), count: fc.nat(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('begin' as const),
      caller: fc.constantFrom(...CALLERS),
      text: fc.constantFrom('', 'x'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('grow' as const), pick, text: fc.string() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      pick,
      text: fc.string({ maxLength: 4 }),
      status: fc.constantFrom(undefined, 'aborted' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('delete', 'describe'), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('go', 'leave'),
      caller: fc.constantFrom('a', 'b'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('save', 'compact', 'reopen', 'crash') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('stream' as const),
      at: fc.constantFrom('start', 'now', 'message'),
      pick,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pull' as const),
      pick,
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** A message as a naive reader would keep it. */
interface Known {
  readonly id: string;
  readonly caller: string;
  text: string;
  /** How much of it must outlive a crash. */
  saved: number;
  status: FFMessageStatus | undefined;
  isDeleted: boolean;
}

interface Stream {
  cursor: StreamCursor;
  /** What it has not delivered of what it has to. */
  readonly owed: (index: number) => boolean;
  readonly delivered: Set<number>;
}

/** A store beside a model of it, which does all that is done twice. */
class History {
  readonly #presence: TestPresence = createPresence();
  readonly #known: Known[] = [];
  readonly #streams: Stream[] = [];
  readonly #gone = new Set<string>();
  #disk: FaultyBackend = createFaultyBackend();
  #store: GrowingStore | undefined;

  async begin(): Promise<void> {
    this.#store = await openGrowingStore(this.#disk, this.#presence);
    await this.#api.createUser('alice', {});
    await this.#api.createSession('alice', { sessionId: 's1', title: '' });
    await this.#openStream({ at: 'start' }, 0);
  }

  get #api() {
    if (this.#store === undefined) throw new Error('The store is not open.');
    return this.#store.engine.api;
  }

  get #engine() {
    if (this.#store === undefined) throw new Error('The store is not open.');
    return this.#store.engine;
  }

  get #live(): Known[] {
    return this.#known.filter(({ isDeleted }) => !isDeleted);
  }

  get #growing(): Known[] {
    return this.#live.filter(({ status }) => status === 'streaming');
  }

  async run(action: Action): Promise<void> {
    switch (action.do) {
      case 'add':
        return this.#add(action.count);
      case 'begin':
        return this.#begin(action.caller, action.text);
      case 'grow':
        return this.#grow(at(this.#known, action.pick), action.text);
      case 'end':
        return this.#end(at(this.#known, action.pick), action.text, action.status);
      case 'delete':
      case 'describe':
        return this.#change(at(this.#live, action.pick), action.do);
      case 'go':
      case 'leave':
        return this.#lose(action.caller, action.do);
      case 'save':
        await this.#api.whenIdle();
        for (const message of this.#growing) message.saved = message.text.length;
        return;
      case 'compact':
        expect(await this.#api.optimizeStorage('alice')).toBe(true);
        return;
      case 'reopen':
      case 'crash':
        return this.#reopen(action.do);
      case 'stream':
        return this.#openStreamAt(action.at, action.pick);
      case 'pull':
        return this.#pull(at(this.#streams, action.pick), action.limit);
      default:
        throw new Error('There is no such action.');
    }
  }

  async check(): Promise<void> {
    expect((await readMessages(this.#engine)).map(essenceOf)).toEqual(this.#live.map(modelOf));
    const stats = await this.#api.getSessionStats('alice', 's1');
    expect(stats.messageCount).toBe(this.#live.length);
    if (this.#growing.length === 0) {
      expect(stats.characters).toBe(this.#live.reduce((sum, { text }) => sum + text.length, 0));
    }
  }

  /** Everybody goes, and every stream is read to its end. */
  async end(): Promise<void> {
    for (const caller of CALLERS) await this.#engine.interrupt(caller);
    for (const message of this.#growing) message.status = 'interrupted';
    await this.check();
    for (const stream of this.#streams) {
      while (this.#next(stream).length > 0) await this.#pull(stream, 3);
      await this.#pull(stream, 3);
    }
    await this.#engine.close();
  }

  async #add(count: number): Promise<void> {
    const added = Array.from({ length: count }, (_, index) => `m${this.#known.length + index}`);
    await this.#api.addMessages(
      'alice',
      's1',
      added.map((messageId) => ({ messageId, role: 'user', content: `text of ${messageId}` })),
    );
    for (const id of added) {
      const text = `text of ${id}`;
      this.#known.push({ id, caller: '', text, saved: 0, status: undefined, isDeleted: false });
    }
  }

  async #begin(caller: string, text: string): Promise<void> {
    if (this.#gone.has(caller)) return;
    const id = `m${this.#known.length}`;
    const message = { messageId: id, role: 'assistant', content: text } as const;
    await this.#engine.call('beginMessage', ['alice', 's1', message], { caller });
    const saved = text.length;
    this.#known.push({ id, caller, text, saved, status: 'streaming', isDeleted: false });
  }

  async #grow(message: Known | undefined, text: string): Promise<void> {
    if (message === undefined) return;
    // Sent again from anywhere: what is there already is not added twice.
    const from = Math.floor(message.text.length / 2);
    const sent = message.text.slice(from) + text;
    const length = await this.#api.growMessage('alice', 's1', message.id, from, sent);
    const isGrowing = message.status === 'streaming' && !message.isDeleted;
    if (isGrowing) message.text += text;
    expect(length).toBe(isGrowing ? message.text.length : null);
  }

  async #end(message: Known | undefined, text: string, status: 'aborted' | undefined) {
    if (message === undefined) return;
    const content = message.text + text;
    const ending = status === undefined ? { content } : { content, status };
    const ended = await this.#api.endMessage('alice', 's1', message.id, ending);
    if (message.isDeleted) return expect(ended).toBeNull();
    if (message.status === 'streaming' || message.status === 'interrupted') {
      Object.assign(message, { text: content, status });
    }
    expect(ended).toMatchObject({ content: message.text });
    expect(ended?.status).toBe(message.status);
  }

  async #change(message: Known | undefined, what: 'delete' | 'describe'): Promise<void> {
    if (message === undefined) return;
    if (what === 'delete') {
      expect(await this.#api.deleteMessage('alice', 's1', message.id)).toBe(true);
      message.isDeleted = true;
    } else {
      const metadata = { described: true };
      await this.#api.updateMessage('alice', 's1', message.id, { metadata });
      message.saved = message.text.length;
    }
  }

  async #lose(caller: string, how: 'go' | 'leave'): Promise<void> {
    const lost = this.#growing.filter((message) => message.caller === caller);
    if (how === 'leave') {
      await this.#engine.interrupt(caller);
    } else {
      this.#gone.add(caller);
      this.#presence.go(caller);
      await this.#seeEnding(lost);
    }
    for (const message of lost) message.status = 'interrupted';
  }

  /** A call is needed first, because spaces are opened when they are asked for. */
  async #seeEnding(messages: readonly Known[]): Promise<void> {
    await this.#api.getSession('alice', 's1');
    const events = this.#store?.events ?? [];
    await vi.waitFor(
      () => {
        const ended = events.flatMap((event) => (event.type === 'ended' ? event.messageId : []));
        expect(ended).toEqual(expect.arrayContaining(messages.map(({ id }) => id)));
      },
      { interval: 1 },
    );
  }

  async #reopen(how: 'reopen' | 'crash'): Promise<void> {
    if (how === 'reopen') await this.#engine.close();
    this.#disk = this.#disk.disk(how === 'reopen' ? 'flushed' : 'written');
    this.#store = await openGrowingStore(this.#disk, this.#presence);
    const lost = this.#growing.filter(({ caller }) => caller === 'here');
    await this.#seeEnding(lost);
    for (const message of lost) message.status = 'interrupted';
    if (how === 'reopen') return;
    const found = new Map(
      (await readMessages(this.#engine)).map((message) => [message.messageId, message]),
    );
    for (const message of [...this.#growing, ...lost]) {
      const { content = '' } = found.get(message.id) ?? {};
      expect(message.text.startsWith(content)).toBe(true);
      expect(content.length).toBeGreaterThanOrEqual(message.saved);
      message.text = content;
      message.saved = content.length;
    }
  }

  async #openStreamAt(where: string, number: number): Promise<void> {
    if (where === 'start') return this.#openStream({ at: 'start' }, 0);
    if (where === 'now') return this.#openStream({ at: 'now' }, this.#known.length);
    const message = at(this.#known, number);
    if (message === undefined) return;
    const index = this.#known.indexOf(message);
    return this.#openStream({ at: 'message', messageId: message.id }, index + 1, index);
  }

  async #openStream(start: StreamStart, from: number, before = from): Promise<void> {
    const cursor = await this.#api.openStream('alice', 's1', start);
    if (cursor === null) throw new Error('There is no such session.');
    const growing = new Set(
      this.#growing.map((message) => this.#known.indexOf(message)).filter((at) => at < before),
    );
    this.#streams.push({
      cursor,
      owed: (index) => index >= from || growing.has(index),
      delivered: new Set(),
    });
  }

  #next({ owed, delivered }: Stream): number[] {
    return this.#known.flatMap(({ status, isDeleted }, index) =>
      status === 'streaming' || isDeleted || delivered.has(index) || !owed(index) ? [] : [index],
    );
  }

  async #pull(stream: Stream | undefined, limit: number): Promise<void> {
    if (stream === undefined) return;
    const batch = await this.#api.readStream('alice', 's1', stream.cursor, limit);
    if (batch === null) throw new Error('The stream has ended.');
    const owed = this.#next(stream).slice(0, limit);
    // How many come at once is up to the store; but none come only where there are none.
    const next = owed.slice(0, batch.messages.length);
    if (owed.length > 0) expect(next).not.toEqual([]);
    const expected = this.#known.filter((_, index) => next.includes(index));
    expect(batch.messages.map(essenceOf)).toEqual(expected.map(modelOf));
    for (const index of next) stream.delivered.add(index);
    stream.cursor = batch.cursor;
  }
}

function essenceOf({ messageId, content, status }: FFMessageDTO) {
  return { id: messageId, text: content, status };
}

function modelOf({ id, text, status }: Known) {
  return { id, text, status };
}

function at<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(list.length, 1)];
}

describe('growing messages and streams', { timeout: 240_000 }, () => {
  it('are as a naive reader expects, after any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const history = new History();
        await history.begin();
        for (const one of actions) {
          await history.run(one);
          await history.check();
        }
        await history.end();
      }),
      { numRuns: 60 },
    );
  });
});
