import { FFUserNotFoundError, FFValidationError, type FFPanelType } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { addPersonas, readPanels, speakAll, withoutPanels, withPanel } from './panel-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { expectError, say, UTC } from './support.ts';

const TYPES: readonly FFPanelType[] = [
  'multi_persona',
  'focus_group',
  'expert_panel',
  'brainstorm',
];

/** What the contract says of panels, without what is said in them. */
export function panelsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('createPanel', () => {
    it.each(TYPES)('creates a panel of the type %s', async (type) => {
      const { storage } = await withoutPanels(store);
      await addPersonas(storage, ['bo', 'ada']);
      const panelId = await storage.createPanel({ type, personaIds: ['bo', 'ada'] });
      const panel = await storage.getPanel(panelId);
      expect(panel).toStrictEqual({
        panelId,
        type,
        personaIds: ['bo', 'ada'],
        createdAt: expect.stringMatching(UTC),
        updatedAt: panel?.createdAt,
        messageCount: 0,
      });
      expect(await storage.getPanelMessages(panelId)).toStrictEqual([]);
    });

    it('keeps everything that is given', async () => {
      const { storage } = await withoutPanels(store);
      await addPersonas(storage, ['ada']);
      const panel = {
        panelId: 'constructor',
        type: 'brainstorm' as const,
        personaIds: ['ada'],
        title: 'Names for the boat',
        ownerId: 'alice',
        config: { rounds: 3, order: ['ada'] },
        metadata: { room: { floor: 2 } },
      };
      expect(await storage.createPanel(panel)).toBe('constructor');
      expect(await storage.getPanel('constructor')).toStrictEqual({
        ...panel,
        createdAt: expect.stringMatching(UTC),
        updatedAt: expect.stringMatching(UTC),
        messageCount: 0,
      });
    });

    it('gives the id, and changes nothing, when the panel is there already', async () => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['first']);
      const before = await readPanels(storage);
      const again = { panelId: 'panel', type: 'brainstorm' as const, personaIds: ['bo'] };
      expect(await storage.createPanel(again)).toBe('panel');
      expect(await storage.createPanel({ ...again, personaIds: ['nobody'] })).toBe('panel');
      expect(await readPanels(storage)).toStrictEqual(before);
    });

    it('refuses a persona that does not exist, and names it', async () => {
      const { storage } = await withoutPanels(store);
      await addPersonas(storage, ['ada']);
      const personaIds = ['ada', 'nobody'];
      const error = await expectError(
        storage.createPanel({ panelId: 'p', type: 'brainstorm', personaIds }),
        { code: 'not-found' },
      );
      expect(error.message).toContain('"nobody"');
      expect(await storage.getPanel('p')).toBeNull();
      expect(await storage.listPanels()).toStrictEqual([]);
    });

    it('refuses an owner who does not exist', async () => {
      const { storage } = await withoutPanels(store);
      await addPersonas(storage, ['ada']);
      const panel = { type: 'brainstorm' as const, personaIds: ['ada'], ownerId: 'nobody' };
      await expectError(storage.createPanel(panel), {
        type: FFUserNotFoundError,
        code: 'user-not-found',
      });
      expect(await storage.listPanels()).toStrictEqual([]);
    });

    it('heeds panel.maxPersonas as it is now', async () => {
      const storage = await subject.open({ panel: { maxPersonas: 1 } });
      await addPersonas(storage, ['ada', 'bo']);
      const panel = { type: 'brainstorm' as const, personaIds: ['ada', 'bo'] };
      await expectError(storage.createPanel(panel), {
        type: FFValidationError,
        code: 'validation',
        field: 'personaIds',
      });
      await storage.updateConfiguration({ panel: { maxPersonas: 2 } });
      const panelId = await storage.createPanel(panel);
      expect(await storage.getPanel(panelId)).toMatchObject({ personaIds: ['ada', 'bo'] });
    });

    it.each([
      ['the one owner of its personas', ['hers', 'hers too'], 'alice'],
      ['the one owner of those that have any', ['global', 'hers'], 'alice'],
      ['nobody when they have several owners', ['hers', 'his'], undefined],
      ['nobody when none is owned', ['global'], undefined],
    ])('makes it belong to %s', async (_, personaIds, ownerId) => {
      const { storage } = await withoutPanels(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['global']);
      await addPersonas(storage, ['hers', 'hers too'], { ownerId: 'alice' });
      await addPersonas(storage, ['his'], { ownerId: 'bob' });
      const panelId = await storage.createPanel({ type: 'focus_group', personaIds });
      expect((await storage.getPanel(panelId))?.ownerId).toBe(ownerId);
    });

    it('prefers the owner that is given', async () => {
      const { storage } = await withoutPanels(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['hers'], { ownerId: 'alice' });
      const panel = { type: 'focus_group' as const, personaIds: ['hers'], ownerId: 'bob' };
      const panelId = await storage.createPanel(panel);
      expect(await storage.getPanel(panelId)).toMatchObject({ ownerId: 'bob' });
    });
  });

  describe('getPanel', () => {
    it('gives null where there is none', async () => {
      const { storage } = await withoutPanels(store);
      expect(await storage.getPanel('none')).toBeNull();
    });

    it('takes no session for a panel', async () => {
      const { storage, sessionId } = await withPanel(store);
      expect(await storage.getPanel(sessionId)).toBeNull();
      expect(await storage.getSession('alice', 'panel')).toBeNull();
      expect(await storage.listUsers()).toStrictEqual(['alice']);
    });
  });

  describe('listPanels', () => {
    it('gives the panels, the one with the newest activity first', async () => {
      const { storage } = await withPanel(store);
      for (const panelId of ['second', 'third']) {
        await storage.createPanel({ panelId, type: 'brainstorm', personaIds: ['ada'] });
      }
      const list = async () => (await storage.listPanels()).map(({ panelId }) => panelId);
      expect(await list()).toStrictEqual(['third', 'second', 'panel']);
      await speakAll(storage, ['hello']);
      expect(await list()).toStrictEqual(['panel', 'third', 'second']);
      expect((await storage.listPanels())[0]).toStrictEqual(await storage.getPanel('panel'));
    });

    it('gives nothing where there are none', async () => {
      const { storage } = await withoutPanels(store);
      expect(await storage.listPanels()).toStrictEqual([]);
    });
  });

  describe('deletePanel', () => {
    it('deletes a panel with what was said in it', async () => {
      const { storage } = await withPanel(store);
      await storage.createPanel({ panelId: 'other', type: 'brainstorm', personaIds: ['ada'] });
      await speakAll(storage, ['hello']);
      expect(await storage.deletePanel('panel')).toBe(true);
      expect(await storage.getPanel('panel')).toBeNull();
      expect(await storage.getPanelMessages('panel')).toStrictEqual([]);
      expect(await storage.deletePanel('panel')).toBe(false);
      expect((await storage.listPanels()).map(({ panelId }) => panelId)).toStrictEqual(['other']);
      expect(await storage.getPersona('ada')).not.toBeNull();
    });

    it('leaves nothing that a new panel of the same id would hold', async () => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['hello']);
      await storage.deletePanel('panel');
      await storage.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['ada'] });
      expect(await storage.getPanel('panel')).toMatchObject({ messageCount: 0 });
      expect(await storage.getPanelMessages('panel')).toStrictEqual([]);
      await speakAll(storage, ['hello']);
      expect(await storage.getPanelMessages('panel')).toMatchObject([{ parentId: null }]);
    });

    it('gives false where there is none', async () => {
      const { storage } = await withoutPanels(store);
      expect(await storage.deletePanel('none')).toBe(false);
    });

    it('is followed by what was asked for after it', async () => {
      const { storage } = await withPanel(store);
      const results = await Promise.all([
        storage.deletePanel('panel'),
        storage.getPanel('panel'),
        storage.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['bo'] }),
        storage.addPanelMessage('panel', 'bo', say('a new start')),
        storage.getPanel('panel'),
      ]);
      expect(results).toMatchObject([
        true,
        null,
        'panel',
        true,
        { personaIds: ['bo'], messageCount: 1 },
      ]);
    });
  });

  if (!subject.persistent) return;

  it('are there after the store was opened again', async () => {
    const { storage } = await openWithSession(subject);
    await addPersonas(storage, ['ada', 'bo'], { ownerId: 'alice' });
    for (const panelId of ['gone', 'panel', 'empty']) {
      await storage.createPanel({ panelId, type: 'expert_panel', personaIds: ['ada', 'bo'] });
    }
    await speakAll(storage, ['a', 'b', 'c']);
    await storage.deletePanel('gone');
    const before = await readPanels(storage, 'alice');
    expect(before.panels).toMatchObject([
      { panel: { panelId: 'panel', messageCount: 3 }, messages: [{}, {}, {}] },
      { panel: { panelId: 'empty', messageCount: 0 }, messages: [] },
    ]);
    expect(await readPanels(await reopen(subject, storage), 'alice')).toStrictEqual(before);
  });
}
