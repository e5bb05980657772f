import { FFStorageManager } from 'flatfile-chat';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, expectError, readState, say, untyped } from './support.ts';

/** One call of every method that needs an open store. */
const CALLS: readonly (readonly [string, (storage: FFStorageManager) => Promise<unknown>])[] = [
  ['createUser', (storage) => storage.createUser('alice')],
  ['userExists', (storage) => storage.userExists('alice')],
  ['getUserProfile', (storage) => storage.getUserProfile('alice')],
  ['updateUserProfile', (storage) => storage.updateUserProfile('alice', { name: 'A' })],
  ['deleteUser', (storage) => storage.deleteUser('alice')],
  ['listUsers', (storage) => storage.listUsers()],
  ['createSession', (storage) => storage.createSession('alice')],
  ['getSession', (storage) => storage.getSession('alice', 's')],
  ['listSessions', (storage) => storage.listSessions('alice')],
  ['updateSession', (storage) => storage.updateSession('alice', 's', { title: 'T' })],
  ['deleteSession', (storage) => storage.deleteSession('alice', 's')],
  ['addMessage', (storage) => storage.addMessage('alice', 's', say('hi'))],
  ['addMessages', (storage) => storage.addMessages('alice', 's', [say('hi')])],
  ['getAllMessages', (storage) => storage.getAllMessages('alice', 's')],
  ['getMessages', (storage) => storage.getMessages('alice', 's')],
  ['getMessage', (storage) => storage.getMessage('alice', 's', 'm')],
  ['updateMessage', (storage) => storage.updateMessage('alice', 's', 'm', { content: 'x' })],
  ['deleteMessage', (storage) => storage.deleteMessage('alice', 's', 'm')],
  // They throw at once, as the contract of streams says.
  ['streamMessages', async (storage) => storage.streamMessages('alice', 's')],
  ['followMessage', async (storage) => storage.followMessage('alice', 's', 'm')],
  ['startMessage', (storage) => storage.startMessage('alice', 's', say(''))],
  ['searchMessages', (storage) => storage.searchMessages('alice', 'hi')],
  ['searchSimilarMessages', (storage) => storage.searchSimilarMessages('alice', 'hi')],
  ['search', (storage) => storage.search('alice', 'hi')],
  ['storeDocument', (storage) => storage.storeDocument('alice', 's', { filename: 'a' }, 'x')],
  ['getDocument', (storage) => storage.getDocument('alice', 's', 'd')],
  ['getDocumentContent', (storage) => storage.getDocumentContent('alice', 's', 'd')],
  ['listDocuments', (storage) => storage.listDocuments('alice')],
  ['searchDocuments', (storage) => storage.searchDocuments('alice', 'hi')],
  ['deleteDocument', (storage) => storage.deleteDocument('alice', 's', 'd')],
  ['createPersona', (storage) => storage.createPersona({ personaId: 'p', name: 'P' })],
  ['getPersona', (storage) => storage.getPersona('p')],
  ['listPersonas', (storage) => storage.listPersonas()],
  ['deletePersona', (storage) => storage.deletePersona('p')],
  [
    'createPanel',
    (storage) => storage.createPanel({ type: 'brainstorm', personaIds: ['p'], panelId: 'x' }),
  ],
  ['getPanel', (storage) => storage.getPanel('x')],
  ['listPanels', (storage) => storage.listPanels()],
  ['deletePanel', (storage) => storage.deletePanel('x')],
  ['addPanelMessage', (storage) => storage.addPanelMessage('x', 'p', say('hi'))],
  ['getPanelMessages', (storage) => storage.getPanelMessages('x')],
  ['extractSituationalContext', (storage) => storage.extractSituationalContext('alice', 's')],
  ['saveContext', (storage) => storage.saveContext('alice', 's', { summary: 'x' })],
  ['getContext', (storage) => storage.getContext('alice', 'c')],
  ['listContexts', (storage) => storage.listContexts('alice')],
  ['getUserStats', (storage) => storage.getUserStats('alice')],
  ['getSessionStats', (storage) => storage.getSessionStats('alice', 's')],
  ['getStorageStats', (storage) => storage.getStorageStats()],
  ['getPerformanceMetrics', (storage) => storage.getPerformanceMetrics()],
  ['updateConfiguration', (storage) => storage.updateConfiguration({})],
  ['cleanupOldData', (storage) => storage.cleanupOldData()],
  ['optimizeStorage', (storage) => storage.optimizeStorage()],
  ['backupData', (storage) => storage.backupData('b')],
  ['restoreData', (storage) => storage.restoreData('b')],
  ['exportBackup', (storage) => storage.exportBackup()],
  ['importBackup', (storage) => storage.importBackup(new Blob(['zip']))],
  ['listBackups', (storage) => storage.listBackups()],
  ['getStorageHealth', (storage) => storage.getStorageHealth()],
  ['deleteBackup', (storage) => storage.deleteBackup('b')],
  ['whenIdle', (storage) => storage.whenIdle()],
];

/** What an open store is not needed for, and what is no app's to call. */
const OTHERS = [
  ...['constructor', 'initialize', 'close', 'backend', 'role', 'getConfiguration'],
  ...['verify', 'repair', 'salvage', 'requestPersistence'],
  ...['validate', 'call', 'link', 'sessionPath', 'messagePath', 'reach', 'requestedBackend'],
];

/** The names of everything that a manager has, its base classes included. */
function memberNames(): string[] {
  const names = new Set<string>();
  let prototype: object = FFStorageManager.prototype;
  while (prototype !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
    prototype = Object.getPrototypeOf(prototype) as object;
  }
  return [...names].sort();
}

