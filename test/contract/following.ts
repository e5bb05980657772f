import { describe, expect, it } from 'vitest';
import { startReply, toEnd } from './live-support.ts';
import { openWithSession, shareStore, type StoreWithSession, type Subject } from './subject.ts';
import { say } from './support.ts';

/** What the contract says of reading a message while it grows. */
export function followingContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('followMessage', () => {
    const follow = ({ storage, sessionId }: StoreWithSession, signal?: AbortSignal) =>
      storage.followMessage('alice', sessionId, 'reply', { signal });

    it('gives the text whenever there is more of it, until the message is done', async () => {
      const open = await store.withSession();
      const writer = await startReply(open, { content: 'Let ' });
      const iterator = follow(open)[Symbol.asyncIterator]();
      const next = async () => (await iterator.next()).value as unknown;
      expect(await next()).toStrictEqual({ content: 'Let ', done: false, status: 'streaming' });
      writer.write('it ');
      expect(await next()).toStrictEqual({ content: 'Let it ', done: false, status: 'streaming' });
      writer.write('rise');
      await writer.finish();
      const rest = await toEnd(follow(open));
      expect(rest).toStrictEqual([{ content: 'Let it rise', done: true }]);
      let last = await next();
      while (!(last as { done: boolean }).done) last = await next();
      expect(last).toStrictEqual({ content: 'Let it rise', done: true });
      expect(await iterator.next()).toStrictEqual({ done: true, value: undefined });
    });

    it('tells how the message ended', async () => {
      const open = await store.withSession();
      const writer = await startReply(open);
      const following = toEnd(follow(open));
      writer.write('half');
      await writer.abort();
      expect((await following).at(-1)).toStrictEqual({
        content: 'half',
        done: true,
        status: 'aborted',
      });
    });

    it('gives a message that never grew as it is', async () => {
      const open = await store.withSession();
      await open.storage.addMessage('alice', open.sessionId, say('whole', { messageId: 'reply' }));
      expect(await toEnd(follow(open))).toStrictEqual([{ content: 'whole', done: true }]);
    });

    it('ends without an item where there is no such message', async () => {
      const open = await store.withSession();
      expect(await toEnd(follow(open))).toStrictEqual([]);
      expect(await toEnd(open.storage.followMessage('nobody', 'none', 'reply'))).toStrictEqual([]);
    });

    it('ends when the message or its session is deleted', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      await startReply(open);
      const message = toEnd(follow(open));
      await storage.deleteMessage('alice', sessionId, 'reply');
      expect((await message).filter(({ done }) => done)).toStrictEqual([]);

      await startReply(open, { messageId: 'second' });
      const second = toEnd(storage.followMessage('alice', sessionId, 'second'));
      await storage.deleteSession('alice', sessionId);
      expect((await second).filter(({ done }) => done)).toStrictEqual([]);
    });

    it('ends when its signal fires, its reader leaves or the store is closed', async () => {
      const open = await openWithSession(subject);
      await startReply(open);
      const controller = new AbortController();
      const aborted = toEnd(follow(open, controller.signal));
      const left = follow(open)[Symbol.asyncIterator]();
      const closed = toEnd(follow(open));
      await left.next();
      const waiting = left.next();
      controller.abort();
      await aborted;
      await left.return?.();
      expect(await waiting).toStrictEqual({ done: true, value: undefined });
      expect(await toEnd(follow(open, controller.signal))).toStrictEqual([]);
      await open.storage.close();
      expect((await closed).every(({ done }) => !done)).toBe(true);
    });
  });
}
