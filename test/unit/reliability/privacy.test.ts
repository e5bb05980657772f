import { FFStorageManager } from 'flatfile-chat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Stands in everything that is alice's, and nowhere else. */
const SECRET = 'quixotry';

const USERS = ['alice', 'mallory'] as const;

let storage: FFStorageManager;

/** The sessions, documents and contexts of each; the messages of both have the same ids. */
const idsOf = new Map<string, { session: string; document: string; context: string }>();

beforeAll(async () => {
  storage = new FFStorageManager({}, { backend: 'memory' });
  await storage.initialize();
  for (const userId of USERS) {
    const word = userId === 'alice' ? SECRET : 'ordinary';
    await storage.createUser(userId, { name: word, metadata: { word } });
    const session = await storage.createSession(userId, `About ${word}`, { word });
    for (const messageId of ['m1', 'm2', 'm3']) {
      const content = `A message about ${word} that Ada Lovelace wrote on 3 March 2024.`;
      const message = { role: 'user', name: word, messageId, content, metadata: { word } } as const;
      await storage.addMessage(userId, session, message);
    }
    const description = { originalName: `${word}.txt`, mimeType: 'text/plain' };
    const document = await storage.storeDocument(userId, session, description, `All of ${word}.`);
    const found = await storage.extractSituationalContext(userId, session);
    if (found === null) throw new Error('There is no context.');
    const context = await storage.saveContext(userId, session, { ...found, summary: word });
    idsOf.set(userId, { session, document, context });
    await storage.createPersona({ personaId: `of-${userId}`, name: word, ownerId: userId });
    const panel = await storage.createPanel({
      type: 'brainstorm',
      personaIds: [`of-${userId}`],
      title: word,
    });
    await storage.addPanelMessage(panel, `of-${userId}`, { role: 'assistant', content: word });
  }
  await storage.whenIdle();
}, 60_000);

afterAll(() => storage.close());

async function first<T>(values: AsyncIterable<T>): Promise<T | null> {
  for await (const value of values) return value;
  return null;
}

/** Everything that one user can ask for, with the ids of another. */
function readsOf(userId: string): readonly (readonly [string, () => Promise<unknown>])[] {
  const { session, document, context } = idsOf.get('alice') ?? {
    session: '',
    document: '',
    context: '',
  };
  const own = idsOf.get(userId)?.session ?? '';
  const orError = (promise: Promise<unknown>): Promise<unknown> =>
    promise.catch((error: unknown) => String(error));
  return [
    ['getUserProfile', () => storage.getUserProfile(userId)],
    ['getSession', () => storage.getSession(userId, session)],
    ['listSessions', () => storage.listSessions(userId, { includeMetadata: true })],
    ['getAllMessages', () => storage.getAllMessages(userId, session)],
    ['getMessages', () => storage.getMessages(userId, session, { limit: 10 })],
    ['getMessage', () => storage.getMessage(userId, session, 'm1')],
    ['getMessage, own', () => storage.getMessage(userId, own, 'm1')],
    [
      'streamMessages',
      () => orError(first(storage.streamMessages(userId, session, { from: 'start' }))),
    ],
    ['followMessage', () => orError(first(storage.followMessage(userId, session, 'm1')))],
    ['searchMessages', () => storage.searchMessages(userId, SECRET)],
    [
      'searchMessages in a session',
      () => storage.searchMessages(userId, SECRET, { sessionIds: [session] }),
    ],
    ['searchMessages of a name', () => storage.searchMessages(userId, 'Lovelace')],
    [
      'searchSimilarMessages',
      () => storage.searchSimilarMessages(userId, SECRET, { similarityThreshold: 0 }),
    ],
    ['search', () => storage.search(userId, SECRET)],
    ['search in a session', () => storage.search(userId, 'message', { sessionIds: [session] })],
    ['getDocument', () => storage.getDocument(userId, session, document)],
    [
      'getDocumentContent',
      async () => (await storage.getDocumentContent(userId, session, document))?.text() ?? null,
    ],
    ['listDocuments', () => storage.listDocuments(userId)],
    ['listDocuments of a session', () => storage.listDocuments(userId, { sessionId: session })],
    ['searchDocuments', () => storage.searchDocuments(userId, SECRET)],
    [
      'extractSituationalContext',
      () => orError(storage.extractSituationalContext(userId, session)),
    ],
    ['getContext', () => storage.getContext(userId, context)],
    ['listContexts', () => storage.listContexts(userId)],
    ['listContexts of a session', () => storage.listContexts(userId, { sessionId: session })],
    ['listPersonas', () => storage.listPersonas({ ownerId: userId })],
    ['getUserStats', () => storage.getUserStats(userId)],
    ['getSessionStats', () => orError(storage.getSessionStats(userId, session))],
    ['getStorageStats', () => storage.getStorageStats()],
    ['getPerformanceMetrics', () => storage.getPerformanceMetrics()],
    ['listBackups', () => storage.listBackups()],
  ];
}

describe('what one user can read', () => {
  const names = readsOf('mallory').map(([name]) => name);

  it.each(names)('is never of another, with the ids of the other: %s', async (name) => {
    const [, read] = readsOf('mallory').find(([other]) => other === name) ?? [];
    expect(JSON.stringify((await read?.()) ?? null)).not.toContain(SECRET);
  });

  it('would be noticed: the same calls give the owner what is theirs', async () => {
    const silent = [
      'getSessionStats',
      'getUserStats',
      'getStorageStats',
      'getPerformanceMetrics',
      'listBackups',
    ];
    for (const [name, read] of readsOf('alice')) {
      if (silent.includes(name)) continue;
      expect(JSON.stringify(await read()), name).toContain(SECRET);
    }
  });

  it('cannot be changed by another who knows its ids', async () => {
    const { session = '', document = '' } = idsOf.get('alice') ?? {};
    const before = await storage.getAllMessages('alice', session);
    expect(await storage.updateMessage('mallory', session, 'm1', { content: 'x' })).toBe(false);
    expect(await storage.deleteMessage('mallory', session, 'm1')).toBe(false);
    expect(await storage.updateSession('mallory', session, { title: 'x' })).toBe(false);
    expect(await storage.deleteDocument('mallory', session, document)).toBe(false);
    expect(await storage.deleteSession('mallory', session)).toBe(false);
    const add = storage.addMessage('mallory', session, { role: 'user', content: 'x' });
    await expect(add).rejects.toMatchObject({ code: 'session-not-found' });
    expect(await storage.getAllMessages('alice', session)).toEqual(before);
    expect(await storage.getDocument('alice', session, document)).not.toBeNull();
  });

  it('is all that an export of theirs holds', async () => {
    const archive = await storage.exportBackup({ userId: 'mallory' });
    const other = new FFStorageManager({}, { backend: 'memory' });
    await other.initialize();
    await other.importBackup(archive);
    expect(await other.listUsers()).toEqual(['mallory']);
    const personas = [...(await other.listPersonas()), ...(await other.listPanels())];
    expect(JSON.stringify(personas)).not.toContain(SECRET);
    await other.close();
  });
});
