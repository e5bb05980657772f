import type { FFPanelMessageInput, FFPersonaInput, FFStorageManager } from 'flatfile-chat';
import { expect } from 'vitest';
import type { SharedStore, StoreWithSession } from './subject.ts';
import { say } from './support.ts';

/** The store with alice and her session, and without any persona or panel. */
export async function withoutPanels(store: SharedStore): Promise<StoreWithSession> {
  const current = await store.withSession();
  const { storage } = current;
  for (const { panelId } of await storage.listPanels()) await storage.deletePanel(panelId);
  for (const { personaId } of await storage.listPersonas()) await storage.deletePersona(personaId);
  return current;
}

/** Creates personas whose names are their ids. */
export async function addPersonas(
  storage: FFStorageManager,
  personaIds: readonly string[],
  rest: Partial<FFPersonaInput> = {},
): Promise<void> {
  for (const personaId of personaIds) {
    expect(await storage.createPersona({ name: personaId, ...rest, personaId })).toBe(true);
  }
}

/** The store with a panel of Ada and Bo, who belong to nobody. */
export async function withPanel(store: SharedStore): Promise<StoreWithSession> {
  const current = await withoutPanels(store);
  await addPersonas(current.storage, ['ada', 'bo']);
  await current.storage.createPanel({
    panelId: 'panel',
    type: 'expert_panel',
    personaIds: ['ada', 'bo'],
  });
  return current;
}

/** Lets Ada say something; the ids are the contents. */
export async function speakAll(
  storage: FFStorageManager,
  contents: readonly string[],
  rest: Partial<FFPanelMessageInput> = {},
): Promise<void> {
  for (const content of contents) {
    const message = { ...say(content), messageId: content, ...rest };
    expect(await storage.addPanelMessage('panel', 'ada', message)).toBe(true);
  }
}

/** All personas and panels with what was said in them, to be compared with what they are later. */
export async function readPanels(storage: FFStorageManager, ownerId?: string) {
  const panels = await Promise.all(
    (await storage.listPanels()).map(async (panel) => {
      return { panel, messages: await storage.getPanelMessages(panel.panelId) };
    }),
  );
  return { personas: await storage.listPersonas({ ownerId }), panels };
}