/** What the contract says of opening and closing a store. */
export function openingContract(subject: Subject): void {
  const { backend, create, open, persistent } = subject;

  describe('initialize', () => {
    it('gives true, however often it is called', async () => {
      const storage = create();
      expect(await storage.initialize()).toBe(true);
      await storage.createUser('alice');
      expect(await storage.initialize()).toBe(true);
      expect(await storage.listUsers()).toStrictEqual(['alice']);
    });

    it('opens once when it is called twice at the same time', async () => {
      const storage = create();
      expect(await Promise.all([storage.initialize(), storage.initialize()])).toStrictEqual([
        true,
        true,
      ]);
      expect(await storage.createUser('alice')).toBe(true);
    });

    it('opens again after close()', async () => {
      const { storage } = await openWithSession(subject);
      await storage.close();
      expect(await storage.initialize()).toBe(true);
      expect(await storage.listUsers()).toStrictEqual(persistent ? ['alice'] : []);
    });

    // What follows is for stores that remember.
    if (!persistent) return;

    it('finds again what was written, by another manager too', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      await storage.updateUserProfile('alice', { name: 'Alice', preferences: { theme: 'dark' } });
      await storage.updateSession('alice', sessionId, { metadata: { topic: 'cats' } });
      await addAll(storage, sessionId, ['one', 'two', 'three', 'four']);
      await storage.updateMessage('alice', sessionId, 'one', { content: 'edited cat' });
      await storage.deleteMessage('alice', sessionId, 'two');
      const gone = await storage.createSession('alice', 'Gone');
      await storage.addMessage('alice', gone, say('a cat that is gone'));
      await storage.deleteSession('alice', gone);
      await storage.createSession('alice', 'Newest');
      await storage.createUser('bob');
      await storage.deleteUser('bob');
      const before = await readState(storage);

      const again = await reopen(subject, storage);
      expect(await readState(again)).toStrictEqual(before);
      expect(contentsOf(await again.searchMessages('alice', 'cat'))).toStrictEqual(['edited cat']);
      expect(await again.addMessage('alice', sessionId, say('x', { messageId: 'two' }))).toBe(
        false,
      );
      await addAll(again, sessionId, ['five']);
      expect((await again.getMessage('alice', sessionId, 'five'))?.parentId).toBe('four');
    });
  });

  describe('close', () => {
    it('resolves before initialize(), and when it is called twice', async () => {
      const storage = create();
      await storage.close();
      await storage.initialize();
      await Promise.all([storage.close(), storage.close()]);
      await storage.close();
    });

    it('lets the calls finish that were made before it', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      const adding = Array.from({ length: 20 }, (_, index) =>
        storage.addMessage('alice', sessionId, say(`m${index}`)),
      );
      const closing = storage.close();
      expect(await Promise.all(adding)).toStrictEqual(Array.from({ length: 20 }, () => true));
      await closing;
    });

    it('ends an opening that is under way', async () => {
      const storage = create();
      const opening = expectError(storage.initialize(), { code: 'closed' });
      await storage.close();
      await opening;
      await expectError(storage.listUsers(), { code: 'closed' });
      expect(await storage.initialize()).toBe(true);
    });

    it('is called at the end of an `await using` block', async () => {
      const storage = create();
      {
        await using inBlock = storage;
        await inBlock.initialize();
        expect(await inBlock.createUser('alice')).toBe(true);
      }
      await expectError(storage.listUsers(), { code: 'closed' });
    });
  });

  describe('a method of a store that is not open', () => {
    const store = shareStore(subject);

    beforeAll(() => store.current().storage.close());

    it('is each that is called here', () => {
      const called = CALLS.map(([name]) => name);
      expect([...called, ...OTHERS].sort()).toStrictEqual(memberNames());
    });

    it.each(CALLS)('%s rejects before initialize() and after close()', async (_, call) => {
      await expectError(call(create()), { code: 'closed' });
      await expectError(call(store.current().storage), { code: 'closed' });
    });
  });

  describe('backend', () => {
    it('tells which backend is in use while the store is open', async () => {
      const storage = create();
      await storage.initialize();
      expect(storage.backend).toBe(backend);
    });
  });

  describe('role', () => {
    it('tells what the tab is to the store while that is open, and when it changes', async () => {
      const roles: unknown[] = [];
      const storage = create({}, { onRoleChange: (role) => roles.push(role) });
      expect(storage.role).toBeUndefined();
      await storage.initialize();
      expect(storage.role).toBe('owner');
      await storage.listUsers();
      expect(roles).toStrictEqual(['owner']);
      await storage.close();
      expect(storage.role).toBeUndefined();
    });

    it('is told to a function, and to nothing else', () => {
      expect(() => create({}, { onRoleChange: untyped('x') })).toThrowError(
        expect.objectContaining({ name: 'FFValidationError', field: 'onRoleChange' }),
      );
    });
  });

  describe('storage.basePath', () => {
    it('names one store: two paths are two stores', async () => {
      const first = await open();
      const second = await open();
      await first.createUser('alice');
      await second.createUser('bob');
      expect(await first.listUsers()).toStrictEqual(['alice']);
      expect(await second.listUsers()).toStrictEqual(['bob']);
    });
  });

  describe('whenIdle', () => {
    it('resolves when everything that was asked for is there', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      const done: string[] = [];
      for (const word of ['one', 'two', 'three']) {
        void storage.addMessage('alice', sessionId, say(word)).then(() => done.push(word));
      }
      expect(await storage.whenIdle()).toBeUndefined();
      expect(done).toStrictEqual(['one', 'two', 'three']);
      expect(await storage.searchMessages('alice', 'one two three')).toHaveLength(3);
    });
  });
}
