import type { EngineApi } from '../../src/shared/contract.ts';
import { FORMAT_VERSION } from '../../worker/store/format.ts';
import { createFaultyBackend } from './faulty-backend.ts';
import { createClock, openTestEngine } from './stores.ts';

const TEXT = 'Feed the starter. Wait for an hour.';

/** Writes a store with one of everything; gives its files. */
export async function makeFixture(): Promise<{
  readonly format: number;
  readonly files: ReadonlyMap<string, Uint8Array>;
}> {
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk, createClock(), { storage: { reserveBytes: 0 } });
  const { api } = engine;
  await fill(api);
  await api.optimizeStorage('Bob@example.com');
  await api.whenIdle();
  await engine.close();
  const files = new Map(disk.paths.map((path) => [path, disk.bytesOf(path) ?? new Uint8Array(0)]));
  return { format: FORMAT_VERSION, files };
}

async function fill(api: EngineApi): Promise<void> {
  for (const userId of ['alice', 'Bob@example.com']) {
    await api.createUser(userId, { name: userId, preferences: { theme: 'dark' } });
    await api.createSession(userId, {
      sessionId: 'first',
      title: 'Grüße',
      metadata: { pinned: true },
    });
    await api.addMessages(userId, 'first', [
      { messageId: 'a', role: 'user', content: 'How do I bake bread? 🍞' },
      { messageId: 'b', role: 'assistant', content: 'Slowly.', name: 'Ann', parts: [{ n: 1 }] },
      { messageId: 'c', role: 'tool', content: '', parts: { temperature: 230 } },
    ]);
    await api.addMessage(userId, 'first', { messageId: 'd', role: 'system', content: 'Typo' });
    await api.updateMessage(userId, 'first', 'a', { content: 'How do I bake rye bread? 🍞' });
    await api.deleteMessage(userId, 'first', 'd');
    await api.createSession(userId, { sessionId: 'empty', title: 'Nothing yet' });
    const document = { documentId: 'doc', filename: 'n.txt', originalName: 'n.txt' };
    await api.storeDocument(
      userId,
      'first',
      { ...document, mimeType: 'text/plain' },
      new Blob([TEXT], { type: 'text/plain' }),
    );
    await api.saveContext(userId, 'first', {
      contextId: `about ${userId}`,
      summary: 'About bread.',
      keyPoints: ['Rye'],
      entities: { food: ['bread'] },
      confidence: 0.5,
    });
  }
  await api.createPersona({ personaId: 'baker', name: 'Baker', ownerId: 'alice' });
  await api.createPanel({ panelId: 'round', type: 'brainstorm', personaIds: ['baker'] });
  const said = { messageId: 'x', role: 'assistant' as const, content: 'Knead it.' };
  await api.addPanelMessage('round', 'baker', said);
  await api.updateConfiguration({ search: { prefix: false } });
  await api.backupData('weekly', {});
}

/** All that can be read of such a store, the texts of documents as they are found. */
export async function readFixture(api: EngineApi) {
  const users = [];
  for (const userId of await api.listUsers()) {
    const sessions = await api.listSessions(userId, { offset: 0, includeMetadata: true });
    const messages = [];
    for (const { sessionId } of sessions) {
      messages.push(await api.getMessages(userId, sessionId, { offset: 0, reverse: false }));
    }
    const content = await api.getDocumentContent(userId, 'first', 'doc');
    const hits = await api.searchMessages(userId, { query: 'rye', minRelevanceScore: 0 });
    const found = await api.searchDocuments(userId, { query: 'starter', limit: 5 });
    users.push({
      profile: await api.getUserProfile(userId),
      sessions,
      messages,
      documents: await api.listDocuments(userId, {}),
      content: await content?.text(),
      contexts: await api.listContexts(userId),
      personas: await api.listPersonas(userId),
      hits: hits.map(({ id }) => id),
      found: found.map(({ id }) => id),
    });
  }
  return {
    users,
    panels: await api.listPanels(),
    said: await api.getPanelMessages('round', { offset: 0, reverse: false }),
    backups: await api.listBackups(),
  };
}
