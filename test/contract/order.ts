import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { contentsOf, expectError, say, untyped } from './support.ts';

/** Calls take effect in the order in which they were made, whether or not they are waited for. */
export function orderContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('calls that nobody waits for', () => {
    it('add messages in their order', async () => {
      const { storage, sessionId } = await store.withSession();
      const contents = Array.from({ length: 200 }, (_, index) => `m${index}`);
      const added = await Promise.all(
        contents.map((content) => storage.addMessage('alice', sessionId, say(content))),
      );
      expect(added).not.toContain(false);
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual(contents);
    });

    it('mix additions one by one and in batches', async () => {
      const { storage, sessionId } = await store.withSession();
      await Promise.all([
        storage.addMessage('alice', sessionId, say('a')),
        storage.addMessages('alice', sessionId, [say('b'), say('c')]),
        storage.addMessage('alice', sessionId, say('d')),
      ]);
      const messages = await storage.getAllMessages('alice', sessionId);
      expect(contentsOf(messages)).toStrictEqual(['a', 'b', 'c', 'd']);
      const ids = messages.map(({ messageId }) => messageId);
      expect(messages.map(({ parentId }) => parentId)).toStrictEqual([null, ...ids.slice(0, 3)]);
    });

    it('read what the calls before them have written, and nothing of those behind', async () => {
      const { storage, sessionId } = await store.withSession();
      const read = async () => (await storage.getMessage('alice', sessionId, 'm'))?.content;
      const [before, , added, , edited, , deleted] = await Promise.all([
        read(),
        storage.addMessage('alice', sessionId, say('first', { messageId: 'm' })),
        read(),
        storage.updateMessage('alice', sessionId, 'm', { content: 'second' }),
        read(),
        storage.deleteMessage('alice', sessionId, 'm'),
        read(),
      ]);
      expect([before, added, edited, deleted]).toStrictEqual([
        undefined,
        'first',
        'second',
        undefined,
      ]);
    });

    it('count what the calls before them have added', async () => {
      const { storage, sessionId } = await store.withSession();
      const count = async () => (await storage.getSession('alice', sessionId))?.messageCount;
      const [none, , one, , three] = await Promise.all([
        count(),
        storage.addMessage('alice', sessionId, say('a')),
        count(),
        storage.addMessages('alice', sessionId, [say('b'), say('c')]),
        count(),
      ]);
      expect([none, one, three]).toStrictEqual([0, 1, 3]);
    });

    it('create, fill and delete users and sessions', async () => {
      const storage = await store.empty();
      const [created, again, sessionId, users, deleted, after] = await Promise.all([
        storage.createUser('alice', { name: 'First' }),
        storage.createUser('alice', { name: 'Second' }),
        storage.createSession('alice'),
        storage.listUsers(),
        storage.deleteUser('alice', { force: true }),
        storage.userExists('alice'),
      ]);
      expect([created, again, users, deleted, after]).toStrictEqual([
        true,
        false,
        ['alice'],
        true,
        false,
      ]);
      expect(await storage.getSession('alice', sessionId)).toBeNull();
    });

    it('are not disturbed by one among them that fails', async () => {
      const { storage, sessionId } = await store.withSession();
      const [, failed, alsoFailed] = await Promise.all([
        storage.addMessage('alice', sessionId, say('a')),
        expectError(storage.addMessage('alice', 'none', say('lost')), {
          code: 'session-not-found',
        }),
        expectError(storage.addMessage('alice', sessionId, untyped({ role: 'user' })), {
          code: 'validation',
        }),
        storage.addMessage('alice', sessionId, say('b')),
      ]);
      expect([failed.name, alsoFailed.name]).toStrictEqual([
        'FFSessionNotFoundError',
        'FFValidationError',
      ]);
      const contents = contentsOf(await storage.getAllMessages('alice', sessionId));
      expect(contents).toStrictEqual(['a', 'b']);
    });

    it('of several users stay with their users', async () => {
      const storage = await store.empty();
      const users = ['u1', 'u2', 'u3'];
      const sessions = await Promise.all(
        users.map(async (userId) => {
          await storage.createUser(userId);
          return { userId, sessionId: await storage.createSession(userId) };
        }),
      );
      await Promise.all(
        Array.from({ length: 60 }, (_, index) => {
          const { userId = '', sessionId = '' } = sessions[index % 3] ?? {};
          return storage.addMessage(userId, sessionId, say(`${userId}: ${index}`));
        }),
      );
      for (const { userId, sessionId } of sessions) {
        const contents = contentsOf(await storage.getAllMessages(userId, sessionId));
        expect(contents).toHaveLength(20);
        const numbers = contents.map((content) => Number(content.replace(`${userId}: `, '')));
        expect(numbers).toStrictEqual(numbers.toSorted((a, b) => a - b));
      }
    });
  });
}
