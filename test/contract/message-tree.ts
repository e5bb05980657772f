import { FFValidationError } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { addAll, expectError, readState, say } from './support.ts';

/** What the contract says of which message answers which. */
export function messageTreeContract(subject: Subject): void {
  const store = shareStore(subject);

  async function openTree() {
    const { storage, sessionId } = await store.withSession();
    const parentOf = async (messageId: string) =>
      (await storage.getMessage('alice', sessionId, messageId))?.parentId;
    return { storage, sessionId, parentOf };
  }

  describe('parentId', () => {
    it('is the session’s last message by default', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      await addAll(storage, sessionId, ['a']);
      await addAll(storage, sessionId, ['b', 'c']);
      expect(await parentOf('a')).toBeNull();
      expect(await parentOf('b')).toBe('a');
      expect(await parentOf('c')).toBe('b');
    });

    it('is by default the last one added, wherever that one hangs', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      await addAll(storage, sessionId, ['a', 'b']);
      await storage.addMessage('alice', sessionId, say('c', { messageId: 'c', parentId: 'a' }));
      await storage.addMessage('alice', sessionId, say('d', { messageId: 'd' }));
      expect(await parentOf('d')).toBe('c');
    });

    it('passes over messages that were deleted', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      await addAll(storage, sessionId, ['a', 'b']);
      await storage.deleteMessage('alice', sessionId, 'b');
      await addAll(storage, sessionId, ['c']);
      expect(await parentOf('c')).toBe('a');
      await storage.deleteMessage('alice', sessionId, 'a');
      await storage.deleteMessage('alice', sessionId, 'c');
      await addAll(storage, sessionId, ['d']);
      expect(await parentOf('d')).toBeNull();
    });

    it('null starts a new root', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      await addAll(storage, sessionId, ['a']);
      await storage.addMessage('alice', sessionId, say('b', { messageId: 'b', parentId: null }));
      expect(await parentOf('b')).toBeNull();
    });

    it('makes branches', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      await addAll(storage, sessionId, ['question', 'answer']);
      for (const id of ['second', 'third']) {
        const branch = say(id, { messageId: id, parentId: 'question', role: 'assistant' });
        await storage.addMessage('alice', sessionId, branch);
      }
      expect(await parentOf('second')).toBe('question');
      expect(await parentOf('third')).toBe('question');
    });

    it('may be any message of the same batch, later ones too', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      const batch = [
        say('leaf', { messageId: 'leaf', parentId: 'root' }),
        say('root', { messageId: 'root', parentId: null }),
        say('other leaf', { messageId: 'other leaf', parentId: 'leaf' }),
      ];
      expect(await storage.addMessages('alice', sessionId, batch)).toBe(3);
      expect(await parentOf('leaf')).toBe('root');
      expect(await parentOf('other leaf')).toBe('leaf');
    });

    it('stays as it was when the message answered is deleted', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      await addAll(storage, sessionId, ['a', 'b', 'c']);
      await storage.deleteMessage('alice', sessionId, 'b');
      expect(await parentOf('c')).toBe('b');
    });

    it('survives edits', async () => {
      const { storage, sessionId, parentOf } = await openTree();
      await addAll(storage, sessionId, ['a', 'b']);
      await storage.updateMessage('alice', sessionId, 'a', { content: 'A' });
      await storage.updateMessage('alice', sessionId, 'b', { content: 'B' });
      expect(await parentOf('a')).toBeNull();
      expect(await parentOf('b')).toBe('a');
    });

    it.each([
      ['is nowhere', 'nowhere'],
      ['was deleted', 'gone'],
      ['is in another session', 'elsewhere'],
      ['is the message itself', 'new'],
    ])('is refused when it %s, and nothing is added', async (_, parentId) => {
      const { storage, sessionId } = await openTree();
      await addAll(storage, sessionId, ['a', 'gone']);
      await storage.deleteMessage('alice', sessionId, 'gone');
      await addAll(storage, await storage.createSession('alice'), ['elsewhere']);
      const before = await readState(storage);
      await expectError(
        storage.addMessage('alice', sessionId, say('new', { messageId: 'new', parentId })),
        { type: FFValidationError, code: 'validation', field: 'parentId' },
      );
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('is refused when messages of a batch would answer each other in a circle', async () => {
      const { storage, sessionId } = await openTree();
      await addAll(storage, sessionId, ['a']);
      const before = await readState(storage);
      const circle = [
        say('x', { messageId: 'x', parentId: 'z' }),
        say('y', { messageId: 'y', parentId: 'x' }),
        say('z', { messageId: 'z', parentId: 'y' }),
      ];
      const error = await expectError(storage.addMessages('alice', sessionId, circle), {
        type: FFValidationError,
        code: 'validation',
      });
      expect(error).toHaveProperty('field', expect.stringMatching(/^messages\[\d\]\.parentId$/));
      expect(await readState(storage)).toStrictEqual(before);
    });
  });
}
