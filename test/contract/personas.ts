import { FFUserNotFoundError } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { addPersonas, readPanels, speakAll, withoutPanels, withPanel } from './panel-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { contentsOf, expectError, say, UTC } from './support.ts';

/** What the contract says of personas. */
export function personasContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('createPersona', () => {
    it('creates a persona from a name alone', async () => {
      const { storage } = await withoutPanels(store);
      const before = Date.now();
      expect(await storage.createPersona({ name: 'Ada' })).toBe(true);
      const [persona] = await storage.listPersonas();
      expect(persona).toStrictEqual({
        personaId: expect.stringMatching(/./),
        name: 'Ada',
        createdAt: expect.stringMatching(UTC),
        updatedAt: persona?.createdAt,
      });
      const createdAt = Date.parse(persona?.createdAt ?? '');
      expect(createdAt).toBeGreaterThanOrEqual(before);
      expect(createdAt).toBeLessThanOrEqual(Date.now());
    });

    it('keeps everything that is given', async () => {
      const { storage } = await withoutPanels(store);
      const persona = {
        personaId: '__proto__',
        name: 'Ada 🦊',
        description: 'Counts everything.',
        traits: ['exact', 'kind'],
        expertise: ['mathematics'],
        communicationStyle: 'Short sentences.',
        ownerId: 'alice',
        metadata: { model: 'small', weights: [0.5, 1] },
      };
      expect(await storage.createPersona(persona)).toBe(true);
      expect(await storage.getPersona('__proto__')).toStrictEqual({
        ...persona,
        createdAt: expect.stringMatching(UTC),
        updatedAt: expect.stringMatching(UTC),
      });
    });

    it('gives false for an id that is taken, and changes nothing', async () => {
      const { storage } = await withoutPanels(store);
      await addPersonas(storage, ['ada'], { description: 'The first.' });
      const before = await readPanels(storage, 'alice');
      const again = { personaId: 'ada', name: 'Impostor', ownerId: 'alice' };
      expect(await storage.createPersona(again)).toBe(false);
      expect(await storage.createPersona({ ...again, ownerId: 'nobody' })).toBe(false);
      expect(await readPanels(storage, 'alice')).toStrictEqual(before);
    });

    it('refuses an owner who does not exist, and creates nothing', async () => {
      const { storage } = await withoutPanels(store);
      await expectError(storage.createPersona({ personaId: 'p', name: 'P', ownerId: 'nobody' }), {
        type: FFUserNotFoundError,
        code: 'user-not-found',
      });
      expect(await storage.getPersona('p')).toBeNull();
      expect(await storage.listUsers()).toStrictEqual(['alice']);
    });

    it('sees a user whose creation was asked for before it', async () => {
      const { storage } = await withoutPanels(store);
      const results = await Promise.all([
        storage.createUser('bob'),
        storage.createPersona({ personaId: 'his', name: 'His', ownerId: 'bob' }),
        storage.createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['his'] }),
        storage.addPanelMessage('p', 'his', say('hello')),
        storage.deleteUser('bob'),
        storage.listUsers(),
        storage.deleteUser('bob', { force: true }),
        storage.getPanel('p'),
        expectError(storage.createPersona({ name: 'Late', ownerId: 'bob' }), {
          code: 'user-not-found',
        }),
      ]);
      expect(results.slice(0, 8)).toStrictEqual([
        true,
        true,
        'p',
        true,
        false,
        ['alice', 'bob'],
        true,
        null,
      ]);
      expect(await storage.listPersonas({ ownerId: 'bob' })).toStrictEqual([]);
    });
  });

  describe('getPersona', () => {
    it('gives null where there is none', async () => {
      const { storage } = await withoutPanels(store);
      expect(await storage.getPersona('nobody')).toBeNull();
    });
  });

  describe('listPersonas', () => {
    it('gives the global ones and, when asked for, those of one owner, as they were created', async () => {
      const { storage } = await withoutPanels(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['z']);
      await addPersonas(storage, ['hers'], { ownerId: 'alice' });
      await addPersonas(storage, ['his'], { ownerId: 'bob' });
      await addPersonas(storage, ['a']);
      const list = async (ownerId?: string) =>
        (await storage.listPersonas({ ownerId })).map(({ personaId }) => personaId);
      expect(await list()).toStrictEqual(['z', 'a']);
      expect(await list('alice')).toStrictEqual(['z', 'hers', 'a']);
      expect(await list('bob')).toStrictEqual(['z', 'his', 'a']);
      expect(await list('nobody')).toStrictEqual(['z', 'a']);
    });
  });

  describe('deletePersona', () => {
    it('deletes a persona, which can be created anew', async () => {
      const { storage } = await withoutPanels(store);
      await addPersonas(storage, ['ada', 'bo']);
      expect(await storage.deletePersona('ada')).toBe(true);
      expect(await storage.getPersona('ada')).toBeNull();
      expect(await storage.deletePersona('ada')).toBe(false);
      await addPersonas(storage, ['ada']);
      const ids = (await storage.listPersonas()).map(({ personaId }) => personaId);
      expect(ids).toStrictEqual(['bo', 'ada']);
    });

    it('leaves its panels as they are, and what it has said', async () => {
      const { storage } = await withPanel(store);
      await speakAll(storage, ['I was here']);
      const { panels: before } = await readPanels(storage);
      expect(await storage.deletePersona('ada')).toBe(true);
      expect((await readPanels(storage)).panels).toStrictEqual(before);
    });

    it('keeps it from speaking and from new panels', async () => {
      const { storage } = await withPanel(store);
      await storage.deletePersona('ada');
      await expectError(storage.addPanelMessage('panel', 'ada', say('Boo')), { code: 'not-found' });
      await expectError(storage.createPanel({ type: 'brainstorm', personaIds: ['bo', 'ada'] }), {
        code: 'not-found',
      });
      expect(await storage.addPanelMessage('panel', 'bo', say('Where is Ada?'))).toBe(true);
      expect(contentsOf(await storage.getPanelMessages('panel'))).toStrictEqual(['Where is Ada?']);
    });
  });

  describe('deleteUser', () => {
    it('gives false for a user who owns a persona, and deletes nothing', async () => {
      const { storage } = await withoutPanels(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['his'], { ownerId: 'bob' });
      expect(await storage.deleteUser('bob')).toBe(false);
      expect(await storage.getPersona('his')).toMatchObject({ ownerId: 'bob' });
      await storage.deletePersona('his');
      expect(await storage.deleteUser('bob')).toBe(true);
    });

    it('gives false for a user who owns a panel, and deletes nothing', async () => {
      const { storage } = await withPanel(store);
      await storage.createUser('bob');
      await storage.createPanel({
        panelId: 'his',
        type: 'focus_group',
        personaIds: ['ada'],
        ownerId: 'bob',
      });
      expect(await storage.deleteUser('bob')).toBe(false);
      expect(await storage.getPanel('his')).toMatchObject({ ownerId: 'bob' });
      await storage.deletePanel('his');
      expect(await storage.deleteUser('bob')).toBe(true);
    });

    it('deletes the personas and panels of the user when forced, and nobody else’s', async () => {
      const { storage } = await withPanel(store);
      await storage.createUser('bob');
      await addPersonas(storage, ['his'], { ownerId: 'bob' });
      await addPersonas(storage, ['hers'], { ownerId: 'alice' });
      const mixed = ['ada', 'his', 'hers'];
      await storage.createPanel({ panelId: 'mixed', type: 'brainstorm', personaIds: mixed });
      await storage.createPanel({ panelId: 'his panel', type: 'brainstorm', personaIds: ['his'] });
      await storage.addPanelMessage('mixed', 'his', say('I said so'));
      await storage.addPanelMessage('his panel', 'his', say('to myself'));

      expect(await storage.deleteUser('bob', { force: true })).toBe(true);
      expect(await storage.getPersona('his')).toBeNull();
      expect(await storage.getPersona('hers')).not.toBeNull();
      expect(await storage.getPersona('ada')).not.toBeNull();
      expect(await storage.getPanel('his panel')).toBeNull();
      expect(await storage.getPanelMessages('his panel')).toStrictEqual([]);
      expect(await storage.getPanel('panel')).not.toBeNull();
      expect(await storage.getPanel('mixed')).toMatchObject({ personaIds: mixed });
      expect(contentsOf(await storage.getPanelMessages('mixed'))).toStrictEqual(['I said so']);
    });

    it('leaves nothing that a new user of the same id would own', async () => {
      const { storage } = await withoutPanels(store);
      await addPersonas(storage, ['hers'], { ownerId: 'alice' });
      await storage.createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['hers'] });
      await storage.addPanelMessage('p', 'hers', say('a secret'));
      await storage.deleteUser('alice', { force: true });
      await storage.createUser('alice');
      expect(await readPanels(storage, 'alice')).toStrictEqual({ personas: [], panels: [] });
      expect(await storage.searchMessages('alice', 'secret')).toStrictEqual([]);
      expect(await storage.deleteUser('alice')).toBe(true);
    });
  });

  if (!subject.persistent) return;

  it('are there after the store was opened again', async () => {
    const { storage } = await openWithSession(subject);
    await addPersonas(storage, ['z', 'gone', 'a'], { traits: ['kind'] });
    await addPersonas(storage, ['hers'], { ownerId: 'alice' });
    await storage.deletePersona('gone');
    const before = await readPanels(storage, 'alice');
    expect(before.personas.map(({ personaId }) => personaId)).toStrictEqual(['z', 'a', 'hers']);
    expect(await readPanels(await reopen(subject, storage), 'alice')).toStrictEqual(before);
  });
}
