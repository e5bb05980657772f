import type { FFStorageManager } from 'flatfile-chat';
import { describe, expect, it, vi } from 'vitest';
import { reply, startReply, take } from './live-support.ts';
import {
  openWithSession,
  reopen,
  shareStore,
  type StoreWithSession,
  type Subject,
} from './subject.ts';
import { addAll, contentsOf, expectError, say, untyped } from './support.ts';

/** A machine that is busy with other tests takes its time. */
const WAIT = { timeout: 10_000 };

/** Waits until that is what can be read of the message. */
async function waitForText({ storage, sessionId }: StoreWithSession, content: string) {
  await vi.waitFor(async () => {
    const message = await storage.getMessage('alice', sessionId, 'reply');
    expect(message?.content).toBe(content);
  }, WAIT);
}

const find = (storage: FFStorageManager, query: string) => storage.searchMessages('alice', query);

/** What the contract says of messages that grow. */
export function growingContract(subject: Subject): void {
  const { persistent } = subject;
  const store = shareStore(subject);

  describe('startMessage', () => {
    it('puts a message into the session that is being written', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      await addAll(storage, sessionId, ['question']);
      const writer = await startReply(open, { name: 'Bot', metadata: { model: 'tiny' } });
      expect(writer.messageId).toBe('reply');
      const [, message] = await storage.getAllMessages('alice', sessionId);
      expect(message).toMatchObject({
        messageId: 'reply',
        role: 'assistant',
        content: '',
        status: 'streaming',
        name: 'Bot',
        parentId: 'question',
        metadata: { model: 'tiny' },
      });
      expect((await storage.getSession('alice', sessionId))?.messageCount).toBe(2);
      await writer.abort();
    });

    it('makes an id where there is none, and begins with the text that is given', async () => {
      const { storage, sessionId } = await store.withSession();
      const writer = await storage.startMessage('alice', sessionId, {
        role: 'assistant',
        content: 'Well, ',
      });
      writer.write('yes.');
      const { messageId, content } = await writer.finish();
      expect(messageId).toBe(writer.messageId);
      expect(content).toBe('Well, yes.');
    });

    it('refuses an id that is there, or was', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      await addAll(storage, sessionId, ['there', 'deleted']);
      await storage.deleteMessage('alice', sessionId, 'deleted');
      for (const messageId of ['there', 'deleted']) {
        await expectError(startReply(open, { messageId }), {
          code: 'validation',
          field: 'messageId',
        });
      }
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual(['there']);
    });

    it('throws where there is no such user or session', async () => {
      const { storage, sessionId } = await store.withSession();
      await expectError(storage.startMessage('nobody', sessionId, reply()), {
        code: 'user-not-found',
      });
      await expectError(storage.startMessage('alice', 'none', reply()), {
        code: 'session-not-found',
      });
    });

    it.each([
      ['role', { role: 'robot' }],
      ['content', { content: 7 }],
      ['content', { content: 'x'.repeat(1_048_577) }],
      ['parentId', { parentId: 'nowhere' }],
      ['timestamp', { timestamp: 'yesterday' }],
      ['metadata', { metadata: [1] }],
      ['messageId', { messageId: 'a/b' }],
      ['colour', { colour: 'red' }],
    ])('refuses a bad %s', async (field, flaw) => {
      const open = await store.withSession();
      await expectError(startReply(open, untyped(flaw)), { code: 'validation', field });
      expect(await open.storage.getAllMessages('alice', open.sessionId)).toStrictEqual([]);
    });
  });

  describe('a message that grows', () => {
    it('shows its text so far, and is complete when it is finished', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      const writer = await startReply(open, { metadata: { model: 'tiny', seed: 1 } });
      writer.write('Let it ');
      writer.write('rise');
      await waitForText(open, 'Let it rise');
      const before = await storage.getMessage('alice', sessionId, 'reply');
      await addAll(storage, sessionId, ['meanwhile']);
      writer.write(' longer.');
      const parts = [{ type: 'text', text: 'Let it rise longer.' }];
      const finished = await writer.finish({ metadata: { seed: 2 }, parts });
      const { status: _, ...complete } = before ?? {};
      expect(finished).toStrictEqual({
        ...complete,
        content: 'Let it rise longer.',
        metadata: { model: 'tiny', seed: 2 },
        parts,
      });
      const messages = await storage.getAllMessages('alice', sessionId);
      expect(messages[0]).toStrictEqual(finished);
      expect(contentsOf(messages)).toStrictEqual(['Let it rise longer.', 'meanwhile']);
    });

    it('is found when it is finished, and not before', async () => {
      const open = await store.withSession();
      const { storage } = open;
      const writer = await startReply(open);
      writer.write('sourdough');
      await waitForText(open, 'sourdough');
      expect(await find(storage, 'sourdough')).toStrictEqual([]);
      await writer.finish();
      expect(contentsOf(await find(storage, 'sourdough'))).toStrictEqual(['sourdough']);
    });

    it('may be finished at once, with nothing in it', async () => {
      const open = await store.withSession();
      const finished = await (await startReply(open)).finish();
      expect(finished.content).toBe('');
      expect(finished).not.toHaveProperty('status');
    });

    it('keeps any characters, however they are split', async () => {
      const open = await store.withSession();
      const writer = await startReply(open);
      const text = 'naïve 🦊🦊 \u0000"\\\n€ 漢字';
      for (const unit of text.split('')) writer.write(unit);
      await waitForText(open, text);
      expect((await writer.finish()).content).toBe(text);
    });

    it('is as long as a message may be, and no longer', async () => {
      const open = await openWithSession(subject, { storage: { maxMessageBytes: 10 } });
      const writer = await startReply(open);
      writer.write('€€€');
      for (const delta of ['xx', '€']) {
        expect(() => writer.write(delta)).toThrowError(
          expect.objectContaining({ name: 'FFValidationError', field: 'content' }),
        );
      }
      writer.write('x');
      expect((await writer.finish()).content).toBe('€€€x');
    });

    it('comes through streams once, when it is complete', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      const early = take(storage.streamMessages('alice', sessionId, { from: 'start' }), 2);
      const writer = await startReply(open);
      const late = take(storage.streamMessages('alice', sessionId), 2);
      writer.write('text');
      await addAll(storage, sessionId, ['other']);
      await waitForText(open, 'text');
      await writer.finish();
      expect((await early).sort()).toStrictEqual(['other', 'text']);
      expect((await late).sort()).toStrictEqual(['other', 'text']);
      const after = storage.streamMessages('alice', sessionId, { from: 'start' });
      expect(await take(after, 2)).toStrictEqual(['text', 'other']);
    });

    it('keeps its text when it is aborted', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      const stream = storage.streamMessages('alice', sessionId);
      const writer = await startReply(open);
      writer.write('half of ');
      expect(await writer.abort()).toBeUndefined();
      writer.write('it');
      const expected = { content: 'half of ', status: 'aborted' };
      expect(await storage.getMessage('alice', sessionId, 'reply')).toMatchObject(expected);
      expect(await take(stream, 1)).toStrictEqual(['half of ']);
      expect(await writer.finish()).toMatchObject(expected);
    });

    it('stays deleted when it is deleted meanwhile', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      const writer = await startReply(open);
      writer.write('in ');
      await waitForText(open, 'in ');
      expect(await storage.deleteMessage('alice', sessionId, 'reply')).toBe(true);
      writer.write('vain');
      expect(await writer.finish({ metadata: { a: 1 } })).toMatchObject({
        messageId: 'reply',
        content: 'in vain',
        status: 'aborted',
        metadata: { a: 1 },
      });
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
      expect(await storage.addMessage('alice', sessionId, say('x', { messageId: 'reply' }))).toBe(
        false,
      );
    });

    it('is deleted with its session', async () => {
      const open = await store.withSession();
      const writer = await startReply(open);
      await open.storage.deleteSession('alice', open.sessionId);
      writer.write('in vain');
      expect(await writer.finish()).toMatchObject({ content: 'in vain', status: 'aborted' });
    });

    it('can be given metadata, but no other text, by others than its writer', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      const writer = await startReply(open);
      writer.write('mine');
      await waitForText(open, 'mine');
      const update = (changes: object) =>
        storage.updateMessage('alice', sessionId, 'reply', changes);
      await expectError(update({ content: 'yours' }), { code: 'validation', field: 'content' });
      expect(await update({ metadata: { pinned: true } })).toBe(true);
      expect(await writer.finish()).toMatchObject({ content: 'mine', metadata: { pinned: true } });
      expect(await update({ content: 'edited' })).toBe(true);
    });

    it('is one of several that grow at once', async () => {
      const open = await store.withSession();
      const { storage, sessionId } = open;
      const ids = ['a', 'b', 'c'];
      const writers = await Promise.all(ids.map((messageId) => startReply(open, { messageId })));
      for (const word of ['one ', 'two ', 'three']) {
        for (const writer of writers) writer.write(`${writer.messageId}${word}`);
        await storage.getSession('alice', sessionId);
      }
      await Promise.all(writers.map((writer) => writer.finish()));
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual(
        ids.map((id) => `${id}one ${id}two ${id}three`),
      );
    });
  });

  describe('a writer', () => {
    it('refuses what is no text, and bad input at the end, and goes on', async () => {
      const open = await store.withSession();
      const writer = await startReply(open);
      expect(() => writer.write(untyped(7))).toThrowError(
        expect.objectContaining({ name: 'FFValidationError', field: 'delta' }),
      );
      await expectError(writer.finish(untyped({ metadata: 'x' })), {
        code: 'validation',
        field: 'metadata',
      });
      await expectError(writer.finish({ parts: () => 1 }), { code: 'validation', field: 'parts' });
      writer.write('still here');
      expect((await writer.finish()).content).toBe('still here');
    });

    it('gives one answer, however often it is asked', async () => {
      const writer = await startReply(await store.withSession());
      const finished = writer.finish();
      expect(writer.finish()).toBe(finished);
      writer.write('too late');
      expect((await finished).content).toBe('');
    });

    it('fails where the store is closed', async () => {
      const open = await openWithSession(subject);
      const writer = await startReply(open);
      await open.storage.close();
      writer.write('into the void');
      await expectError(writer.finish(), { code: 'closed' });
    });

    // What follows is for stores that remember.
    if (!persistent) return;

    it('that was not finished leaves its text, marked as interrupted', async () => {
      const open = await openWithSession(subject);
      const writer = await startReply(open);
      writer.write('Let it');
      writer.write(' rise');
      const storage = await reopen(subject, open.storage);
      const message = await storage.getMessage('alice', open.sessionId, 'reply');
      expect(message).toMatchObject({ content: 'Let it rise', status: 'interrupted' });
      expect(contentsOf(await find(storage, 'rise'))).toStrictEqual(['Let it rise']);
      const stream = storage.streamMessages('alice', open.sessionId, { from: 'start' });
      expect(await take(stream, 1)).toStrictEqual(['Let it rise']);
    });

    it('can be finished once the store is open again', async () => {
      const open = await openWithSession(subject);
      const { storage, sessionId } = open;
      const writer = await startReply(open);
      writer.write('Let it');
      await storage.close();
      writer.write(' rise');
      await expectError(writer.finish(), { code: 'closed' });
      await storage.initialize();
      const finished = await writer.finish();
      expect(finished.content).toBe('Let it rise');
      expect(finished).not.toHaveProperty('status');
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([finished]);
    });
  });
}
