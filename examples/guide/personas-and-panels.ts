import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('hana');

  // One for everybody, and one that belongs to hana.
  await storage.createPersona({
    personaId: 'critic',
    name: 'The critic',
    traits: ['blunt', 'fair'],
    expertise: ['security'],
    communicationStyle: 'short sentences',
  });
  await storage.createPersona({ personaId: 'optimist', name: 'The optimist', ownerId: 'hana' });
  console.log(await storage.createPersona({ personaId: 'critic', name: 'Another' })); // false

  const all = await storage.listPersonas({ ownerId: 'hana' });
  console.log(all.map(({ personaId }) => personaId)); // [ 'critic', 'optimist' ]

  const panelId = await storage.createPanel({
    type: 'expert_panel',
    personaIds: ['critic', 'optimist'],
    title: 'Shall we launch on Friday?',
  });
  await storage.addPanelMessage(panelId, 'optimist', {
    messageId: 'yes',
    role: 'assistant',
    content: 'Friday is perfect, everybody is in a good mood.',
  });
  await storage.addPanelMessage(panelId, 'critic', {
    role: 'assistant',
    content: 'Nobody is there on Saturday to repair it.',
    responseTo: 'yes',
  });

  const [latest] = await storage.getPanelMessages(panelId, { limit: 1, reverse: true });
  console.log(latest?.personaId, latest?.responseTo); // critic yes

  // The panel became hana's, because all of its owned personas are hers: she finds its messages.
  const [hit] = await storage.searchMessages('hana', 'repaired');
  console.log(hit?.panelId === panelId, hit?.personaId); // true critic
}
