import { describe, expect, it } from 'vitest';
import type { NewPanelMessage } from '../../../src/shared/contract.ts';
import type { Engine } from '../../../worker/engine.ts';
import { catalogFile, SHARED_SPACE, spaceFolder } from '../../../worker/store/layout.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine, openTestStore } from '../../support/stores.ts';

type Api = Engine['api'];

const ALL = { offset: 0, reverse: false };

const say = (messageId: string): NewPanelMessage => ({
  messageId,
  role: 'user',
  content: `text of ${messageId}`,
});

/** Alice and Bob, a persona of each, a panel of each, and one that belongs to nobody. */
async function createPanels(): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const { api, close } = await openTestEngine(disk, createClock());
  for (const userId of ['alice', 'bob']) {
    await api.createUser(userId, {});
    await api.createPersona({ personaId: `of ${userId}`, name: userId, ownerId: userId });
    await api.createPanel({
      panelId: `panel of ${userId}`,
      type: 'brainstorm',
      personaIds: [`of ${userId}`],
    });
    await api.addPanelMessage(`panel of ${userId}`, `of ${userId}`, say('a'));
  }
  const personaIds = ['of alice', 'of bob'];
  await api.createPanel({ panelId: 'shared', type: 'focus_group', personaIds });
  for (const [index, personaId] of personaIds.entries()) {
    await api.addPanelMessage('shared', personaId, say(`m${index}`));
  }
  await close();
  return disk.disk('flushed');
}

async function readAll(api: Api, userId: string) {
  const panels = await api.listPanels();
  const messages = await Promise.all(
    panels.map(({ panelId }) => api.getPanelMessages(panelId, ALL)),
  );
  return {
    personaIds: (await api.listPersonas(userId)).map(({ personaId }) => personaId),
    panelIds: panels.map(({ panelId }) => panelId),
    messages: messages.flat().map(({ messageId, personaId }) => `${personaId}: ${messageId}`),
  };
}

describe('a panel', () => {
  it('keeps a message out that was deleted', async () => {
    const disk = await createPanels();
    const store = await openTestStore(disk);
    await store.write(SHARED_SPACE, async () => {
      await store.shared();
      const found = await (await store.messages(SHARED_SPACE, 'shared')).find('m0');
      const message = found?.message;
      if (message === null || message === undefined) throw new Error('There is no message m0.');
      return store.change(SHARED_SPACE, 'shared', (log) => log.delete(0, message, 1));
    });
    await store.close();
    const { api, close } = await openTestEngine(disk);
    expect(await api.addPanelMessage('shared', 'of bob', say('m0'))).toBe(false);
    const response = { ...say('m2'), responseTo: 'm0' };
    await expect(api.addPanelMessage('shared', 'of bob', response)).rejects.toMatchObject({
      code: 'validation',
      field: 'responseTo',
    });
    expect(await api.getPanelMessages('shared', ALL)).toMatchObject([{ messageId: 'm1' }]);
    await close();
  });

  it('of which the record is damaged can be read and deleted', async () => {
    const disk = await createPanels();
    const path = catalogFile(spaceFolder(SHARED_SPACE));
    const bytes = disk.bytesOf(path) ?? new Uint8Array(0);
    const at = new TextDecoder('latin1').decode(bytes).indexOf('"focus_group"');
    expect(at).toBeGreaterThan(0);
    bytes[at] = 0x7e;
    const content = new Map(
      disk.paths.map((name) => [name, disk.bytesOf(name) ?? new Uint8Array(0)]),
    );
    const { api, close } = await openTestEngine(createFaultyBackend({}, content.set(path, bytes)));
    expect(await api.getPanel('shared')).toEqual({
      panelId: 'shared',
      type: 'multi_persona',
      personaIds: [],
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      messageCount: 2,
    });
    expect(await api.getPanelMessages('shared', ALL)).toMatchObject([
      { messageId: 'm0' },
      { messageId: 'm1' },
    ]);
    await expect(api.addPanelMessage('shared', 'of bob', say('m2'))).rejects.toMatchObject({
      code: 'validation',
      field: 'personaId',
    });
    expect(await api.deletePanel('shared')).toBe(true);
    expect(await readAll(api, 'bob')).toEqual({
      personaIds: ['of bob'],
      panelIds: ['panel of bob', 'panel of alice'],
      messages: ['of bob: a', 'of alice: a'],
    });
    await close();
  });

  it('belongs to nobody where the owner of its personas is gone', async () => {
    const disk = await createPanels();
    const store = await openTestStore(disk);
    // As nothing but a restore of alone the shared space could leave it.
    await store.write('alice', async () => {
      await store.deleteUser('alice', 1);
      return { value: undefined, durable: Promise.resolve() };
    });
    await store.close();
    const { api, close } = await openTestEngine(disk);
    await api.createPanel({ panelId: 'new', type: 'brainstorm', personaIds: ['of alice'] });
    expect(await api.getPanel('new')).not.toHaveProperty('ownerId');
    expect(await api.addPanelMessage('panel of alice', 'of alice', say('b'))).toBe(true);
    expect(await api.deleteUser('alice', true)).toBe(false);
    expect(await readAll(api, 'alice')).toMatchObject({ personaIds: ['of alice'] });
    await close();
  });
});

