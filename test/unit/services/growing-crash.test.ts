import { describe, expect, it, vi } from 'vitest';
import type { FFMessageDTO, FFMessageStatus } from '../../../src/shared/model/message.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { CATALOG, openGrowingStore, readMessages, recordsOf } from '../../support/growing-store.ts';

type Api = Engine['api'];

/** A message as it is after some calls: what of its text is durable, and what may be. */
interface Expected {
  readonly saved: string;
  readonly text: string;
  /** Absent: it is complete. */
  readonly status?: FFMessageStatus;
}

type State = Readonly<Record<string, Expected>>;

/** Calls, and what there is after each of them, should the process die then. */
const WORKLOAD: readonly {
  readonly call: (api: Api) => Promise<unknown>;
  readonly state: State;
}[] = [
  { call: (api) => api.createUser('alice', {}), state: {} },
  { call: (api) => api.createSession('alice', { sessionId: 's1', title: '' }), state: {} },
  { call: (api) => begin(api, 'a', ''), state: { a: growing('', '') } },
  { call: (api) => grow(api, 'a', 0, 'one '), state: { a: growing('', 'one ') } },
  { call: (api) => api.whenIdle(), state: { a: growing('one ', 'one ') } },
  {
    call: (api) => begin(api, 'b', 'B'),
    state: { a: growing('one ', 'one '), b: growing('B', 'B') },
  },
  {
    call: (api) => grow(api, 'a', 4, 'two'),
    state: { a: growing('one ', 'one two'), b: growing('B', 'B') },
  },
  {
    call: (api) => api.updateMessage('alice', 's1', 'a', { metadata: { model: 'x' } }),
    state: { a: growing('one two', 'one two'), b: growing('B', 'B') },
  },
  {
    call: (api) => grow(api, 'a', 7, ' three'),
    state: { a: growing('one two', 'one two three'), b: growing('B', 'B') },
  },
  {
    call: (api) => api.endMessage('alice', 's1', 'a', { content: 'one two three.' }),
    state: { a: complete('one two three.'), b: growing('B', 'B') },
  },
  {
    call: (api) => api.optimizeStorage('alice'),
    state: { a: complete('one two three.'), b: growing('B', 'B') },
  },
  {
    call: (api) => api.deleteMessage('alice', 's1', 'b'),
    state: { a: complete('one two three.') },
  },
  {
    call: (api) => begin(api, 'c', 'C'),
    state: { a: complete('one two three.'), c: growing('C', 'C') },
  },
  {
    call: (api) => api.endMessage('alice', 's1', 'c', { content: 'CC', status: 'aborted' }),
    state: {
      a: complete('one two three.'),
      c: { saved: 'CC', text: 'CC', status: 'aborted' },
    },
  },
  {
    call: (api) => api.optimizeStorage('alice'),
    state: {
      a: complete('one two three.'),
      c: { saved: 'CC', text: 'CC', status: 'aborted' },
    },
  },
];

function growing(saved: string, text: string): Expected {
  return { saved, text, status: 'interrupted' };
}

function complete(text: string): Expected {
  return { saved: text, text };
}

function begin(api: Api, messageId: string, content: string) {
  return api.beginMessage('alice', 's1', { messageId, role: 'assistant', content });
}

function grow(api: Api, messageId: string, from: number, text: string) {
  return api.growMessage('alice', 's1', messageId, from, text);
}

/** Runs the workload until a call is refused; gives how many calls resolved. */
async function work(disk: FaultyBackend): Promise<number> {
  let done = 0;
  try {
    const { engine } = await openGrowingStore(disk);
    for (const { call } of WORKLOAD) {
      await call(engine.api);
      done++;
    }
    await engine.close();
  } catch (error) {
    if (!disk.crashed) throw error;
  }
  return done;
}

/** What an app reads after an opening, and what there is once all is settled. */
async function read(disk: FaultyBackend): Promise<FFMessageDTO[]> {
  const { engine } = await openGrowingStore(disk);
  const messages = await readMessages(engine);
  await engine.close();
  return messages;
}

