import { FFValidationError, type FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { addPersonas, readPanels, speakAll, withoutPanels, withPanel } from './panel-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { contentsOf, expectError, say, UTC } from './support.ts';

/** What the contract says of messages in panels. */
export function panelMessagesContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('addPanelMessage', () => {
    it('gives a message an id, the time, the persona’s name and its place', async () => {
      const { storage } = await withPanel(store);
      expect(await storage.addPanelMessage('panel', 'ada', say('Hello'))).toBe(true);
      expect(await storage.addPanelMessage('panel', 'bo', say('Hi'))).toBe(true);
      const [first, second] = await storage.getPanelMessages('panel');
      expect(first).toStrictEqual({
        messageId: expect.stringMatching(/./),
        role: 'user',
        content: 'Hello',
        timestamp: expect.stringMatching(UTC),
        name: 'ada',
        parentId: null,
        personaId: 'ada',
      });
      expect(second).toMatchObject({
        name: 'bo',
        parentId: first?.messageId,
        personaId: 'bo',
      });
    });

    it('keeps everything that is given', async () => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['question']);
      const message = {
        messageId: 'answer',
        role: 'assistant' as const,
        content: 'Because.',
        timestamp: '2024-05-01T12:00:00.000Z',
        name: 'Dr. Bo',
        parentId: null,
        parts: [{ type: 'thought', text: null }],
        attachments: ['document'],
        metadata: { tokens: 2 },
        responseTo: 'question',
      };
      expect(await storage.addPanelMessage('panel', 'bo', message)).toBe(true);
      const messages = await storage.getPanelMessages('panel');
      expect(messages[1]).toStrictEqual({ ...message, personaId: 'bo' });
    });

    it('counts as activity of the panel', async () => {
      const { storage } = await withPanel(store);
      const before = await storage.getPanel('panel');
      await speakAll(storage, ['a', 'b']);
      const after = await storage.getPanel('panel');
      const updatedAt = after?.updatedAt ?? '';
      expect(after).toStrictEqual({ ...before, updatedAt, messageCount: 2 });
      expect(Date.parse(updatedAt)).toBeGreaterThanOrEqual(Date.parse(before?.updatedAt ?? ''));
    });

    it('adds nothing for an id that is already there, and gives true', async () => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['m']);
      const before = await readPanels(storage);
      for (const personaId of ['ada', 'bo']) {
        const again = { ...say('other text', { messageId: 'm' }), responseTo: 'none' };
        expect(await storage.addPanelMessage('panel', personaId, again)).toBe(true);
      }
      expect(await readPanels(storage)).toStrictEqual(before);
    });

    it('adds messages that nobody waits for in their order', async () => {
      const { storage } = await withPanel(store);
      const contents = Array.from({ length: 100 }, (_, index) => `m${index}`);
      await Promise.all(
        contents.map((content, index) =>
          storage.addPanelMessage('panel', index % 2 === 0 ? 'ada' : 'bo', say(content)),
        ),
      );
      expect(contentsOf(await storage.getPanelMessages('panel'))).toStrictEqual(contents);
    });

    it('tells apart panels and sessions of the same id', async () => {
      const { storage, sessionId } = await withPanel(store);
      await storage.createPanel({ panelId: sessionId, type: 'brainstorm', personaIds: ['ada'] });
      await storage.addMessage('alice', sessionId, say('in the session', { messageId: 'm' }));
      await storage.addPanelMessage(sessionId, 'ada', say('in the panel', { messageId: 'm' }));
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual([
        'in the session',
      ]);
      expect(contentsOf(await storage.getPanelMessages(sessionId))).toStrictEqual(['in the panel']);
    });

    /** What is refused, and with which error. */
    const REFUSED: readonly (readonly [
      what: string,
      error: Parameters<typeof expectError>[1],
      call: (storage: FFStorageManager) => Promise<boolean>,
    ])[] = [
      [
        'a panel that does not exist',
        { code: 'not-found' },
        (storage) => storage.addPanelMessage('none', 'ada', say('x')),
      ],
      [
        'a persona that does not exist',
        { code: 'not-found' },
        (storage) => storage.addPanelMessage('panel', 'nobody', say('x')),
      ],
      [
        'a persona that does not belong to the panel',
        { type: FFValidationError, code: 'validation', field: 'personaId' },
        (storage) => storage.addPanelMessage('panel', 'outsider', say('x')),
      ],
      [
        'a response to what is nowhere',
        { type: FFValidationError, code: 'validation', field: 'responseTo' },
        (storage) => storage.addPanelMessage('panel', 'ada', { ...say('x'), responseTo: 'none' }),
      ],
      [
        'a response to itself',
        { type: FFValidationError, code: 'validation', field: 'responseTo' },
        (storage) => {
          const message = { ...say('x', { messageId: 'm' }), responseTo: 'm' };
          return storage.addPanelMessage('panel', 'ada', message);
        },
      ],
      [
        'a response to a message of another panel',
        { type: FFValidationError, code: 'validation', field: 'responseTo' },
        (storage) => storage.addPanelMessage('panel', 'ada', { ...say('x'), responseTo: 'there' }),
      ],
      [
        'a parent that is nowhere',
        { type: FFValidationError, code: 'validation', field: 'parentId' },
        (storage) => storage.addPanelMessage('panel', 'ada', say('x', { parentId: 'there' })),
      ],
    ];

    it.each(REFUSED)('refuses %s, and adds nothing', async (_, expected, call) => {
      const { storage } = await withPanel(store);
      await addPersonas(storage, ['outsider']);
      await storage.createPanel({ panelId: 'b', type: 'brainstorm', personaIds: ['outsider'] });
      await storage.addPanelMessage('b', 'outsider', say('x', { messageId: 'there' }));
      await speakAll(storage, ['here']);
      const before = await readPanels(storage);
      await expectError(call(storage), expected);
      expect(await readPanels(storage)).toStrictEqual(before);
    });

    it('accepts branches, as sessions do', async () => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['a', 'b']);
      await speakAll(storage, ['c'], { parentId: 'a' });
      await speakAll(storage, ['d']);
      await speakAll(storage, ['e'], { parentId: null });
      const messages = await storage.getPanelMessages('panel');
      expect(messages.map(({ parentId }) => parentId)).toStrictEqual([null, 'a', 'a', 'c', null]);
    });
  });

  describe('getPanelMessages', () => {
    it.each([
      ['all of them', {}, ['a', 'b', 'c', 'd', 'e']],
      ['the first', { limit: 2 }, ['a', 'b']],
      ['a page', { limit: 2, offset: 1 }, ['b', 'c']],
      ['the rest', { offset: 3 }, ['d', 'e']],
      ['nothing behind the end', { offset: 9 }, []],
      ['nothing', { limit: 0 }, []],
      ['all of them backwards', { reverse: true }, ['e', 'd', 'c', 'b', 'a']],
      ['the last', { limit: 2, reverse: true }, ['e', 'd']],
      ['a page from the end', { limit: 2, offset: 1, reverse: true }, ['d', 'c']],
      ['what is left at the beginning', { limit: 9, offset: 3, reverse: true }, ['b', 'a']],
      ['nothing before the beginning', { offset: 5, reverse: true }, []],
    ])('gives %s', async (_, page, expected) => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['a', 'b', 'c', 'd', 'e']);
      expect(contentsOf(await storage.getPanelMessages('panel', page))).toStrictEqual(expected);
    });

    it('gives nothing where there is no such panel', async () => {
      const { storage } = await withoutPanels(store);
      expect(await storage.getPanelMessages('none')).toStrictEqual([]);
    });
  });

  describe('searchMessages', () => {
    async function withOwnedPanel(): Promise<FFStorageManager> {
      const { storage } = await withoutPanels(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['ada', 'bo']);
      const personaIds = ['ada', 'bo'];
      await storage.createPanel({
        panelId: 'panel',
        type: 'expert_panel',
        personaIds,
        ownerId: 'alice',
      });
      return storage;
    }

    it('finds what was said in a panel for its owner, and for nobody else', async () => {
      const storage = await withOwnedPanel();
      await speakAll(storage, ['The treasure is under the oak']);
      const [hit, ...others] = await storage.searchMessages('alice', 'treasure');
      expect(others).toStrictEqual([]);
      expect(hit).toMatchObject({
        id: 'The treasure is under the oak',
        type: 'message',
        content: 'The treasure is under the oak',
        userId: 'alice',
        sessionId: 'panel',
        panelId: 'panel',
        personaId: 'ada',
        name: 'ada',
        role: 'user',
        relevanceScore: 1,
      });
      expect(await storage.searchMessages('bob', 'treasure')).toStrictEqual([]);
    });

    it('finds by the name of the persona, and only in the panels that are asked for', async () => {
      const storage = await withOwnedPanel();
      await addPersonas(storage, ['scribe'], { name: 'Bartholomew' });
      const personaIds = ['scribe'];
      for (const panelId of ['p1', 'p2']) {
        await storage.createPanel({ panelId, type: 'brainstorm', personaIds, ownerId: 'alice' });
        await storage.addPanelMessage(panelId, 'scribe', say(`noted in ${panelId}`));
      }
      const search = async (sessionIds?: string[]) =>
        contentsOf(await storage.searchMessages('alice', 'bartholomew', { sessionIds })).toSorted();
      expect(await search()).toStrictEqual(['noted in p1', 'noted in p2']);
      expect(await search(['p2'])).toStrictEqual(['noted in p2']);
      expect(await search([])).toStrictEqual([]);
    });

    it('finds, where a panel has no owner, what a user’s personas have said', async () => {
      const { storage } = await withoutPanels(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['hers'], { ownerId: 'alice' });
      await addPersonas(storage, ['his'], { ownerId: 'bob' });
      const personaIds = ['hers', 'his'];
      await storage.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds });
      await storage.addPanelMessage('panel', 'hers', say('her treasure'));
      await storage.addPanelMessage('panel', 'his', say('his treasure'));
      const search = async (userId: string) =>
        contentsOf(await storage.searchMessages(userId, 'treasure'));
      expect(await search('alice')).toStrictEqual(['her treasure']);
      expect(await search('bob')).toStrictEqual(['his treasure']);
    });

    it('follows a persona that is deleted or created anew', async () => {
      const { storage } = await withoutPanels(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['hers'], { ownerId: 'alice' });
      await addPersonas(storage, ['his'], { ownerId: 'bob' });
      const personaIds = ['hers', 'his'];
      await storage.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds });
      await storage.addPanelMessage('panel', 'hers', say('treasure'));
      const countHits = async () => [
        (await storage.searchMessages('alice', 'treasure')).length,
        (await storage.searchMessages('bob', 'treasure')).length,
      ];
      expect(await countHits()).toStrictEqual([1, 0]);
      await storage.deletePersona('hers');
      expect(await countHits()).toStrictEqual([0, 0]);
      await addPersonas(storage, ['hers'], { ownerId: 'bob' });
      expect(await countHits()).toStrictEqual([0, 1]);
    });

    it('finds nothing of a panel that was deleted', async () => {
      const storage = await withOwnedPanel();
      await speakAll(storage, ['treasure']);
      expect(await storage.searchMessages('alice', 'treasure')).toHaveLength(1);
      await storage.deletePanel('panel');
      expect(await storage.searchMessages('alice', 'treasure')).toStrictEqual([]);
    });

    if (!subject.persistent) return;

    it('finds it after the store was opened again', async () => {
      const { storage } = await openWithSession(subject);
      await addPersonas(storage, ['ada'], { ownerId: 'alice' });
      await storage.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['ada'] });
      await speakAll(storage, ['treasure']);
      const again = await reopen(subject, storage);
      expect(contentsOf(await again.searchMessages('alice', 'treasure'))).toStrictEqual([
        'treasure',
      ]);
    });
  });
}
