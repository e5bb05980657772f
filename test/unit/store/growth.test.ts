import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { compactMessages } from '../../../worker/store/compaction.ts';
import { readGrown } from '../../../worker/store/growth.ts';
import { MessageLog } from '../../../worker/store/message-log.ts';
import type { Store } from '../../../worker/store/store.ts';
import { growingId } from '../../../worker/store/user-catalog.ts';
import { anyText } from '../../support/arbitraries.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createMeteredBackend } from '../../support/metered-backend.ts';
import {
  addMessages,
  changeMessage,
  createUserWith,
  testMessage,
} from '../../support/store-calls.ts';
import { openTestFiles, openTestStore } from '../../support/stores.ts';

const PATH = 'messages.jsonl';

function open(disk: FaultyBackend): Promise<MessageLog> {
  return MessageLog.open(PATH, openTestFiles(disk));
}

function streaming(messageId: string, content: string): FFMessageDTO {
  return { ...testMessage(messageId, content), status: 'streaming' };
}

/** The text of a message, from the disk. */
async function grownText(log: MessageLog, messageId: string): Promise<string | null> {
  const found = await log.find(messageId);
  return found?.message == null ? null : readGrown(log, found.ordinal, found.message);
}

describe('the text of a growing message', { timeout: 30_000 }, () => {
  it('is what its newest record says and what was added behind it', async () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant('grow' as const),
        id: fc.nat(2),
        back: fc.nat(3),
        text: anyText,
      }),
      fc.record({ do: fc.constantFrom('edit', 'add', 'save', 'reopen'), id: fc.nat(2) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        let disk = createFaultyBackend();
        let log = await open(disk);
        const texts = ['', 'b', 'cc'];
        const idOf = (id: number) => `m${id}`;
        await log.append(
          texts.map((text, id) => streaming(idOf(id), text)),
          1,
        );
        for (const [index, one] of steps.entries()) {
          const text = texts[one.id] ?? '';
          if (one.do === 'grow') {
            // A record that is tried again begins in what is there already.
            const from = Math.max(text.length - one.back, 0);
            await log.grow(idOf(one.id), from, text.slice(from) + one.text, 2);
            texts[one.id] = text + one.text;
          } else if (one.do === 'edit') {
            const found = await log.find(idOf(one.id));
            if (found?.message == null) throw new Error('The message is gone.');
            const edited = { ...found.message, content: text, name: `${index}` };
            await log.edit(found.ordinal, found.message, edited, 3);
          } else if (one.do === 'add') {
            await log.append([testMessage(`other-${index}`, '"type":"grow"')], 4);
          } else if (one.do === 'save') {
            await log.saveOffsets();
          } else {
            disk = disk.disk('written');
            log = await open(disk);
          }
          for (const [id, expected] of texts.entries()) {
            expect(await grownText(log, idOf(id))).toBe(expected);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends before a record that is damaged', async () => {
    const disk = createFaultyBackend();
    const log = await open(disk);
    await log.append([streaming('a', 'one')], 1);
    await log.grow('a', 3, ' two', 2);
    const end = log.committedEnd;
    await log.grow('a', 7, ' three', 3);
    await log.grow('a', 13, ' four', 4);
    const bytes = disk.bytesOf(PATH) ?? new Uint8Array(0);
    bytes[end + 40] = 0x21;
    const damaged = createFaultyBackend({}, new Map([[PATH, bytes]]));
    expect(await grownText(await open(damaged), 'a')).toBe('one two');
  });

  it('is found behind a batch that it vouches for, and behind a line feed that is damaged', async () => {
    const disk = createFaultyBackend();
    const log = await open(disk);
    await log.append([testMessage('x', 'x'), streaming('a', 'one')], 1);
    await log.grow('a', 3, ' two', 2);
    expect(new TextDecoder().decode(disk.bytesOf(PATH))).toContain('"sync":1,"type":"grow"');
    await log.append([testMessage('y', 'y')], 3);
    const end = log.committedEnd;
    await log.grow('a', 7, ' three', 4);
    expect(await grownText(await open(disk.disk('written')), 'a')).toBe('one two three');
    const bytes = disk.bytesOf(PATH) ?? new Uint8Array(0);
    bytes[end - 1] = 0x21;
    const damaged = createFaultyBackend({}, new Map([[PATH, bytes]]));
    expect(await grownText(await open(damaged), 'a')).toBe('one two three');
  });

  it('is no reason to read a log again that was read before', async () => {
    const disk = createFaultyBackend();
    const backend = createMeteredBackend(disk);
    const files = openTestFiles(backend);
    const log = await MessageLog.open(PATH, files);
    const many = Array.from({ length: 2_000 }, (_, index) =>
      testMessage(`m${index}`, 'x'.repeat(80)),
    );
    await log.append([...many, streaming('a', '')], 1);
    await log.grow('a', 0, 'text', 2);
    await log.saveOffsets();
    await log.grow('a', 4, ' more', 3);
    const { messages } = log.bytes;
    backend.reset();
    const again = await MessageLog.open(PATH, files);
    expect(await grownText(again, 'a')).toBe('text more');
    expect(backend.meter(PATH).bytesRead).toBeLessThan(messages / 100);
    expect(again.count).toBe(2_001);
    // Nothing new is known of where messages lie, so there is nothing to save.
    const { steps } = disk;
    await again.saveOffsets();
    expect(disk.steps).toBe(steps);
  });

  it('is no activity of the session, and superseded when the message has ended', async () => {
    const log = await open(createFaultyBackend());
    await log.append([streaming('a', '')], 1_000);
    const before = log.bytes.messages;
    await log.grow('a', 0, 'text', 2_000);
    expect(log.lastWriteAt).toBe(1_000);
    expect(log.stats.characters).toBe(0);
    expect(log.supersededBytes).toBe(log.bytes.messages - before);
  });
});

describe('compaction', { timeout: 30_000 }, () => {
  const begin = (store: Store, message: FFMessageDTO) =>
    store.write('alice', async () => {
      const catalog = await store.user('alice');
      const { messageId } = message;
      const value = { sessionId: 's1', messageId, caller: 'bob' };
      const id = growingId('s1', messageId);
      await catalog?.putEntity('growing', { id, sessionId: 's1', value });
      return store.change('alice', 's1', (log) => log.append([message], 5));
    });
  const grow = (store: Store, from: number, text: string) =>
    store.write('alice', () =>
      store.change('alice', 's1', (log) => log.grow('a', from, text, 6), false),
    );
  const textOf = (store: Store) =>
    store.read('alice', async () => grownText(await store.messages('alice', 's1'), 'a'));

  it('leaves a session alone in which something grows', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    await createUserWith(store, 'alice', ['s1']);
    await addMessages(store, 'alice', 's1', [testMessage('x', 'text')], 2);
    await changeMessage(store, 'alice', 's1', 'x', 'edited', 3);
    await begin(store, streaming('a', ''));
    await grow(store, 0, 'text');
    expect(await compactMessages(store, 'alice', 's1')).toBe(false);
    expect(await textOf(await openTestStore(disk.disk('written')))).toBe('text');
  });

  it('ends what the catalog does not know of, with all of its text', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    await createUserWith(store, 'alice', ['s1']);
    await begin(store, streaming('a', 'one'));
    await grow(store, 3, ' two');
    // As if its record had been damaged.
    await store.write('alice', async () => {
      const catalog = await store.user('alice');
      const durable = catalog?.dropEntities('growing', [growingId('s1', 'a')]);
      return { value: undefined, durable: durable ?? Promise.resolve() };
    });
    expect(await compactMessages(store, 'alice', 's1')).toBe(true);
    const again = await openTestStore(disk.disk('written'));
    const found = await again.read('alice', async () =>
      (await again.messages('alice', 's1')).find('a'),
    );
    expect(found?.message).toMatchObject({ content: 'one two', status: 'interrupted' });
  });

  it('takes along the text of a message that was begun meanwhile', async () => {
    const disk = createFaultyBackend();
    const store = await openTestStore(disk);
    await createUserWith(store, 'alice', ['s1']);
    const long = Array.from({ length: 8 }, (_, index) =>
      testMessage(`m${index}`, 'x'.repeat(200_000)),
    );
    await addMessages(store, 'alice', 's1', long, 2);
    await changeMessage(store, 'alice', 's1', 'm0', 'edited', 3);
    const { reached, release } = disk.hold('open', { path: /messages\.alt\.jsonl$/ });
    const compacted = compactMessages(store, 'alice', 's1');
    await reached;
    // Each has its turn in the lane between two slices.
    const grown = begin(store, streaming('a', 'one')).then(() => grow(store, 3, ' two'));
    release();
    await grown;
    expect(await compacted).toBe(true);
    await grow(store, 7, ' three');
    expect(await textOf(store)).toBe('one two three');
    expect(disk.paths.filter((path) => path.endsWith('messages.alt.jsonl'))).toHaveLength(1);
    expect(await textOf(await openTestStore(disk.disk('written')))).toBe('one two three');
  });
});
