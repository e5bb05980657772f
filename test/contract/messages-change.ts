import { FFValidationError, type FFMessageInput } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, expectError, readState, say } from './support.ts';

const FULL: FFMessageInput = {
  messageId: 'm',
  role: 'assistant',
  content: 'The capital is Canberra.',
  timestamp: '2024-05-01T12:00:00.000Z',
  name: 'Ada',
  parentId: null,
  parts: [{ type: 'text', text: 'The capital is Canberra.' }],
  attachments: ['doc-1'],
  metadata: { model: 'm1', usage: { in: 5, out: 7 }, rating: 3 },
};

/** What the contract says of editing and deleting messages. */
export function changingMessagesContract(subject: Subject): void {
  const store = shareStore(subject);

  async function openWithFull() {
    const { storage, sessionId } = await store.withSession();
    await storage.addMessage('alice', sessionId, FULL);
    const read = () => storage.getMessage('alice', sessionId, 'm');
    return { storage, sessionId, read };
  }

  describe('updateMessage', () => {
    it('replaces the text and keeps everything else', async () => {
      const { storage, sessionId, read } = await openWithFull();
      const content = 'Canberra, since 1913.';
      expect(await storage.updateMessage('alice', sessionId, 'm', { content })).toBe(true);
      expect(await read()).toStrictEqual({ ...FULL, content });
    });

    it('merges metadata by its top-level keys, and replaces values whole', async () => {
      const { storage, sessionId, read } = await openWithFull();
      const metadata = { usage: { in: 6 }, edited: true, rating: undefined };
      await storage.updateMessage('alice', sessionId, 'm', { metadata });
      expect(await read()).toStrictEqual({
        ...FULL,
        metadata: { model: 'm1', usage: { in: 6 }, rating: 3, edited: true },
      });
    });

    it('gives metadata to a message that had none', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['plain']);
      await storage.updateMessage('alice', sessionId, 'plain', { metadata: { liked: true } });
      expect((await storage.getMessage('alice', sessionId, 'plain'))?.metadata).toStrictEqual({
        liked: true,
      });
    });

    it('changes nothing when nothing is to be changed, and gives true', async () => {
      const { storage, sessionId, read } = await openWithFull();
      const changes = [{}, { content: undefined, metadata: undefined }];
      for (const change of changes) {
        expect(await storage.updateMessage('alice', sessionId, 'm', change)).toBe(true);
      }
      expect(await read()).toStrictEqual(FULL);
    });

    it('leaves the message in its place, however often it is edited', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['a', 'b', 'c']);
      for (const content of ['b1', 'b2', 'b3']) {
        await storage.updateMessage('alice', sessionId, 'b', { content });
      }
      const contents = contentsOf(await storage.getAllMessages('alice', sessionId));
      expect(contents).toStrictEqual(['a', 'b3', 'c']);
    });

    it('may empty the text of a message that has parts or attachments', async () => {
      const { storage, sessionId, read } = await openWithFull();
      expect(await storage.updateMessage('alice', sessionId, 'm', { content: '' })).toBe(true);
      expect((await read())?.content).toBe('');
    });

    it('refuses to empty the text of a message that has nothing else', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['bare']);
      const before = await readState(storage);
      await expectError(storage.updateMessage('alice', sessionId, 'bare', { content: '' }), {
        type: FFValidationError,
        code: 'validation',
        field: 'content',
      });
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('gives false for what is not there, and adds nothing', async () => {
      const { storage, sessionId } = await openWithFull();
      await addAll(storage, sessionId, ['gone']);
      await storage.deleteMessage('alice', sessionId, 'gone');
      await storage.createUser('bob');
      const before = await readState(storage);
      const change = { content: 'x', metadata: { y: 1 } };
      expect(await storage.updateMessage('alice', sessionId, 'none', change)).toBe(false);
      expect(await storage.updateMessage('alice', sessionId, 'gone', change)).toBe(false);
      expect(await storage.updateMessage('alice', 'none', 'm', change)).toBe(false);
      expect(await storage.updateMessage('bob', sessionId, 'm', change)).toBe(false);
      expect(await storage.updateMessage('nobody', sessionId, 'm', change)).toBe(false);
      expect(await readState(storage)).toStrictEqual(before);
    });
  });

  describe('deleteMessage', () => {
    it('deletes the one message', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['a', 'b', 'c']);
      expect(await storage.deleteMessage('alice', sessionId, 'b')).toBe(true);
      expect(await storage.getMessage('alice', sessionId, 'b')).toBeNull();
      const left = contentsOf(await storage.getAllMessages('alice', sessionId));
      expect(left).toStrictEqual(['a', 'c']);
      expect((await storage.getSession('alice', sessionId))?.messageCount).toBe(2);
    });

    it('deletes messages that were edited', async () => {
      const { storage, sessionId, read } = await openWithFull();
      await storage.updateMessage('alice', sessionId, 'm', { content: 'edited' });
      expect(await storage.deleteMessage('alice', sessionId, 'm')).toBe(true);
      expect(await read()).toBeNull();
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
    });

    it('gives false for what is not there', async () => {
      const { storage, sessionId } = await openWithFull();
      await storage.createUser('bob');
      expect(await storage.deleteMessage('alice', sessionId, 'none')).toBe(false);
      expect(await storage.deleteMessage('alice', 'none', 'm')).toBe(false);
      expect(await storage.deleteMessage('bob', sessionId, 'm')).toBe(false);
      expect(await storage.deleteMessage('nobody', sessionId, 'm')).toBe(false);
      expect(await storage.deleteMessage('alice', sessionId, 'm')).toBe(true);
      expect(await storage.deleteMessage('alice', sessionId, 'm')).toBe(false);
    });

    it('empties a session that can be filled again', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['a', 'b']);
      for (const id of ['a', 'b']) await storage.deleteMessage('alice', sessionId, id);
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
      await storage.addMessage('alice', sessionId, say('c'));
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual(['c']);
    });
  });
}
