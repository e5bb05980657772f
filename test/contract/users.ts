import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { contentsOf, readState, say, UTC } from './support.ts';

/** What the contract says of users. */
export function usersContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('createUser', () => {
    it('creates a user from an id alone', async () => {
      const storage = await store.empty();
      expect(await storage.createUser('alice')).toBe(true);
      expect(await storage.getUserProfile('alice')).toStrictEqual({
        userId: 'alice',
        createdAt: expect.stringMatching(UTC),
        updatedAt: expect.stringMatching(UTC),
      });
    });

    it('keeps the profile', async () => {
      const storage = await store.empty();
      const profile = {
        username: 'bob1',
        email: 'bob@example.com',
        name: 'Bob Smith',
        preferences: { theme: 'dark', sizes: [1, 2.5], nested: { deep: null } },
        metadata: { plan: 'free' },
      };
      await storage.createUser('bob', profile);
      expect(await storage.getUserProfile('bob')).toStrictEqual({
        userId: 'bob',
        createdAt: expect.stringMatching(UTC),
        updatedAt: expect.stringMatching(UTC),
        ...profile,
      });
    });

    it('puts unknown profile keys into the metadata', async () => {
      const storage = await store.empty();
      await storage.createUser('bob', { name: 'Bob', role: 'admin', metadata: { plan: 'free' } });
      expect(await storage.getUserProfile('bob')).toMatchObject({
        name: 'Bob',
        metadata: { role: 'admin', plan: 'free' },
      });
      expect(await storage.getUserProfile('bob')).not.toHaveProperty('role');
    });

    it('gives false for a user who exists, and changes nothing', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('still here'));
      const before = await readState(storage);
      expect(await storage.createUser('alice', { name: 'Impostor', role: 'admin' })).toBe(false);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it.each([
      ['with spaces and dots', 'alice b. smith'],
      ['in another script', 'アリス'],
      ['of emoji', '🦊'.repeat(64)],
      ['of the greatest length', 'a'.repeat(128)],
      ['that mean something to file systems', 'CON'],
      ['that look encoded', 'a%2Fb=2f+c'],
      ['that JavaScript objects know', '__proto__'],
      ['like the word constructor', 'constructor'],
    ])('accepts ids %s', async (_, userId) => {
      const storage = await store.empty();
      expect(await storage.userExists(userId)).toBe(false);
      expect(await storage.createUser(userId)).toBe(true);
      const sessionId = await storage.createSession(userId);
      await storage.addMessage(userId, sessionId, say('hello'));
      expect(await storage.listUsers()).toStrictEqual([userId]);
      expect((await storage.getUserProfile(userId))?.userId).toBe(userId);
      expect(contentsOf(await storage.getAllMessages(userId, sessionId))).toStrictEqual(['hello']);
    });

    it('tells ids apart that differ in case or in accents only', async () => {
      const storage = await store.empty();
      // Twice the same to the eye: one composed, one made of a letter and an accent.
      const ids = ['zoe', 'Zoe', 'zoë', 'zoe\u0308'];
      for (const id of ids) expect(await storage.createUser(id, { name: id })).toBe(true);
      expect(await storage.listUsers()).toStrictEqual(ids);
      for (const id of ids) expect((await storage.getUserProfile(id))?.name).toBe(id);
    });
  });

  describe('userExists', () => {
    it('tells whether there is such a user', async () => {
      const storage = await store.empty();
      await storage.createUser('alice');
      expect(await storage.userExists('alice')).toBe(true);
      expect(await storage.userExists('bob')).toBe(false);
    });
  });

  describe('updateUserProfile', () => {
    it('changes the given keys and leaves the others', async () => {
      const storage = await store.empty();
      await storage.createUser('alice', { name: 'Alice', email: 'a@example.com', username: 'al' });
      expect(await storage.updateUserProfile('alice', { name: 'Alice J.' })).toBe(true);
      expect(await storage.getUserProfile('alice')).toMatchObject({
        name: 'Alice J.',
        email: 'a@example.com',
        username: 'al',
      });
    });

    it('merges preferences and metadata by their top-level keys, and replaces values whole', async () => {
      const storage = await store.empty();
      await storage.createUser('alice', {
        preferences: { theme: 'dark', panels: { left: true, right: true } },
        metadata: { plan: 'free', tags: ['a', 'b'] },
      });
      await storage.updateUserProfile('alice', {
        preferences: { panels: { left: false }, notifications: false },
        metadata: { tags: ['c'] },
      });
      expect(await storage.getUserProfile('alice')).toMatchObject({
        preferences: { theme: 'dark', panels: { left: false }, notifications: false },
        metadata: { plan: 'free', tags: ['c'] },
      });
      const { preferences } = (await storage.getUserProfile('alice')) ?? {};
      expect(preferences?.['panels']).toStrictEqual({ left: false });
    });

    it('leaves a key as it is whose value is undefined', async () => {
      const storage = await store.empty();
      const profile = { name: 'Alice', preferences: { theme: 'dark' }, metadata: { plan: 'free' } };
      await storage.createUser('alice', profile);
      await storage.updateUserProfile('alice', {
        name: undefined,
        preferences: { theme: undefined, size: 2 },
        metadata: undefined,
      });
      expect(await storage.getUserProfile('alice')).toMatchObject({
        ...profile,
        preferences: { theme: 'dark', size: 2 },
      });
    });

    it('merges unknown keys into the metadata', async () => {
      const storage = await store.empty();
      await storage.createUser('alice', { role: 'admin', team: 'red' });
      await storage.updateUserProfile('alice', { role: 'guest' });
      expect((await storage.getUserProfile('alice'))?.metadata).toStrictEqual({
        role: 'guest',
        team: 'red',
      });
    });

    it('accepts a profile that was read, and keeps what only the store decides', async () => {
      const storage = await store.empty();
      await storage.createUser('alice', { name: 'Alice', role: 'admin' });
      const read = await storage.getUserProfile('alice');
      await storage.updateUserProfile('alice', { ...read, userId: 'mallory', createdAt: 'never' });
      const { updatedAt, ...rest } = (await storage.getUserProfile('alice')) ?? {};
      expect({ ...rest, updatedAt: read?.updatedAt }).toStrictEqual(read);
      expect(Date.parse(updatedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(read?.updatedAt ?? ''));
    });

    it('gives false for a user who does not exist, and creates none', async () => {
      const storage = await store.empty();
      expect(await storage.updateUserProfile('nobody', { name: 'Nobody' })).toBe(false);
      expect(await storage.listUsers()).toStrictEqual([]);
    });
  });

  describe('deleteUser', () => {
    it('deletes a user who has no data', async () => {
      const storage = await store.empty();
      await storage.createUser('alice', { name: 'Alice' });
      expect(await storage.deleteUser('alice')).toBe(true);
      expect(await storage.userExists('alice')).toBe(false);
      expect(await storage.getUserProfile('alice')).toBeNull();
      expect(await storage.listUsers()).toStrictEqual([]);
    });

    it('gives false for a user who has data, and deletes nothing', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('still here'));
      const before = await readState(storage);
      expect(await storage.deleteUser('alice')).toBe(false);
      expect(await storage.deleteUser('alice', { force: false })).toBe(false);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('deletes a user with everything of theirs when forced, and nobody else', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('a secret of hers'));
      await storage.createUser('bob');
      const bobsSession = await storage.createSession('bob');
      await storage.addMessage('bob', bobsSession, say('a secret of his'));

      expect(await storage.deleteUser('alice', { force: true })).toBe(true);
      expect(await storage.listUsers()).toStrictEqual(['bob']);
      expect(await storage.getSession('alice', sessionId)).toBeNull();
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
      expect(await storage.searchMessages('alice', 'secret')).toStrictEqual([]);
      expect(contentsOf(await storage.getAllMessages('bob', bobsSession))).toHaveLength(1);
    });

    it('leaves nothing that a new user of the same id would find', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('a secret'));
      await storage.deleteUser('alice', { force: true });
      expect(await storage.createUser('alice')).toBe(true);
      expect(await storage.listSessions('alice')).toStrictEqual([]);
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
      expect(await storage.searchMessages('alice', 'secret')).toStrictEqual([]);
      expect((await storage.getUserProfile('alice'))?.metadata).toBeUndefined();
    });

    it('gives false where there is no such user', async () => {
      const storage = await store.empty();
      expect(await storage.deleteUser('nobody')).toBe(false);
      expect(await storage.deleteUser('nobody', { force: true })).toBe(false);
    });
  });

  describe('listUsers', () => {
    it('gives every user that there is', async () => {
      const storage = await store.empty();
      expect(await storage.listUsers()).toStrictEqual([]);
      for (const id of ['carol', 'alice', 'bob']) await storage.createUser(id);
      await storage.deleteUser('alice');
      expect(await storage.listUsers()).toStrictEqual(['carol', 'bob']);
    });
  });
}
