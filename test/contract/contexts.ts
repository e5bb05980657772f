import type { FFSituationalContextInput, FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { addAll, expectError, say, UTC } from './support.ts';

const TALK = [
  'The kitchen renovation in Berlin starts on Monday and costs 12,000 EUR.',
  'Which contractor did you choose for the kitchen renovation?',
  'I chose Meyer Construction because their kitchen renovation offer was the best one.',
  'Please send the plans to anna@example.com before the renovation begins.',
  'I will send the kitchen plans today, and a copy of the contract as well.',
];

const CONTEXT = {
  summary: 'They plan a kitchen.',
  keyPoints: ['It starts on Monday.', 'It costs 12,000 EUR.'],
  entities: { places: ['Berlin'], constructor: ['Meyer'] },
  confidence: 0.25,
  messageRange: { firstMessageId: 'a', lastMessageId: 'b' },
  metadata: { by: 'hand', deep: [{ n: null }] },
} satisfies FFSituationalContextInput;

/** What the contract says of situational contexts. */
export function contextsContract(subject: Subject): void {
  const store = shareStore(subject);

  async function saveAll(
    storage: FFStorageManager,
    sessionId: string,
    summaries: readonly string[],
  ): Promise<string[]> {
    const ids: string[] = [];
    for (const summary of summaries) {
      ids.push(await storage.saveContext('alice', sessionId, { summary }));
    }
    return ids;
  }

  async function summariesOf(
    storage: FFStorageManager,
    options?: { sessionId?: string },
  ): Promise<string[]> {
    return (await storage.listContexts('alice', options)).map(({ summary }) => summary);
  }

  describe('extractSituationalContext', () => {
    it('tells what a conversation is about, from its own words', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['Hello!']);
      await storage.addMessages(
        'alice',
        sessionId,
        TALK.map((text, index) => say(text, { messageId: `m${index}` })),
      );
      const context = await storage.extractSituationalContext('alice', sessionId);
      if (context === null) throw new Error('There is nothing.');
      const { summary, keyPoints, entities, confidence } = context;
      expect(context).toMatchObject({
        userId: 'alice',
        sessionId,
        timestamp: expect.stringMatching(UTC),
        messageRange: { firstMessageId: 'Hello!', lastMessageId: 'm4' },
      });
      expect(context).not.toHaveProperty('contextId');
      expect(summary).toMatch(/kitchen/);
      expect(keyPoints.length).toBeGreaterThan(0);
      expect(entities).toMatchObject({ emails: ['anna@example.com'] });
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    });

    it('gives the same each time, and saves nothing', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, TALK);
      const extract = async () => ({
        ...(await storage.extractSituationalContext('alice', sessionId)),
        timestamp: '',
      });
      const before = await storage.getSession('alice', sessionId);
      expect(await extract()).toStrictEqual(await extract());
      expect(await storage.listContexts('alice')).toStrictEqual([]);
      expect(await storage.getSession('alice', sessionId)).toStrictEqual(before);
    });

    it('goes by the messages as they are now', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, [...TALK, 'Marmalade is made of oranges.']);
      const extract = () => storage.extractSituationalContext('alice', sessionId);
      const all = async () => JSON.stringify(await extract());
      await storage.deleteMessage('alice', sessionId, 'Marmalade is made of oranges.');
      expect(await all()).not.toContain('Marmalade');
      expect((await extract())?.messageRange?.lastMessageId).toBe(TALK.at(-1));
      for (const id of TALK) {
        await storage.updateMessage('alice', sessionId, id, { content: 'Penguins swim well.' });
      }
      expect(await all()).toContain('Penguins');
      expect((await extract())?.summary).not.toContain('kitchen');
    });

    it('keeps to the bounds, also when they change', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        context: { maxKeyPoints: 2, maxSummaryLength: 100 },
      });
      await addAll(storage, sessionId, TALK);
      const short = await storage.extractSituationalContext('alice', sessionId);
      expect(short?.keyPoints).toHaveLength(2);
      expect(short?.summary.length).toBeLessThanOrEqual(100);
      expect(short?.summary).not.toBe('');
      await storage.updateConfiguration({ context: { maxKeyPoints: 1, maxSummaryLength: 500 } });
      const long = await storage.extractSituationalContext('alice', sessionId);
      expect(long?.keyPoints).toHaveLength(1);
      expect(long?.summary.length).toBeGreaterThan(short?.summary.length ?? 0);
    });

    it('gives null where there is nothing to extract from', async () => {
      const { storage, sessionId } = await store.withSession();
      const extract = (userId: string, id: string) => storage.extractSituationalContext(userId, id);
      expect(await extract('alice', sessionId)).toBeNull();
      await storage.addMessage('alice', sessionId, say('', { parts: [{ image: 1 }] }));
      expect(await extract('alice', sessionId)).toBeNull();
      expect(await extract('alice', 'none')).toBeNull();
      expect(await extract('nobody', sessionId)).toBeNull();
      await addAll(storage, sessionId, TALK);
      await storage.createUser('bob');
      expect(await extract('bob', sessionId)).toBeNull();
      await storage.deleteSession('alice', sessionId);
      expect(await extract('alice', sessionId)).toBeNull();
    });
  });

  describe('saveContext', () => {
    it('saves what an app has made itself, word for word', async () => {
      const { storage, sessionId } = await store.withSession();
      const id = await storage.saveContext('alice', sessionId, {
        ...CONTEXT,
        timestamp: '2024-05-01T01:30:00+02:00',
        userId: 'mallory',
        sessionId: 'elsewhere',
      });
      const saved = await storage.getContext('alice', id);
      // Not strictly: that takes the property named constructor for a class.
      expect(saved).toEqual({
        ...CONTEXT,
        contextId: id,
        userId: 'alice',
        sessionId,
        timestamp: '2024-04-30T23:30:00.000Z',
      });
      expect(await storage.listContexts('alice')).toEqual([saved]);
    });

    it('fills in what is not said', async () => {
      const { storage, sessionId } = await store.withSession();
      const id = await storage.saveContext('alice', sessionId, { summary: 'Short.' });
      expect(await storage.getContext('alice', id)).toStrictEqual({
        contextId: id,
        userId: 'alice',
        sessionId,
        summary: 'Short.',
        keyPoints: [],
        entities: {},
        confidence: 1,
        timestamp: expect.stringMatching(UTC),
      });
    });

    it('saves what was extracted', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, TALK);
      const context = await storage.extractSituationalContext('alice', sessionId);
      if (context === null) throw new Error('There is nothing.');
      const id = await storage.saveContext('alice', sessionId, context);
      expect(await storage.getContext('alice', id)).toStrictEqual({ ...context, contextId: id });
    });

    it('replaces one of the same id, whole, also in another session', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      const contextId = 'my own id';
      expect(await storage.saveContext('alice', sessionId, { ...CONTEXT, contextId })).toBe(
        contextId,
      );
      await storage.saveContext('alice', sessionId, { contextId, summary: 'Another.' });
      expect(await summariesOf(storage)).toStrictEqual(['Another.']);
      expect(await storage.getContext('alice', contextId)).not.toHaveProperty('metadata');
      await storage.saveContext('alice', otherId, { contextId, summary: 'Moved.' });
      expect(await summariesOf(storage, { sessionId })).toStrictEqual([]);
      expect(await summariesOf(storage, { sessionId: otherId })).toStrictEqual(['Moved.']);
      expect(await storage.listContexts('alice')).toHaveLength(1);
    });

    it('keeps the newest of a session, and leaves other sessions alone', async () => {
      const { storage, sessionId } = await openWithSession(subject, { context: { maxHistory: 3 } });
      const otherId = await storage.createSession('alice');
      await saveAll(storage, otherId, ['x', 'y', 'z']);
      const [a = '', b = '', c = ''] = await saveAll(storage, sessionId, ['a', 'b', 'c', 'd', 'e']);
      expect(await summariesOf(storage, { sessionId })).toStrictEqual(['e', 'd', 'c']);
      expect(await summariesOf(storage, { sessionId: otherId })).toStrictEqual(['z', 'y', 'x']);
      expect(await storage.getContext('alice', a)).toBeNull();
      expect(await storage.getContext('alice', b)).toBeNull();
      await storage.saveContext('alice', sessionId, { contextId: c, summary: 'c again' });
      expect(await summariesOf(storage, { sessionId })).toHaveLength(3);
      await storage.updateConfiguration({ context: { maxHistory: 1 } });
      expect(await summariesOf(storage, { sessionId })).toHaveLength(3);
      await saveAll(storage, sessionId, ['f']);
      expect(await summariesOf(storage, { sessionId })).toStrictEqual(['f']);
      expect(await summariesOf(storage)).toStrictEqual(['f', 'z', 'y', 'x']);
    });

    it('needs the user and the session', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      await expectError(storage.saveContext('nobody', sessionId, CONTEXT), {
        code: 'user-not-found',
      });
      await expectError(storage.saveContext('alice', 'none', CONTEXT), {
        code: 'session-not-found',
      });
      await expectError(storage.saveContext('bob', sessionId, CONTEXT), {
        code: 'session-not-found',
      });
      expect(await storage.listContexts('alice')).toStrictEqual([]);
    });
  });

  describe('getContext and listContexts', () => {
    it('give the newest first, of all sessions or of one, and of no other user', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      const [a = ''] = await saveAll(storage, sessionId, ['a']);
      await saveAll(storage, otherId, ['b']);
      await saveAll(storage, sessionId, ['c']);
      await storage.createUser('bob');
      const bobs = await storage.createSession('bob');
      const his = await storage.saveContext('bob', bobs, { summary: 'his' });
      expect(await summariesOf(storage)).toStrictEqual(['c', 'b', 'a']);
      expect(await summariesOf(storage, { sessionId })).toStrictEqual(['c', 'a']);
      expect(await summariesOf(storage, { sessionId: bobs })).toStrictEqual([]);
      expect(await storage.listContexts('nobody')).toStrictEqual([]);
      expect(await storage.getContext('alice', 'none')).toBeNull();
      expect(await storage.getContext('alice', his)).toBeNull();
      expect(await storage.getContext('bob', a)).toBeNull();
      expect(await storage.getContext('nobody', a)).toBeNull();
    });

    it('give nothing of a session that was deleted', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      const [a = ''] = await saveAll(storage, sessionId, ['a']);
      await saveAll(storage, otherId, ['b']);
      await storage.deleteSession('alice', sessionId);
      expect(await storage.getContext('alice', a)).toBeNull();
      expect(await summariesOf(storage)).toStrictEqual(['b']);
      await storage.deleteUser('alice', { force: true });
      await storage.createUser('alice');
      expect(await summariesOf(storage)).toStrictEqual([]);
    });

    // What follows is for stores that remember.
    if (!subject.persistent) return;

    it('give what was saved before the store was closed, in the same order', async () => {
      const { storage, sessionId } = await openWithSession(subject, { context: { maxHistory: 3 } });
      await saveAll(storage, sessionId, ['a', 'b', 'c', 'd']);
      await storage.saveContext('alice', sessionId, { ...CONTEXT, contextId: 'own' });
      const before = await storage.listContexts('alice');
      expect(before).toHaveLength(3);
      const again = await reopen(subject, storage);
      expect(await again.listContexts('alice')).toEqual(before);
      await saveAll(again, sessionId, ['e']);
      expect(await summariesOf(again)).toStrictEqual(['e', CONTEXT.summary, 'd']);
    });
  });
}
