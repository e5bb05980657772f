import { FFSessionNotFoundError, FFUserNotFoundError } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { addAll, expectError, readState, say } from './support.ts';

/** What the contract says of things that are not there. */
export function errorsContract(subject: Subject): void {
  const store = shareStore(subject);

  /** A store with alice, who has a session, and bob, who has none; and what it holds. */
  async function openWithTwoUsers() {
    const { storage, sessionId } = await store.withSession();
    await addAll(storage, sessionId, ['m']);
    await storage.createUser('bob');
    return { storage, sessionId, before: await readState(storage) };
  }

  const userNotFound = { type: FFUserNotFoundError, code: 'user-not-found' } as const;
  const sessionNotFound = { type: FFSessionNotFoundError, code: 'session-not-found' } as const;

  describe('a write under something that is not there', () => {
    it('throws FFUserNotFoundError where there is no such user, and creates none', async () => {
      const { storage, sessionId, before } = await openWithTwoUsers();
      await expectError(storage.createSession('nobody', 'T'), userNotFound);
      await expectError(storage.addMessage('nobody', sessionId, say('x')), userNotFound);
      await expectError(storage.addMessages('nobody', sessionId, [say('x')]), userNotFound);
      expect(await readState(storage)).toStrictEqual(before);
      expect(await storage.userExists('nobody')).toBe(false);
    });

    it('throws FFSessionNotFoundError where there is no such session, and creates none', async () => {
      const { storage, sessionId, before } = await openWithTwoUsers();
      await expectError(storage.addMessage('alice', 'none', say('x')), sessionNotFound);
      await expectError(storage.addMessages('alice', 'none', [say('x')]), sessionNotFound);
      // Somebody else's session is no session of bob's.
      await expectError(storage.addMessage('bob', sessionId, say('x')), sessionNotFound);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('throws for an empty batch too', async () => {
      const { storage, sessionId } = await openWithTwoUsers();
      await expectError(storage.addMessages('nobody', sessionId, []), userNotFound);
      await expectError(storage.addMessages('alice', 'none', []), sessionNotFound);
    });

    it('throws after the user or the session was deleted', async () => {
      const { storage, sessionId } = await openWithTwoUsers();
      await storage.deleteSession('alice', sessionId);
      await expectError(storage.addMessage('alice', sessionId, say('x')), sessionNotFound);
      await storage.deleteUser('alice');
      await expectError(storage.addMessage('alice', sessionId, say('x')), userNotFound);
      await expectError(storage.createSession('alice'), userNotFound);
      expect(await storage.listUsers()).toStrictEqual(['bob']);
    });

    it('names what is missing', async () => {
      const { storage } = await openWithTwoUsers();
      const noUser = await expectError(storage.createSession('nobody'), userNotFound);
      expect(noUser.message).toContain('nobody');
      const noSession = await expectError(
        storage.addMessage('alice', 'none-such', say('x')),
        sessionNotFound,
      );
      expect(noSession.message).toContain('none-such');
    });
  });

  describe('an error', () => {
    it('is an Error with a name, a code and a stack', async () => {
      const { storage } = await openWithTwoUsers();
      const error = await expectError(storage.createSession('nobody'), userNotFound);
      expect(error).toBeInstanceOf(Error);
      expect(error.name).toBe('FFUserNotFoundError');
      expect(error.stack).toContain('nobody');
      expect(String(error)).toMatch(/^FFUserNotFoundError: /);
    });
  });
}