function fits(found: readonly FFMessageDTO[], state: State): boolean {
  return (
    found.length === Object.keys(state).length &&
    found.every(({ messageId, content, status }) => {
      const expected = state[messageId];
      return (
        expected !== undefined &&
        expected.status === status &&
        expected.text.startsWith(content) &&
        content.length >= expected.saved.length
      );
    })
  );
}

/** What a catalog still lists as growing. */
function listed(disk: FaultyBackend): string[] {
  const path = CATALOG.replace('.jsonl', '.alt.jsonl');
  const ids = (type: string) =>
    [CATALOG, path].flatMap((one) =>
      disk.bytesOf(one) === undefined
        ? []
        : recordsOf<{ kind: string; id: string }>(disk, one, type).flatMap(({ kind, id }) =>
            kind === 'growing' ? [id] : [],
          ),
    );
  const dropped = ids('drop');
  return ids('put').filter((id) => !dropped.includes(id));
}

const steps = await (async () => {
  const disk = createFaultyBackend();
  await work(disk);
  return disk.steps;
})();

describe('growing messages of a process that dies', { timeout: 240_000 }, () => {
  it.each([
    ['what was written', 'written', [0, 0.6]],
    ['what was flushed, as after a power cut', 'flushed', [0]],
  ] as const)('at any step, have what was saved, and end: %s', async (_, kept, parts) => {
    expect(steps).toBeGreaterThan(WORKLOAD.length);
    for (let step = 0; step < steps; step++) {
      for (const part of parts) {
        const disk = createFaultyBackend();
        disk.crashAt({ step, part });
        const done = await work(disk);
        // A checkpoint falls into another step when the timer is late.
        if (!disk.crashed) continue;
        const survivor = disk.disk(kept);
        const found = await read(survivor);
        const states = [WORKLOAD[done - 1]?.state ?? {}, WORKLOAD[done]?.state ?? {}];
        const where = `step ${step}, part ${part}, after ${done} calls`;
        expect(
          states.some((state) => fits(found, state)),
          where,
        ).toBe(true);
        // What was found is on the disk now, and nothing is left to be done.
        expect(listed(survivor), where).toEqual([]);
        expect(await read(survivor.disk('flushed')), where).toEqual(found);
      }
    }
  });

  it('end also when it dies once more while they are being ended', async () => {
    for (let step = 0; step < steps; step += 4) {
      const disk = createFaultyBackend();
      disk.crashAt({ step, part: 0.5 });
      const done = await work(disk);
      if (!disk.crashed) continue;
      const states = [WORKLOAD[done - 1]?.state ?? {}, WORKLOAD[done]?.state ?? {}];
      for (let recovery = 0; recovery < 8; recovery++) {
        const second = disk.disk('written');
        second.crashAt({ step: recovery, part: 0.5 });
        await read(second).catch((error: unknown) => {
          if (!second.crashed) throw error;
        });
        const third = second.disk('written');
        const found = await read(third);
        const where = `step ${step}, then ${recovery}`;
        expect(
          states.some((state) => fits(found, state)),
          where,
        ).toBe(true);
        expect(listed(third), where).toEqual([]);
      }
    }
  });

  it('are ended after an opening that nobody reads them in', async () => {
    const disk = createFaultyBackend();
    const first = await openGrowingStore(disk);
    await first.engine.api.createUser('alice', {});
    await first.engine.api.createSession('alice', { sessionId: 's1', title: '' });
    await begin(first.engine.api, 'a', 'text');
    await first.engine.close();
    const { engine, events } = await openGrowingStore(disk);
    await engine.api.listSessions('alice', { offset: 0, includeMetadata: false });
    await vi.waitFor(() => expect(events).toMatchObject([{ type: 'ended' }, { type: 'messages' }]));
    expect(await readMessages(engine)).toMatchObject([{ content: 'text', status: 'interrupted' }]);
  });
});
