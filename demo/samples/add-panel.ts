import type { FFStorageManager } from 'flatfile-chat';
import type { SamplePanel } from './sample.ts';
import { timesOf } from './times.ts';

/** Creates a panel with its personas. What is there already stays as it is. */
export async function addPanel(
  storage: FFStorageManager,
  userId: string,
  sample: SamplePanel,
): Promise<void> {
  const { panelId, type, title, personas, messages } = sample;
  for (const { hue, ...persona } of personas) {
    await storage.createPersona({ ...persona, ownerId: userId, metadata: { hue } });
  }
  if ((await storage.getPanel(panelId)) === null) {
    const personaIds = personas.map(({ personaId }) => personaId);
    await storage.createPanel({ panelId, type, title, personaIds, ownerId: userId });
  }
  const namesById = new Map(personas.map(({ personaId, name }) => [personaId, name]));
  const times = timesOf(sample, Date.now());
  for (const [index, { personaId, content, answers }] of messages.entries()) {
    await storage.addPanelMessage(panelId, personaId, {
      messageId: messageIdOf(panelId, index),
      role: 'assistant',
      name: namesById.get(personaId),
      content,
      timestamp: times[index],
      responseTo: answers === undefined ? undefined : messageIdOf(panelId, answers),
    });
  }
}

function messageIdOf(panelId: string, index: number): string {
  return `${panelId}-${index + 1}`;
}
