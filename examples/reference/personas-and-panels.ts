import type { FFStorageManager } from 'flatfile-chat';

export async function createPersona(storage: FFStorageManager): Promise<void> {
  const persona = { personaId: 'mentor', name: 'The mentor', traits: ['patient'] };
  console.log(await storage.createPersona(persona)); // true
  console.log(await storage.createPersona(persona)); // false
}

export async function getPersona(storage: FFStorageManager): Promise<void> {
  await storage.createPersona({ personaId: 'mentor', name: 'The mentor', expertise: ['physics'] });
  const persona = await storage.getPersona('mentor');
  console.log(persona?.name, persona?.expertise); // The mentor [ 'physics' ]
  console.log(await storage.getPersona('nobody')); // null
}

export async function createPanel(storage: FFStorageManager): Promise<void> {
  await storage.createPersona({ personaId: 'mentor', name: 'The mentor' });
  await storage.createPersona({ personaId: 'pupil', name: 'The pupil' });
  const panelId = await storage.createPanel({
    type: 'multi_persona',
    personaIds: ['mentor', 'pupil'],
    title: 'A lesson',
  });
  const panel = await storage.getPanel(panelId);
  console.log(panel?.type, panel?.personaIds); // multi_persona [ 'mentor', 'pupil' ]
}

export async function addPanelMessage(storage: FFStorageManager): Promise<void> {
  await storage.createPersona({ personaId: 'mentor', name: 'The mentor' });
  const personaIds = ['mentor'];
  const panelId = await storage.createPanel({ type: 'expert_panel', personaIds });
  const added = await storage.addPanelMessage(panelId, 'mentor', {
    role: 'assistant',
    content: 'Let us begin with gravity.',
  });
  console.log(added); // true

  const [message] = await storage.getPanelMessages(panelId);
  console.log(message?.personaId, message?.content); // mentor Let us begin with gravity.
}
