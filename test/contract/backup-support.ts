import type { FFStorageManager } from 'flatfile-chat';
import { withoutPanels } from './panel-support.ts';
import type { SharedStore, Subject } from './subject.ts';
import { say } from './support.ts';

/** A store with two users who have something of every kind. */
export interface FilledStore {
  readonly storage: FFStorageManager;
  readonly aliceSession: string;
  readonly bobSession: string;
}

export async function withoutBackups(store: SharedStore): Promise<FFStorageManager> {
  const { storage } = await withoutPanels(store);
  for (const { path } of await storage.listBackups()) await storage.deleteBackup(path);
  await store.empty();
  return storage;
}

/** The shared store, filled. */
export async function withFilledStore(store: SharedStore): Promise<FilledStore> {
  return fill(await withoutBackups(store));
}

/** A store of its own without anything in it. */
export function openEmpty({ open }: Subject): Promise<FFStorageManager> {
  return open();
}

/** A store of its own, filled. */
export async function openFilled(subject: Subject): Promise<FilledStore> {
  return fill(await subject.open());
}

async function fill(storage: FFStorageManager): Promise<FilledStore> {
  await storage.createUser('alice', { name: 'Alice', preferences: { theme: 'dark' } });
  const aliceSession = await storage.createSession('alice', 'On bridges', { mood: ['calm'] });
  await storage.createSession('alice', 'Empty');
  await storage.addMessages('alice', aliceSession, [
    say('the suspension bridge', { messageId: 'a1', metadata: { __proto: 1 } }),
    say('gone', { messageId: 'a2' }),
    say('before the edit', { messageId: 'a3', parts: [{ kind: 'drawing', of: null }] }),
    say('an answer 🦊', { messageId: 'a4', role: 'assistant', parentId: 'a1', name: 'Fox' }),
  ]);
  await storage.deleteMessage('alice', aliceSession, 'a2');
  await storage.updateMessage('alice', aliceSession, 'a3', { content: 'after the edit' });
  await storage.storeDocument(
    'alice',
    aliceSession,
    { originalName: 'Statics, part 1.txt', mimeType: 'text/plain', metadata: { pages: 1 } },
    'The catenary carries the cable.',
  );
  await storage.storeDocument(
    'alice',
    aliceSession,
    { originalName: 'noise.bin' },
    Uint8Array.from({ length: 1_000 }, (_, index) => (index * 7) % 256).buffer,
  );
  await storage.storeDocument('alice', aliceSession, { originalName: 'elsewhere.pdf', size: 9 });
  await storage.saveContext('alice', aliceSession, {
    contextId: 'c1',
    summary: 'Bridges.',
    keyPoints: ['cables'],
    entities: { topic: ['bridge'], prototype: ['Ammann'] },
    confidence: 0.5,
    messageRange: { firstMessageId: 'a1', lastMessageId: 'a4' },
  });

  await storage.createUser('bob');
  const bobSession = await storage.createSession('bob', 'On bread');
  await storage.addMessages('bob', bobSession, [say('sourdough', { messageId: 'b1' })]);

  await storage.createPersona({ personaId: 'global', name: 'Everyone’s' });
  await storage.createPersona({ personaId: 'hers', name: 'Hers', ownerId: 'alice', traits: ['x'] });
  await storage.createPersona({ personaId: 'his', name: 'His', ownerId: 'bob' });
  await storage.createPanel({
    panelId: 'her panel',
    type: 'brainstorm',
    personaIds: ['hers', 'global'],
    title: 'Hers',
    config: { rounds: 2 },
  });
  await storage.createPanel({ panelId: 'open panel', type: 'focus_group', personaIds: ['global'] });
  await storage.createPanel({ panelId: 'his panel', type: 'expert_panel', personaIds: ['his'] });
  await storage.addPanelMessage('her panel', 'hers', say('truss', { messageId: 'p1' }));
  const answer = { ...say('arch', { messageId: 'p2' }), responseTo: 'p1' };
  await storage.addPanelMessage('her panel', 'global', answer);
  await storage.addPanelMessage('open panel', 'global', say('open', { messageId: 'p1' }));
  return { storage, aliceSession, bobSession };
}

/** Changes something of every kind, of both users. */
export async function changeEverything({
  storage,
  aliceSession,
  bobSession,
}: FilledStore): Promise<void> {
  await storage.updateUserProfile('alice', { name: 'Someone else' });
  await storage.updateSession('alice', aliceSession, { title: 'Renamed' });
  await storage.addMessages('alice', aliceSession, [say('intruder', { messageId: 'a5' })]);
  await storage.updateMessage('alice', aliceSession, 'a1', { content: 'overwritten' });
  await storage.deleteMessage('alice', aliceSession, 'a4');
  const [document] = await storage.listDocuments('alice');
  await storage.deleteDocument('alice', aliceSession, document?.documentId ?? 'none');
  await storage.createSession('alice', 'Another');
  await storage.saveContext('alice', aliceSession, { contextId: 'c1', summary: 'Else.' });
  await storage.deletePersona('hers');
  await storage.addPanelMessage('her panel', 'global', say('later', { messageId: 'p3' }));
  await storage.createPersona({ personaId: 'new of hers', name: 'New', ownerId: 'alice' });
  await storage.addMessage('bob', bobSession, say('rye', { messageId: 'b2' }));
}

/** An archive, whole. */
export async function exportBlob(storage: FFStorageManager, userId?: string): Promise<Blob> {
  return new Response(await storage.exportBackup({ userId })).blob();
}
