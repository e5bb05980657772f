import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewMessage } from '../../../src/shared/contract.ts';
import { planAppend, type AppendPlan } from '../../../worker/services/message-plan.ts';
import { MessageLog } from '../../../worker/store/message-log.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { openTestFiles } from '../../support/stores.ts';

const TIMESTAMP = '2026-01-01T00:00:00.000Z';

/** A session that has `a` and `b`, in this order, and had `gone`. */
async function createLog(): Promise<MessageLog> {
  const files = openTestFiles(createFaultyBackend());
  const log = await MessageLog.open('messages.jsonl', files);
  const existing = ['a', 'gone', 'b'].map((messageId) => ({
    messageId,
    role: 'user' as const,
    content: 'x',
    timestamp: TIMESTAMP,
  }));
  await log.append(existing, 1);
  const [, gone] = existing;
  if (gone !== undefined) await log.delete(1, gone, 2);
  return log;
}

function message(messageId: string, parentId?: string | null): NewMessage {
  return {
    messageId,
    role: 'user',
    content: 'x',
    ...(parentId === undefined ? {} : { parentId }),
  };
}

const log = await createLog();

function plan(...messages: readonly NewMessage[]): Promise<AppendPlan> {
  return planAppend(log, messages, TIMESTAMP, (index) => `messages[${index}].`);
}

async function parentsOf(...messages: readonly NewMessage[]) {
  const { added } = await plan(...messages);
  return added.map(({ messageId, parentId }) => [messageId, parentId]);
}

describe('planAppend', () => {
  it('lets a message answer the one before it, unless it says otherwise', async () => {
    expect(await parentsOf(message('x'), message('y'), message('z', null), message('w'))).toEqual([
      ['x', 'b'],
      ['y', 'x'],
      ['z', null],
      ['w', 'z'],
    ]);
  });

  it('lets a message answer any of the session or of the batch, later ones too', async () => {
    expect(await parentsOf(message('x', 'a'), message('y', 'z'), message('z', 'x'))).toEqual([
      ['x', 'a'],
      ['y', 'z'],
      ['z', 'x'],
    ]);
  });

  it('passes over what is there, what was deleted and what came before', async () => {
    const { added, deletedIds } = await plan(
      message('a'),
      message('x'),
      message('gone'),
      message('x', null),
      message('y'),
    );
    expect(added.map(({ messageId, parentId }) => [messageId, parentId])).toEqual([
      ['x', 'b'],
      ['y', 'x'],
    ]);
    expect([...deletedIds]).toEqual(['gone']);
  });

  it('starts a session with a root', async () => {
    const files = openTestFiles(createFaultyBackend());
    const empty = await MessageLog.open('messages.jsonl', files);
    const { added } = await planAppend(empty, [message('x')], TIMESTAMP, () => '');
    expect(added[0]?.parentId).toBeNull();
  });

  it('gives a message the time of the write where it has none', async () => {
    const timestamp = '2020-02-02T00:00:00.000Z';
    const { added } = await plan(message('x'), { ...message('y'), timestamp });
    expect(added.map((one) => one.timestamp)).toEqual([TIMESTAMP, timestamp]);
  });

  it.each([
    ['unknown', [message('x'), message('y', 'nobody')], 'messages[1].parentId'],
    ['deleted', [message('x', 'gone')], 'messages[0].parentId'],
    ['itself', [message('w'), message('x', 'x')], 'messages[1].parentId'],
    ['one that answers it', [message('x', 'y'), message('y', 'x')], 'messages[0].parentId'],
  ])('refuses a parent that is %s', async (_, messages, field) => {
    await expect(plan(...messages)).rejects.toMatchObject({ code: 'validation', field });
  });

  it('refuses exactly the batches in which following parents never ends', async () => {
    const ids = ['p', 'q', 'r', 's', 't'];
    const parents = fc.tuple(...ids.map(() => fc.constantFrom(...ids, 'a', null)));
    await fc.assert(
      fc.asyncProperty(parents, async (chosen) => {
        const parentById = new Map(ids.map((id, index) => [id, chosen[index] ?? null]));
        const ends = ids.every((id) => {
          let at: string | null = id;
          for (let steps = 0; steps <= ids.length && at !== null; steps++) {
            at = parentById.get(at) ?? null;
          }
          return at === null;
        });
        const batch = ids.map((id) => message(id, parentById.get(id) ?? null));
        const outcome: unknown = await plan(...batch).then(
          ({ added }) => added.length,
          (error: Error) => error.name,
        );
        expect(outcome).toBe(ends ? ids.length : 'FFValidationError');
      }),
      { numRuns: 300 },
    );
  });
});
