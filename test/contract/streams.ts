import { describe, expect, it } from 'vitest';
import { batchesOf, take, toEnd } from './live-support.ts';
import { openWithSession, shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, expectError, say, untyped } from './support.ts';

/** Long enough for an answer, short enough to wait for in a test: the end of what should not go on. */
const SHORT = 0.3;

/** What the contract says of messages that are read as they come. */
export function streamsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('streamMessages', () => {
    it('gives what is added after the call by default, though it is read later', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['before']);
      const stream = storage.streamMessages('alice', sessionId);
      await addAll(storage, sessionId, ['one', 'two']);
      expect(await take(stream, 2)).toStrictEqual(['one', 'two']);
    });

    it('gives the whole session from its start, then what comes', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['one', 'two']);
      const taken = take(storage.streamMessages('alice', sessionId, { from: 'start' }), 4);
      await addAll(storage, sessionId, ['three']);
      await storage.addMessage('alice', sessionId, say('four'));
      expect(await taken).toStrictEqual(['one', 'two', 'three', 'four']);
    });

    it('gives messages as they are stored', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage(
        'alice',
        sessionId,
        say('hello', { name: 'Alice', metadata: { a: 1 }, parts: [{ b: 2 }] }),
      );
      const [batch] = await toEnd(
        storage.streamMessages('alice', sessionId, { from: 'start', timeoutSeconds: SHORT }),
      );
      expect(batch).toStrictEqual(await storage.getAllMessages('alice', sessionId));
    });

    it('starts behind a message', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['one', 'two', 'three']);
      const stream = storage.streamMessages('alice', sessionId, { from: 'two' });
      const last = storage.streamMessages('alice', sessionId, { from: 'three' });
      await addAll(storage, sessionId, ['four']);
      expect(await take(stream, 2)).toStrictEqual(['three', 'four']);
      expect(await take(last, 1)).toStrictEqual(['four']);
    });

    it('fails when it is read where there is no such message', async () => {
      const { storage, sessionId } = await store.withSession();
      const stream = storage.streamMessages('alice', sessionId, { from: 'nowhere' });
      await expectError(toEnd(stream), { code: 'validation', field: 'from' });
    });

    it('takes now and start for what they say, also where messages have these ids', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['start', 'now', 'last']);
      const all = storage.streamMessages('alice', sessionId, { from: 'start' });
      expect(await take(all, 3)).toStrictEqual(['start', 'now', 'last']);
      const none = storage.streamMessages('alice', sessionId, {
        from: 'now',
        timeoutSeconds: SHORT,
      });
      expect(await toEnd(none)).toStrictEqual([]);
    });

    it('fills batches to bufferSize at most, and never waits for one to fill', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['1', '2', '3', '4', '5']);
      const stream = storage.streamMessages('alice', sessionId, {
        from: 'start',
        bufferSize: 2,
        timeoutSeconds: SHORT,
      });
      expect(await batchesOf(stream)).toStrictEqual([['1', '2'], ['3', '4'], ['5']]);
    });

    it('gives a hundred at a time by default', async () => {
      const { storage, sessionId } = await store.withSession();
      const contents = Array.from({ length: 150 }, (_, index) => `m${index}`);
      await addAll(storage, sessionId, contents);
      const stream = storage.streamMessages('alice', sessionId, {
        from: 'start',
        timeoutSeconds: SHORT,
      });
      const batches = await batchesOf(stream);
      expect(batches.map(({ length }) => length)).toStrictEqual([100, 50]);
      expect(batches.flat()).toStrictEqual(contents);
    });

    it('gives a reader that is slow, and each of several, everything once and in order', async () => {
      const { storage, sessionId } = await store.withSession();
      const contents = Array.from({ length: 120 }, (_, index) => `m${index}`);
      const readers = [1, 7, 10_000].map(async (bufferSize) => {
        const seen: string[] = [];
        const stream = storage.streamMessages('alice', sessionId, { bufferSize });
        for await (const batch of stream) {
          seen.push(...contentsOf(batch));
          // Another call, while more messages come.
          await storage.getSession('alice', sessionId);
          if (seen.length >= contents.length) return seen;
        }
        return seen;
      });
      await Promise.all(
        contents.map((content) => storage.addMessage('alice', sessionId, say(content))),
      );
      for (const seen of await Promise.all(readers)) expect(seen).toStrictEqual(contents);
    });

    it('leaves out what is deleted, and gives edited texts as they are', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['one', 'two', 'three']);
      const stream = storage.streamMessages('alice', sessionId, { from: 'start' });
      await storage.deleteMessage('alice', sessionId, 'one');
      await storage.updateMessage('alice', sessionId, 'two', { content: 'edited' });
      expect(await take(stream, 2)).toStrictEqual(['edited', 'three']);
    });

    it('tells of one session alone', async () => {
      const { storage, sessionId } = await store.withSession();
      const other = await storage.createSession('alice');
      const stream = storage.streamMessages('alice', sessionId);
      await addAll(storage, other, ['elsewhere']);
      await addAll(storage, sessionId, ['here']);
      expect(await take(stream, 1)).toStrictEqual(['here']);
    });

    it('is read once: two loops over it share what comes', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['one', 'two']);
      const stream = storage.streamMessages('alice', sessionId, { from: 'start', bufferSize: 1 });
      expect(await take(stream, 1)).toStrictEqual(['one']);
      expect(await toEnd(stream)).toStrictEqual([]);
    });
  });

  describe('a stream ends', () => {
    it('when no message has come for timeoutSeconds', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['one']);
      const options = { timeoutSeconds: 0.05 };
      expect(await toEnd(storage.streamMessages('alice', sessionId, options))).toStrictEqual([]);
      const all = storage.streamMessages('alice', sessionId, { ...options, from: 'start' });
      expect(await batchesOf(all)).toStrictEqual([['one']]);
    });

    it('when its signal fires, without an error', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['one']);
      const controller = new AbortController();
      const { signal } = controller;
      const seen: string[] = [];
      const reading = (async () => {
        const stream = storage.streamMessages('alice', sessionId, { from: 'start', signal });
        for await (const batch of stream) {
          seen.push(...contentsOf(batch));
          queueMicrotask(() => controller.abort(new Error('enough')));
        }
      })();
      await reading;
      expect(seen).toStrictEqual(['one']);
      const late = storage.streamMessages('alice', sessionId, { from: 'start', signal });
      expect(await toEnd(late)).toStrictEqual([]);
    });

    it('when its session or its user is deleted', async () => {
      const { storage, sessionId } = await store.withSession();
      const other = await storage.createSession('alice');
      const streams = [sessionId, other].map((id) =>
        toEnd(storage.streamMessages('alice', id, { from: 'start' })),
      );
      await storage.deleteSession('alice', sessionId);
      expect(await streams[0]).toStrictEqual([]);
      await storage.deleteUser('alice', { force: true });
      expect(await streams[1]).toStrictEqual([]);
    });

    it('at once where there is no such session, and no such user', async () => {
      const { storage } = await store.withSession();
      expect(await toEnd(storage.streamMessages('alice', 'none'))).toStrictEqual([]);
      expect(await toEnd(storage.streamMessages('nobody', 'none'))).toStrictEqual([]);
    });

    it('when the store is closed', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      await addAll(storage, sessionId, ['one']);
      const iterator = storage
        .streamMessages('alice', sessionId, { from: 'start' })
        [Symbol.asyncIterator]();
      expect(contentsOf((await iterator.next()).value ?? [])).toStrictEqual(['one']);
      const waiting = iterator.next();
      const unread = storage.streamMessages('alice', sessionId, { from: 'start' });
      await storage.close();
      expect(await waiting).toStrictEqual({ done: true, value: undefined });
      expect(await toEnd(unread)).toStrictEqual([]);
    });

    it('when its reader leaves, also while it waits', async () => {
      const { storage, sessionId } = await store.withSession();
      const iterator = storage.streamMessages('alice', sessionId)[Symbol.asyncIterator]();
      const waiting = iterator.next();
      await iterator.return?.();
      expect(await waiting).toStrictEqual({ done: true, value: undefined });
    });
  });

  describe('streamMessages and followMessage', () => {
    it.each([
      ['bufferSize', [0, -1, 1.5, 10_001, Number.NaN, '10', null]],
      ['timeoutSeconds', [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1', null]],
      ['from', ['', 7, null, 'a/b', 'x'.repeat(200)]],
      ['signal', [7, {}, null, new AbortController()]],
      ['bufersize', [1]],
    ])('refuse a bad %s at once', (field, values) => {
      const { storage, sessionId } = store.current();
      for (const value of values) {
        const options = untyped<object>({ [field]: value });
        expect(() => storage.streamMessages('alice', sessionId, options)).toThrowError(
          expect.objectContaining({ name: 'FFValidationError', field }),
        );
      }
    });

    it('refuse bad ids and other bad options at once', () => {
      const { storage, sessionId } = store.current();
      const refusal = (field: string) =>
        expect.objectContaining({ name: 'FFValidationError', code: 'validation', field });
      const follow = (...args: unknown[]) =>
        storage.followMessage(...untyped<[string, string, string]>(args));
      expect(() => storage.streamMessages('', sessionId)).toThrowError(refusal('userId'));
      expect(() => storage.streamMessages('alice', '..')).toThrowError(refusal('sessionId'));
      expect(() => storage.streamMessages('alice', sessionId, untyped(7))).toThrowError(
        refusal('options'),
      );
      expect(() => follow('alice', sessionId, '')).toThrowError(refusal('messageId'));
      expect(() => follow('alice', 'a/b', 'm')).toThrowError(refusal('sessionId'));
      expect(() => follow('alice', sessionId, 'm', { signal: 7 })).toThrowError(refusal('signal'));
      expect(() => follow('alice', sessionId, 'm', { from: 'now' })).toThrowError(refusal('from'));
    });

    it('throw at once where the store is not open', () => {
      const storage = subject.create();
      const closed = expect.objectContaining({ name: 'FFStorageError', code: 'closed' });
      expect(() => storage.streamMessages('alice', 's')).toThrowError(closed);
      expect(() => storage.followMessage('alice', 's', 'm')).toThrowError(closed);
    });
  });
}
