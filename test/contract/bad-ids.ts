import { FFValidationError, type FFStorageManager } from 'flatfile-chat';
import { beforeAll, describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { addAll, expectError, readState, say, untyped } from './support.ts';

const BAD_IDS: readonly (readonly [what: string, id: unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an object', { toString: () => 'alice' }],
  ['empty', ''],
  ['10,000 characters', 'a'.repeat(10_000)],
  ['129 characters', 'a'.repeat(129)],
  ['a path', 'a/b'],
  ['an absolute path', '/etc'],
  ['a Windows path', 'a\\b'],
  ['a way up', '../bob'],
  ['two dots', '..'],
  ['two dots in a name', 'a..b'],
  ['a NUL', 'a\0b'],
  ['a line feed', 'alice\n'],
  ['an escape', '\u001b[31m'],
  ['DEL', 'a\u007f'],
  ['a C1 control', 'a\u0085'],
];

/** Where an id is given, and the field that an error names for it. */
const PLACES: readonly (readonly [
  field: string,
  method: string,
  call: (storage: FFStorageManager, id: string, sessionId: string) => Promise<unknown>,
])[] = [
  ['userId', 'createUser', (storage, id) => storage.createUser(id)],
  ['userId', 'userExists', (storage, id) => storage.userExists(id)],
  ['userId', 'getUserProfile', (storage, id) => storage.getUserProfile(id)],
  ['userId', 'updateUserProfile', (storage, id) => storage.updateUserProfile(id, { name: 'x' })],
  ['userId', 'deleteUser', (storage, id) => storage.deleteUser(id, { force: true })],
  ['userId', 'createSession', (storage, id) => storage.createSession(id)],
  ['userId', 'listSessions', (storage, id) => storage.listSessions(id)],
  ['userId', 'getMessages', (storage, id, session) => storage.getMessages(id, session)],
  ['userId', 'addMessage', (storage, id, session) => storage.addMessage(id, session, say('x'))],
  ['userId', 'searchMessages', (storage, id) => storage.searchMessages(id, 'm')],
  ['userId', 'searchSimilarMessages', (storage, id) => storage.searchSimilarMessages(id, 'm')],
  ['userId', 'search', (storage, id) => storage.search(id, 'm')],
  ['sessionId', 'getSession', (storage, id) => storage.getSession('alice', id)],
  [
    'sessionId',
    'updateSession',
    (storage, id) => storage.updateSession('alice', id, { title: 'x' }),
  ],
  ['sessionId', 'deleteSession', (storage, id) => storage.deleteSession('alice', id)],
  ['sessionId', 'addMessage', (storage, id) => storage.addMessage('alice', id, say('x'))],
  ['sessionId', 'addMessages', (storage, id) => storage.addMessages('alice', id, [say('x')])],
  ['sessionId', 'getAllMessages', (storage, id) => storage.getAllMessages('alice', id)],
  ['sessionId', 'getMessages', (storage, id) => storage.getMessages('alice', id)],
  ['messageId', 'getMessage', (storage, id, session) => storage.getMessage('alice', session, id)],
  [
    'messageId',
    'updateMessage',
    (storage, id, session) => storage.updateMessage('alice', session, id, { content: 'x' }),
  ],
  [
    'messageId',
    'deleteMessage',
    (storage, id, session) => storage.deleteMessage('alice', session, id),
  ],
  ['sessionId', 'startMessage', (storage, id) => storage.startMessage('alice', id, say(''))],
  // They throw at once; in an asynchronous function that is a rejection like any other.
  ['userId', 'streamMessages', async (storage, id) => storage.streamMessages(id, 's')],
  ['sessionId', 'streamMessages', async (storage, id) => storage.streamMessages('alice', id)],
  ['messageId', 'followMessage', async (storage, id) => storage.followMessage('alice', 's', id)],
];

/** Ids inside of an input, where one that is left out is fine. */
const OPTIONAL_PLACES: typeof PLACES = [
  [
    'messageId',
    'addMessage',
    (storage, messageId, session) => storage.addMessage('alice', session, say('x', { messageId })),
  ],
  [
    'attachments[1]',
    'addMessage',
    (storage, id, session) =>
      storage.addMessage('alice', session, say('x', { attachments: ['good', id] })),
  ],
  [
    'sessionIds[0]',
    'searchMessages',
    (storage, id) => storage.searchMessages('alice', 'm', { sessionIds: [id] }),
  ],
];

/** What the contract says of ids that are none. */
export function badIdsContract(subject: Subject): void {
  describe('an id', () => {
    const store = shareStore(subject);

    beforeAll(async () => {
      const { storage, sessionId } = store.current();
      await addAll(storage, sessionId, ['m']);
    });

    it.each(BAD_IDS)(
      'that is %s is refused by every method, and nothing is done',
      async (_, id) => {
        const { storage, sessionId } = store.current();
        const before = await readState(storage);
        for (const [field, method, call] of PLACES) {
          const error = await expectError(call(storage, untyped(id), sessionId), {
            type: FFValidationError,
            code: 'validation',
            field,
          });
          expect(error.message, method).toMatch(new RegExp(`^${field}: `));
        }
        expect(await readState(storage)).toStrictEqual(before);
      },
    );

    it.each(BAD_IDS)('that is %s is refused inside of an input', async (_, id) => {
      const { storage, sessionId } = store.current();
      const before = await readState(storage);
      for (const [field, , call] of OPTIONAL_PLACES) {
        if (id === undefined && field === 'messageId') continue;
        await expectError(call(storage, untyped(id), sessionId), {
          type: FFValidationError,
          code: 'validation',
          field,
        });
      }
      expect(await readState(storage)).toStrictEqual(before);
    });
  });

  describe('storage.maxIdLength', () => {
    it('moves the limit', async () => {
      const storage = await subject.open({ storage: { maxIdLength: 10 } });
      expect(await storage.createUser('a'.repeat(10))).toBe(true);
      await expectError(storage.createUser('a'.repeat(11)), {
        code: 'validation',
        field: 'userId',
      });
    });
  });
}
