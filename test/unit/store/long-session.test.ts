import { beforeAll, describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { createMemoryBackend } from '../../../worker/backend/memory.ts';
import type { MessageLog } from '../../../worker/store/message-log.ts';
import type { Store } from '../../../worker/store/store.ts';
import { createMeteredBackend, type Meter } from '../../support/metered-backend.ts';
import { openTestStore } from '../../support/stores.ts';

const MESSAGES = 100_000;

const PAGE = 50;

const LOG = 'messages.jsonl';

const backend = createMeteredBackend(createMemoryBackend());

function message(number: number): FFMessageDTO {
  return {
    messageId: `m${number}`,
    role: number % 2 === 0 ? 'user' : 'assistant',
    content: `This is message ${number}, which is about as long as what people write to each other in a chat.`,
    timestamp: '2026-01-01T00:00:00.000Z',
  };
}

function idsFrom(position: number): string[] {
  return Array.from({ length: PAGE }, (_, index) => `m${position + index}`);
}

async function open(): Promise<{ store: Store; log: MessageLog; opening: Meter }> {
  backend.reset();
  const store = await openTestStore(backend);
  const log = await store.read('alice', async () => {
    await store.user('alice');
    return store.messages('alice', 's1');
  });
  return { store, log, opening: backend.meter(LOG) };
}

/** Reads a page, and gives what was read of the log for it. */
async function readPage(
  log: MessageLog,
  position: number,
): Promise<{ ids: string[]; meter: Meter }> {
  backend.reset();
  const page = await log.page(position, PAGE);
  return { ids: page.map(({ messageId }) => messageId), meter: backend.meter(LOG) };
}

describe('a session of 100,000 messages', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    const store = await openTestStore(backend);
    const profile = { userId: 'alice', createdAt: '2026', updatedAt: '2026' };
    await store.background('alice', () => store.createUser(profile, 1));
    await store.write('alice', async () => {
      const entry = { sessionId: 's1', title: 'long', createdAt: 1, updatedAt: 1 };
      const catalog = await store.user('alice');
      return { value: undefined, durable: catalog?.putSession(entry) ?? Promise.resolve() };
    });
    for (let start = 0; start < MESSAGES; start += 5_000) {
      const batch = Array.from({ length: 5_000 }, (_, index) => message(start + index));
      await store.write('alice', () =>
        store.change('alice', 's1', (log) => log.append(batch, start)),
      );
    }
    await store.close();
  });

  it('is opened without reading its log', async () => {
    const { store, log, opening } = await open();
    expect(log.count).toBe(MESSAGES);
    expect(opening.bytesRead).toBeLessThan(4_096);
    expect(backend.meter('messages.idx').bytesRead).toBeGreaterThan(MESSAGES * 20);
    await store.close();
  });

  it.each([
    ['its newest messages', MESSAGES - PAGE],
    ['messages in its middle', MESSAGES / 2],
    ['its first messages', 0],
  ])('gives %s with one read of what they are, warm or cold', async (_, position) => {
    const { store, log } = await open();
    for (const state of ['cold', 'warm']) {
      const { ids, meter } = await readPage(log, position);
      expect(ids).toEqual(idsFrom(position));
      expect(meter.reads, state).toBe(1);
      expect(meter.bytesRead, state).toBeLessThan(65_536);
    }
    await store.close();
  });

  it('finds one message by its id with one read', async () => {
    const { store, log } = await open();
    backend.reset();
    expect((await log.find('m77777'))?.message).toEqual(message(77_777));
    expect(backend.meter(LOG)).toMatchObject({ reads: 1 });
    expect(backend.meter(LOG).bytesRead).toBeLessThan(1_024);
    expect(log.isNew('m100000')).toBe(true);
    expect(backend.meter(LOG).reads).toBe(1);
    await store.close();
  });

  it('appends a message with one write of its length, and counts it with none', async () => {
    const { store } = await open();
    const add = (number: number) =>
      store.write('alice', () =>
        store.change('alice', 's1', (log) => log.append([message(number)], MESSAGES)),
      );
    await add(MESSAGES);
    backend.reset();
    await add(MESSAGES + 1);
    expect(backend.meter()).toMatchObject({ reads: 0, writes: 1, flushes: 1 });
    expect(backend.meter().bytesWritten).toBeLessThan(512);
    await store.close();
  });

  it('stays as quick to page after messages were deleted and edited', async () => {
    const { store, log } = await open();
    const count = log.count;
    const changes = Array.from({ length: 100 }, (_, index) =>
      log.delete(index * 10, message(index * 10), MESSAGES),
    );
    const before = message(50_001);
    changes.push(log.edit(50_001, before, { ...before, content: 'edited' }, MESSAGES));
    await Promise.all(changes);
    expect(log.count).toBe(count - 100);
    const { ids, meter } = await readPage(log, 50_000 - 100);
    expect(ids).toEqual(idsFrom(50_000));
    // The edit lies at the end of the log, so it takes a read of its own.
    expect(meter.reads).toBe(2);
    expect(meter.bytesRead).toBeLessThan(65_536);
    await store.close();
  });
});
