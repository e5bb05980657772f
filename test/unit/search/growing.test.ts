import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { BEGINNING } from '../../../worker/search/index/place.ts';
import { LogReader } from '../../../worker/search/log-reader.ts';
import type { MessageLog } from '../../../worker/store/message-log.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { addMessages, createUserWith, testMessage } from '../../support/store-calls.ts';
import { openTestStore } from '../../support/stores.ts';

/** What an index reads of a log in which a message has grown and, maybe, ended. */
async function openLog(ends: boolean) {
  const store = await openTestStore(createFaultyBackend());
  await createUserWith(store, 'alice', ['s1']);
  const change = (append: (log: MessageLog) => Promise<void>) =>
    store.write('alice', () => store.change('alice', 's1', append));
  const before: FFMessageDTO = { ...testMessage('a', 'sourdough'), status: 'streaming' };
  const after = testMessage('a', 'sourdough bread');
  await addMessages(store, 'alice', 's1', [before, testMessage('b', 'rye')], 1);
  await change((log) => log.grow('a', 9, ' bread', 2));
  if (ends) await change((log) => log.edit(0, before, after, 3));
  return { store, reader: new LogReader(store) };
}

function required<T extends object>(slice: T | string): T {
  if (typeof slice === 'string') throw new Error(`There is no slice: ${slice}.`);
  return slice;
}

describe('what an index reads of a growing message', () => {
  it('is nothing before it has ended, and then all of it', async () => {
    for (const ends of [false, true]) {
      const { store, reader } = await openLog(ends);
      const read = required(await reader.readSlice('alice', 's1', BEGINNING));
      const scanned = required(await reader.scanSlice('alice', 's1', BEGINNING, () => true));
      for (const slice of [read, scanned]) {
        expect(slice.changes).toMatchObject([
          { ordinal: 0, message: null },
          { ordinal: 1, message: { content: 'rye' } },
          ...(ends ? [{ ordinal: 0, message: { content: 'sourdough bread' } }] : []),
        ]);
        // The text that was added is behind it, and need not be read again.
        const { committedEnd } = await store.read('alice', () => store.messages('alice', 's1'));
        expect(slice.next.offset).toBe(committedEnd);
      }
      expect(read.next.count).toBe(2);
      await store.close();
    }
  });
});
