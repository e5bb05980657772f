import type { BackendKind, FFMessageGrowth, FFStorageManager } from 'flatfile-chat';
import { describe, expect, it, vi } from 'vitest';
import { startReply, take, toEnd } from '../contract/live-support.ts';
import { addAll } from '../contract/support.ts';
import { createManager, createStorageWorker, uniquePath } from './support/managers.ts';

/** A machine that is busy with other tests takes its time. */
const TIME = { timeout: 60_000 };

/** Two managers of one store, each with a worker of its own, as two tabs have. */
async function openTwo(backend: BackendKind) {
  const basePath = uniquePath();
  const workers: Worker[] = [];
  const worker = () => {
    const created = createStorageWorker();
    workers.push(created);
    return created;
  };
  const managers: FFStorageManager[] = [];
  for (let count = 0; count < 2; count++) {
    const storage = createManager({ storage: { basePath } }, { backend, worker });
    await storage.initialize();
    managers.push(storage);
  }
  const [owner, follower] = managers as [FFStorageManager, FFStorageManager];
  expect([owner.role, follower.role]).toEqual(['owner', 'follower']);
  await owner.createUser('alice');
  const sessionId = await owner.createSession('alice');
  return { owner, follower, sessionId, endOwner: () => workers[0]?.terminate() };
}

describe.each(['opfs', 'indexeddb'] as const)(
  'two managers of one store on %s',
  TIME,
  (backend) => {
    it('stream what either of them adds, also when the owner dies', async () => {
      const { owner, follower, sessionId, endOwner } = await openTwo(backend);
      const contents = Array.from({ length: 20 }, (_, index) => `m${index}`);
      const options = { from: 'start', bufferSize: 3 } as const;
      const inOwner = take(owner.streamMessages('alice', sessionId, options), 10);
      const inFollower = take(follower.streamMessages('alice', sessionId, options), 20);
      await addAll(owner, sessionId, contents.slice(0, 5));
      await addAll(follower, sessionId, contents.slice(5, 10));
      expect(await inOwner).toEqual(contents.slice(0, 10));
      endOwner();
      await addAll(follower, sessionId, contents.slice(10));
      expect(await inFollower).toEqual(contents);
      expect(follower.role).toBe('owner');
    });

    it('follow what the other writes, and find it complete when the owner dies meanwhile', async () => {
      const { owner, follower, sessionId, endOwner } = await openTwo(backend);
      const writer = await startReply({ storage: follower, sessionId });
      const seen: FFMessageGrowth[] = [];
      const following = (async () => {
        for await (const growth of owner.followMessage('alice', sessionId, 'reply')) {
          seen.push(growth);
          if (growth.content === 'Let it ') return;
        }
      })();
      const mine = toEnd(follower.followMessage('alice', sessionId, 'reply'));
      writer.write('Let ');
      writer.write('it ');
      await following;
      endOwner();
      writer.write('rise');
      expect(await writer.finish()).toMatchObject({ content: 'Let it rise' });
      expect((await mine).at(-1)).toStrictEqual({ content: 'Let it rise', done: true });
      const [message] = await follower.getAllMessages('alice', sessionId);
      expect(message?.content).toBe('Let it rise');
      expect(message).not.toHaveProperty('status');
    });

    it('mark what was being written when its writer dies', async () => {
      const { owner, follower, sessionId, endOwner } = await openTwo(backend);
      const writer = await startReply({ storage: owner, sessionId });
      const following = toEnd(follower.followMessage('alice', sessionId, 'reply'));
      const stream = follower.streamMessages('alice', sessionId);
      writer.write('Let it ');
      await vi.waitFor(async () => {
        const message = await follower.getMessage('alice', sessionId, 'reply');
        expect(message).toMatchObject({ content: 'Let it ', status: 'streaming' });
      }, TIME);
      // What is on the disk by now is what a later owner finds.
      await owner.whenIdle();
      endOwner();
      const last = (await following).at(-1);
      expect(last).toMatchObject({ done: true, status: 'interrupted' });
      expect('Let it '.startsWith(last?.content ?? '?')).toBe(true);
      expect(await take(stream, 1)).toEqual([last?.content]);
    });

    it('have one configuration, whichever of them changes it', async () => {
      const { owner, follower } = await openTwo(backend);
      await owner.updateConfiguration({ search: { defaultLimit: 7 } });
      await follower.updateConfiguration({ panel: { maxPersonas: 3 } });
      for (const storage of [owner, follower]) {
        await vi.waitFor(() => {
          const { search, panel } = storage.getConfiguration();
          expect([search.defaultLimit, panel.maxPersonas]).toEqual([7, 3]);
        }, TIME);
      }
    });
  },
);
