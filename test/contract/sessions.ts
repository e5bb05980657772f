import { describe, expect, it } from 'vitest';
import { addAll, contentsOf, readState, say, UTC } from './support.ts';
import { shareStore, type Subject } from './subject.ts';

/** What the contract says of sessions. */
export function sessionsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('createSession', () => {
    it('creates an empty session with a default title', async () => {
      const storage = await store.empty();
      await storage.createUser('alice');
      const sessionId = await storage.createSession('alice');
      expect(await storage.getSession('alice', sessionId)).toStrictEqual({
        sessionId,
        userId: 'alice',
        title: 'New Chat Session',
        createdAt: expect.stringMatching(UTC),
        updatedAt: expect.stringMatching(UTC),
        messageCount: 0,
      });
    });

    it('keeps the title and the metadata', async () => {
      const storage = await store.empty();
      await storage.createUser('alice');
      const metadata = { priority: 'high', tags: ['billing', { deep: [null, 1.5] }] };
      const sessionId = await storage.createSession('alice', 'Support 🦊 <b>', metadata);
      expect(await storage.getSession('alice', sessionId)).toMatchObject({
        title: 'Support 🦊 <b>',
        metadata,
      });
    });

    it('gives every session an id of its own', async () => {
      const storage = await store.empty();
      await storage.createUser('alice');
      const ids = await Promise.all(
        Array.from({ length: 20 }, () => storage.createSession('alice')),
      );
      expect(new Set(ids).size).toBe(20);
      const listed = await storage.listSessions('alice');
      expect(listed.map(({ sessionId }) => sessionId).sort()).toStrictEqual(ids.sort());
    });
  });

  describe('getSession', () => {
    it('gives null for a session that is not there, or is somebody else’s', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      expect(await storage.getSession('alice', 'none')).toBeNull();
      expect(await storage.getSession('bob', sessionId)).toBeNull();
      expect(await storage.getSession('nobody', sessionId)).toBeNull();
    });

    it('counts the messages that can be read', async () => {
      const { storage, sessionId } = await store.withSession();
      const count = async () => (await storage.getSession('alice', sessionId))?.messageCount;
      await addAll(storage, sessionId, ['one', 'two', 'three']);
      expect(await count()).toBe(3);
      await storage.deleteMessage('alice', sessionId, 'two');
      expect(await count()).toBe(2);
      await storage.updateMessage('alice', sessionId, 'one', { content: 'edited' });
      await storage.addMessage('alice', sessionId, say('again', { messageId: 'one' }));
      expect(await count()).toBe(2);
    });
  });

  describe('listSessions', () => {
    /** Sessions by the given titles, the last one with the newest activity. */
    async function openWithSessions(...titles: string[]) {
      const storage = await store.empty();
      await storage.createUser('alice');
      const ids: string[] = [];
      for (const title of titles) {
        ids.push(await storage.createSession('alice', title, { of: title }));
      }
      const list = async (options?: { limit?: number; offset?: number }) =>
        (await storage.listSessions('alice', options)).map(({ title }) => title);
      return { storage, ids, list };
    }

    it('puts the session with the newest activity first', async () => {
      const { storage, ids, list } = await openWithSessions('a', 'b', 'c', 'd');
      const [a = '', b = '', c = '', d = ''] = ids;
      expect(await list()).toStrictEqual(['d', 'c', 'b', 'a']);

      await storage.addMessage('alice', a, say('hi', { messageId: 'm' }));
      expect(await list()).toStrictEqual(['a', 'd', 'c', 'b']);
      await storage.updateSession('alice', c, { metadata: { read: true } });
      expect(await list()).toStrictEqual(['c', 'a', 'd', 'b']);
      await storage.addMessages('alice', b, [say('one'), say('two')]);
      expect(await list()).toStrictEqual(['b', 'c', 'a', 'd']);
      await storage.updateMessage('alice', a, 'm', { content: 'hello' });
      expect(await list()).toStrictEqual(['a', 'b', 'c', 'd']);
      await storage.updateSession('alice', d, { title: 'd' });
      await storage.deleteMessage('alice', a, 'm');
      expect(await list()).toStrictEqual(['a', 'd', 'b', 'c']);
    });

    it('does not take reading for activity', async () => {
      const { storage, ids, list } = await openWithSessions('a', 'b');
      const [a = ''] = ids;
      await storage.getSession('alice', a);
      await storage.getAllMessages('alice', a);
      await storage.searchMessages('alice', 'anything');
      expect(await list()).toStrictEqual(['b', 'a']);
    });

    it('goes by the time of the write, not by a message’s own timestamp', async () => {
      const { storage, ids, list } = await openWithSessions('a', 'b');
      const [a = '', b = ''] = ids;
      await storage.addMessage('alice', b, say('now'));
      await storage.addMessage('alice', a, say('then', { timestamp: '2001-01-01T00:00:00Z' }));
      expect(await list()).toStrictEqual(['a', 'b']);
      const { updatedAt = '', createdAt = '' } = (await storage.getSession('alice', a)) ?? {};
      expect(Date.parse(updatedAt)).toBeGreaterThanOrEqual(Date.parse(createdAt));
    });

    it('gives pages', async () => {
      const { list } = await openWithSessions('a', 'b', 'c', 'd', 'e');
      expect(await list({ limit: 2 })).toStrictEqual(['e', 'd']);
      expect(await list({ limit: 2, offset: 2 })).toStrictEqual(['c', 'b']);
      expect(await list({ limit: 2, offset: 4 })).toStrictEqual(['a']);
      expect(await list({ offset: 3 })).toStrictEqual(['b', 'a']);
      expect(await list({ offset: 5 })).toStrictEqual([]);
      expect(await list({ offset: 1_000_000 })).toStrictEqual([]);
      expect(await list({ limit: 0 })).toStrictEqual([]);
      expect(await list({ limit: 1_000_000 })).toHaveLength(5);
    });

    it('leaves the metadata out unless it is asked for', async () => {
      const { storage, ids } = await openWithSessions('a', 'b');
      for (const session of await storage.listSessions('alice')) {
        expect(session).not.toHaveProperty('metadata');
      }
      expect(await storage.listSessions('alice', { includeMetadata: false })).toStrictEqual(
        await storage.listSessions('alice'),
      );
      const [a, b] = await Promise.all(ids.map((id) => storage.getSession('alice', id)));
      expect(await storage.listSessions('alice', { includeMetadata: true })).toStrictEqual([b, a]);
      expect(a?.metadata).toStrictEqual({ of: 'a' });
    });

    it('gives nothing for a user without sessions, or who does not exist', async () => {
      const storage = await store.empty();
      await storage.createUser('alice');
      expect(await storage.listSessions('alice')).toStrictEqual([]);
      expect(await storage.listSessions('nobody')).toStrictEqual([]);
    });
  });

  describe('updateSession', () => {
    it('changes the title and leaves everything else', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['one']);
      const before = await storage.getSession('alice', sessionId);
      expect(await storage.updateSession('alice', sessionId, { title: 'Solved' })).toBe(true);
      const after = await storage.getSession('alice', sessionId);
      expect({ ...after, updatedAt: '' }).toStrictEqual({
        ...before,
        title: 'Solved',
        updatedAt: '',
      });
    });

    it('merges metadata by its top-level keys, and replaces values whole', async () => {
      const storage = await store.empty();
      await storage.createUser('alice');
      const sessionId = await storage.createSession('alice', 'Talk', {
        status: 'open',
        labels: { red: 1, blue: 2 },
        owner: 'bob',
      });
      await storage.updateSession('alice', sessionId, {
        metadata: { status: 'done', labels: { green: 3 }, owner: undefined },
      });
      expect(await storage.getSession('alice', sessionId)).toMatchObject({
        title: 'Talk',
        metadata: { status: 'done', owner: 'bob' },
      });
      const { metadata } = (await storage.getSession('alice', sessionId)) ?? {};
      expect(metadata?.['labels']).toStrictEqual({ green: 3 });
    });

    it('gives false for what is not there, and creates nothing', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      const before = await readState(storage);
      expect(await storage.updateSession('alice', 'none', { title: 'x' })).toBe(false);
      expect(await storage.updateSession('bob', sessionId, { title: 'x' })).toBe(false);
      expect(await storage.updateSession('nobody', sessionId, { title: 'x' })).toBe(false);
      expect(await readState(storage)).toStrictEqual(before);
    });
  });

  describe('deleteSession', () => {
    it('deletes the session with its messages, and no other', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice', 'Another');
      await storage.addMessage('alice', sessionId, say('common word'));
      await storage.addMessage('alice', otherId, say('common word as well'));

      expect(await storage.deleteSession('alice', sessionId)).toBe(true);
      expect(await storage.getSession('alice', sessionId)).toBeNull();
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
      const hits = await storage.searchMessages('alice', 'common');
      expect(hits.map((hit) => hit.sessionId)).toStrictEqual([otherId]);
      const left = await storage.listSessions('alice');
      expect(left.map((session) => session.sessionId)).toStrictEqual([otherId]);
      expect(contentsOf(await storage.getAllMessages('alice', otherId))).toHaveLength(1);
    });

    it('gives false for what is not there', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      expect(await storage.deleteSession('bob', sessionId)).toBe(false);
      expect(await storage.deleteSession('nobody', sessionId)).toBe(false);
      expect(await storage.deleteSession('alice', sessionId)).toBe(true);
      expect(await storage.deleteSession('alice', sessionId)).toBe(false);
    });

    it('leaves a user without data when it was their last', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.deleteSession('alice', sessionId);
      expect(await storage.deleteUser('alice')).toBe(true);
    });
  });
}
