import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FFStorageError } from '../../../src/shared/errors.ts';
import type { Engine } from '../../../worker/engine.ts';
import { nextTask } from '../../../worker/next-task.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot, type Snapshot } from '../../support/snapshot.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

const user = fc.constantFrom('alice', 'Bob');
const session = fc.constantFrom('s1', 's2');

const fault = fc.record({
  do: fc.constant('fail' as const),
  kind: fc.constantFrom(
    'open' as const,
    'read' as const,
    'write' as const,
    'flush' as const,
    'remove' as const,
  ),
  after: fc.nat(4),
});

const call = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create user' as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete user' as const), user }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('create session' as const), user, session }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), user, session }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), user, session }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('list' as const), user }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
  { weight: 3, arbitrary: fault },
);

/** All sessions of all users with what is in them, in no particular order. */
function unordered({ users }: Snapshot) {
  return new Map(
    users.map(({ profile, sessions }) => [
      profile?.userId,
      new Map(sessions.map(({ sessionId, ...rest }) => [sessionId, rest])),
    ]),
  );
}

describe('a store on a disk that fails now and then', { timeout: 30_000 }, () => {
  it('refuses calls, loses none that resolved, and says what the disk says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40, size: 'max' }), async (calls) => {
        const disk = createFaultyBackend();
        const engine = await openTestEngine(disk, createClock());
        const { api } = engine;
        for (const userId of ['alice', 'Bob']) {
          await api.createUser(userId, {});
          await api.createSession(userId, { sessionId: 's1', title: 'x' });
        }
        /** Keyed by user, session and message; gone with the user. */
        const resolved = new Set<string>();
        const running: Promise<unknown>[] = [];
        const run = (answer: Promise<unknown>, then: () => void = () => undefined): void => {
          running.push(answer.then(then, (error) => expect(error).toBeInstanceOf(FFStorageError)));
        };
        for (const [index, step] of calls.entries()) {
          if (step.do === 'fail') {
            disk.failOnce(step.kind, { after: step.after });
          } else if (step.do === 'wait') {
            await nextTask();
          } else if (step.do === 'create user') {
            run(api.createUser(step.user, {}));
          } else if (step.do === 'delete user') {
            // Afterwards, so that it is known which calls came before it.
            await Promise.all(running);
            for (const key of resolved) if (key.startsWith(`${step.user}/`)) resolved.delete(key);
            run(api.deleteUser(step.user, true));
            await Promise.all(running);
          } else if (step.do === 'create session') {
            run(api.createSession(step.user, { sessionId: step.session, title: 'x' }));
          } else if (step.do === 'list') {
            run(api.listSessions(step.user, { offset: 0, includeMetadata: false }));
          } else if (step.do === 'edit') {
            run(api.updateMessage(step.user, step.session, `m${index - 1}`, { content: 'edited' }));
          } else {
            const messageId = `m${index}`;
            const added = api.addMessage(step.user, step.session, {
              messageId,
              role: 'user',
              content: 'x',
              parentId: null,
            });
            run(added, () => resolved.add(`${step.user}/${step.session}/${messageId}`));
          }
        }
        await Promise.all(running);
        await expectConsistent(engine, disk.disk('flushed'), resolved);
      }),
      { numRuns: 250 },
    );
  });
});

async function expectConsistent(
  engine: Engine,
  disk: ReturnType<typeof createFaultyBackend>,
  resolved: ReadonlySet<string>,
): Promise<void> {
  // Faults that were not met yet are met now.
  let found: Snapshot | undefined;
  while (found === undefined) found = await takeSnapshot(engine).catch(() => undefined);
  const answered = unordered(found);
  const onDisk = unordered(await takeSnapshot(await openTestEngine(disk)));
  // Of a user whose creation was refused the disk may keep what it also failed to remove.
  for (const [userId, sessions] of onDisk) {
    if (!answered.has(userId) && sessions.size === 0) onDisk.delete(userId);
  }
  expect(answered).toEqual(onDisk);
  for (const key of resolved) {
    const [userId = '', sessionId = '', messageId = ''] = key.split('/');
    const messages = onDisk.get(userId)?.get(sessionId)?.messages ?? [];
    expect(
      messages.map((message) => message.messageId),
      key,
    ).toContain(messageId);
  }
}