describe('the deletion of an owner', () => {
  it('that dies at any step deletes the owner or leaves what can be deleted', async () => {
    const prepared = await createPanels();
    async function deleteAlice(disk: FaultyBackend): Promise<boolean> {
      try {
        const { api } = await openTestEngine(disk, createClock());
        return await api.deleteUser('alice', true);
      } catch (error) {
        if (!disk.crashed) throw error;
        return false;
      }
    }
    const whole = prepared.disk('flushed');
    expect(await deleteAlice(whole)).toBe(true);
    const outcomes = new Set<string>();
    for (let step = 0; step < whole.steps; step++) {
      const disk = prepared.disk('flushed');
      disk.crashAt({ step, part: 0.5 });
      await deleteAlice(disk);
      const where = `step ${step}`;
      const { api, close } = await openTestEngine(disk.disk('flushed'), createClock());
      const { personaIds, panelIds, messages } = await readAll(api, 'alice');
      const exists = await api.userExists('alice');
      const isOwner = personaIds.length > 0 || panelIds.includes('panel of alice');
      outcomes.add(`${exists ? 'there' : 'gone'}, ${isOwner ? 'an owner' : 'without anything'}`);
      expect(await api.deleteUser('alice', true), where).toBe(exists);
      expect(await readAll(api, 'alice'), where).toEqual({
        personaIds: [],
        panelIds: ['shared', 'panel of bob'],
        messages: ['of alice: m0', 'of bob: m1', 'of bob: a'],
      });
      expect(messages, where).toEqual(expect.arrayContaining(['of alice: m0', 'of bob: a']));
      expect(await api.getPersona('of bob'), where).toMatchObject({ ownerId: 'bob' });
      await close();
    }
    expect([...outcomes]).toEqual([
      'there, an owner',
      'there, without anything',
      'gone, without anything',
    ]);
  });

  it('that fails leaves the owner, and can be tried again', async () => {
    const disk = await createPanels();
    const { api, close } = await openTestEngine(disk);
    await api.listPanels();
    disk.failOnce('write', { path: catalogFile(spaceFolder(SHARED_SPACE)) });
    await expect(api.deleteUser('alice', true)).rejects.toMatchObject({ code: 'io' });
    expect(await api.userExists('alice')).toBe(true);
    expect((await readAll(api, 'alice')).personaIds).toEqual(['of alice']);
    expect(await api.deleteUser('alice', true)).toBe(true);
    expect((await readAll(api, 'alice')).personaIds).toEqual([]);
    await close();
  });
});
