import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { crc32c } from '../../../worker/crc32c.ts';
import { MessageLog } from '../../../worker/store/message-log.ts';
import { recordsFrom } from '../../../worker/store/message-slices.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const LOG = 'messages.jsonl';
const OFFSETS = 'messages.idx';

const TIMESTAMP = '2026-01-01T00:00:00.000Z';

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      texts: fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { minLength: 1, maxLength: 6 }),
      wait: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('edit' as const), pick: fc.nat(), text: fc.string() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('delete' as const), pick: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('save' as const, 'reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen without offsets' as const) }) },
);

/** The live messages as an array, and the ids of those that were deleted. */
interface Model {
  live: FFMessageDTO[];
  readonly deleted: string[];
}

function open(disk: FaultyBackend): Promise<MessageLog> {
  return MessageLog.open(LOG, openTestFiles(disk));
}

async function expectLikeModel(
  log: MessageLog,
  { live, deleted }: Model,
  position: number,
  limit: number,
): Promise<void> {
  expect(log.count).toBe(live.length);
  expect(await log.page(0, Infinity)).toEqual(live);
  expect(await log.page(position, limit)).toEqual(live.slice(position, position + limit));
  expect(await log.lastMessageId()).toBe(live.at(-1)?.messageId ?? null);
  for (const message of live) {
    expect((await log.find(message.messageId))?.message).toEqual(message);
    expect(await log.has(message.messageId)).toBe(true);
    expect(log.isNew(message.messageId)).toBe(false);
  }
  for (const messageId of deleted) {
    expect((await log.find(messageId))?.message).toBeNull();
    expect(await log.has(messageId)).toBe(false);
  }
  expect(await log.find('never added')).toBeNull();
}

describe('MessageLog', { timeout: 30_000 }, () => {
  it('reads like an array, whatever is done and whenever it is opened again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 25 }),
        fc.nat(40),
        fc.nat(10),
        async (actions, position, limit) => {
          let disk = createFaultyBackend();
          let log = await open(disk);
          const model: Model = { live: [], deleted: [] };
          let at = 0;
          for (const step of actions) {
            at++;
            const index = 'pick' in step ? step.pick % Math.max(model.live.length, 1) : 0;
            const picked = model.live[index];
            if (step.do === 'append') {
              const messages = step.texts.map((content, number): FFMessageDTO => {
                return {
                  messageId: `m${at}.${number}`,
                  role: 'user',
                  content,
                  timestamp: TIMESTAMP,
                };
              });
              const appended = log.append(messages, at);
              if (step.wait) await appended;
              model.live.push(...messages);
            } else if (step.do === 'edit' && picked !== undefined) {
              const edited = { ...picked, content: step.text };
              const found = await log.find(picked.messageId);
              await log.edit(found?.ordinal ?? -1, picked, edited, at);
              model.live[index] = edited;
            } else if (step.do === 'delete' && picked !== undefined) {
              const { messageId } = picked;
              await log.delete((await log.find(messageId))?.ordinal ?? -1, picked, at);
              model.live.splice(index, 1);
              model.deleted.push(messageId);
            } else if (step.do === 'save') {
              void log.saveOffsets();
            } else if (step.do === 'reopen' || step.do === 'reopen without offsets') {
              await log.detach();
              disk = disk.disk('written');
              if (step.do === 'reopen without offsets') await disk.remove(OFFSETS);
              log = await open(disk);
            }
          }
          await expectLikeModel(log, model, position, limit);
          await expectLikeModel(await open(disk.disk('flushed')), model, position, limit);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('tells messages apart whose ids have the same hash', async () => {
    const ids = ['m1df6als', 'mfc4y3t'];
    const hashes = ids.map((id) => crc32c(new TextEncoder().encode(id)));
    expect(hashes[0]).toBe(hashes[1]);
    const disk = createFaultyBackend();
    const log = await open(disk);
    const [first, second] = ids.map((messageId): FFMessageDTO => {
      return { messageId, role: 'user', content: messageId, timestamp: TIMESTAMP };
    });
    if (first === undefined || second === undefined) throw new Error('There are two ids.');
    await log.append([first], 1);
    expect(await log.find(second.messageId)).toBeNull();
    await log.append([second], 2);
    await log.edit((await log.find(second.messageId))?.ordinal ?? -1, second, second, 3);
    for (const opened of [log, await open(disk.disk('flushed'))]) {
      expect((await opened.find(first.messageId))?.message).toEqual(first);
      expect((await opened.find(second.messageId))?.message).toEqual(second);
    }
  });

  it('reads what is still on its way to the disk', async () => {
    const log = await open(createFaultyBackend());
    const message: FFMessageDTO = {
      messageId: 'a',
      role: 'user',
      content: 'hello',
      timestamp: TIMESTAMP,
    };
    const appended = log.append([message], 1);
    expect(await log.page(0, 10)).toEqual([message]);
    const edited = log.edit(0, message, { ...message, content: 'edited' }, 2);
    expect((await log.find('a'))?.message?.content).toBe('edited');
    await Promise.all([appended, edited]);
  });

  it('knows when it was last written to, also after it was opened again', async () => {
    const disk = createFaultyBackend();
    const log = await open(disk);
    expect(log.lastWriteAt).toBe(0);
    const message: FFMessageDTO = {
      messageId: 'a',
      role: 'user',
      content: 'x',
      timestamp: TIMESTAMP,
    };
    await log.append([message], 1_000);
    await log.delete(0, message, 2_000);
    expect(log.lastWriteAt).toBe(2_000);
    expect((await open(disk.disk('flushed'))).lastWriteAt).toBe(2_000);
    await log.saveOffsets();
    expect((await open(disk.disk('written'))).lastWriteAt).toBe(2_000);
  });

  it('gives the log to a reader piece by piece, every record once', async () => {
    const log = await open(createFaultyBackend());
    for (let index = 0; index < 40; index++) {
      const content = 'x'.repeat(index * 10);
      await log.append(
        [{ messageId: `${index}`, role: 'user', content, timestamp: TIMESTAMP }],
        index,
      );
    }
    const ids: string[] = [];
    let offset = 0;
    for (;;) {
      const { records, next } = await recordsFrom(log, offset, 700);
      if (next === offset) break;
      for (const record of records)
        if (record.type === 'message') ids.push(record.message.messageId);
      offset = next;
    }
    expect(ids).toEqual(Array.from({ length: 40 }, (_, index) => `${index}`));
    expect(offset).toBe(log.committedEnd);
  });
});
