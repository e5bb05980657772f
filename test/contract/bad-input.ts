import { FFValidationError, type FFStorageManager } from 'flatfile-chat';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWithSession, shareStore, type Subject } from './subject.ts';
import { addAll, expectError, readState, say, untyped } from './support.ts';

type Call = (storage: FFStorageManager, sessionId: string) => Promise<unknown>;

const cycle: { self?: unknown } = {};
cycle.self = cycle;

/** Values that JSON would drop or change. */
const NOT_JSON: readonly (readonly [what: string, value: unknown])[] = [
  ['a function', { call: () => 1 }],
  ['a cycle', { cycle }],
  ['a BigInt', { big: 1n }],
  ['a Map', { map: new Map([['a', 1]]) }],
  ['a Set', { set: new Set([1]) }],
  ['a Date', { date: new Date(0) }],
  ['NaN', { number: Number.NaN }],
  ['an infinite number', { list: [1, Number.POSITIVE_INFINITY] }],
  ['a symbol', { symbol: Symbol('s') }],
  ['bytes', { bytes: new Uint8Array(2) }],
  ['an object of a class', { url: new URL('https://example.com') }],
];

/** Where JSON is given, and the field that an error names for it. */
const JSON_PLACES: readonly (readonly [
  field: string,
  method: string,
  call: (
    storage: FFStorageManager,
    value: Record<string, unknown>,
    sessionId: string,
  ) => Promise<unknown>,
])[] = [
  [
    'profile.metadata',
    'createUser',
    (storage, metadata) => storage.createUser('bob', { metadata }),
  ],
  [
    'profile.preferences',
    'createUser',
    (storage, preferences) => storage.createUser('bob', { preferences }),
  ],
  [
    'updates.metadata',
    'updateUserProfile',
    (storage, metadata) => storage.updateUserProfile('alice', { metadata }),
  ],
  [
    'metadata',
    'createSession',
    (storage, metadata) => storage.createSession('alice', 'T', metadata),
  ],
  [
    'metadata',
    'updateSession',
    (storage, metadata, sessionId) => storage.updateSession('alice', sessionId, { metadata }),
  ],
  [
    'metadata',
    'addMessage',
    (storage, metadata, sessionId) =>
      storage.addMessage('alice', sessionId, say('x', { metadata })),
  ],
  [
    'parts',
    'addMessage',
    (storage, parts, sessionId) => storage.addMessage('alice', sessionId, say('x', { parts })),
  ],
  [
    'messages[0].metadata',
    'addMessages',
    (storage, metadata, sessionId) =>
      storage.addMessages('alice', sessionId, [say('x', { metadata })]),
  ],
  [
    'metadata',
    'updateMessage',
    (storage, metadata, sessionId) => storage.updateMessage('alice', sessionId, 'm', { metadata }),
  ],
];

const add = (flaw: Record<string, unknown>): Call => {
  return (storage, sessionId) =>
    storage.addMessage('alice', sessionId, untyped({ role: 'user', content: 'x', ...flaw }));
};
const page = (options: Record<string, unknown>): Call => {
  return (storage, sessionId) => storage.getMessages('alice', sessionId, untyped(options));
};
const list = (options: Record<string, unknown>): Call => {
  return (storage) => storage.listSessions('alice', untyped(options));
};
const search = (options: Record<string, unknown>): Call => {
  return (storage) => storage.searchMessages('alice', 'm', untyped(options));
};

const MEBIBYTE = 1_048_576;

const BAD_CALLS: readonly (readonly [what: string, field: string, call: Call])[] = [
  ['an unknown role', 'role', add({ role: 'robot' })],
  ['a role in capitals', 'role', add({ role: 'USER' })],
  ['no role', 'role', add({ role: undefined })],
  ['no text', 'content', add({ content: undefined })],
  ['a text that is a number', 'content', add({ content: 42 })],
  ['an empty text', 'content', add({ content: '' })],
  ['an empty text with empty parts', 'content', add({ content: '', parts: [], attachments: [] })],
  ['a text over the limit', 'content', add({ content: 'x'.repeat(MEBIBYTE + 1) })],
  ['a text over the limit in bytes', 'content', add({ content: '€'.repeat(MEBIBYTE / 3 + 1) })],
  ['a name that is no text', 'name', add({ name: 7 })],
  ['attachments that are no list', 'attachments', add({ attachments: 'doc' })],
  ['metadata that is a list', 'metadata', add({ metadata: [1] })],
  ['metadata that is a text', 'metadata', add({ metadata: 'a' })],
  ['metadata that is null', 'metadata', add({ metadata: null })],
  ['a word for a timestamp', 'timestamp', add({ timestamp: 'yesterday' })],
  ['an empty timestamp', 'timestamp', add({ timestamp: '' })],
  ['a number for a timestamp', 'timestamp', add({ timestamp: 1_700_000_000_000 })],
  ['a month that is none', 'timestamp', add({ timestamp: '2024-13-01T00:00:00Z' })],
  ['a day that is none', 'timestamp', add({ timestamp: '2024-02-30T00:00:00Z' })],
  ['an hour that is none', 'timestamp', add({ timestamp: '2024-02-01T25:00:00Z' })],
  ['a parent that is no id', 'parentId', add({ parentId: 7 })],
  [
    'messages that are no list',
    'messages',
    (storage, id) => storage.addMessages('alice', id, untyped(say('x'))),
  ],
  ['a title that is no text', 'title', (storage) => storage.createSession('alice', untyped(7))],
  [
    'a new title that is no text',
    'title',
    (storage, id) => storage.updateSession('alice', id, { title: untyped(7) }),
  ],
  [
    'a new text that is no text',
    'content',
    (storage, id) => storage.updateMessage('alice', id, 'm', { content: untyped(7) }),
  ],
  [
    'a new text over the limit',
    'content',
    (storage, id) => storage.updateMessage('alice', id, 'm', { content: 'x'.repeat(MEBIBYTE + 1) }),
  ],
  [
    'a profile that is no object',
    'profile',
    (storage) => storage.createUser('bob', untyped('Bob')),
  ],
  [
    'a name of a user that is no text',
    'profile.name',
    (storage) => storage.createUser('bob', { name: untyped(7) }),
  ],
  [
    'preferences that are no object',
    'profile.preferences',
    (storage) => storage.createUser('bob', { preferences: untyped('dark') }),
  ],
  ['a query that is no text', 'query', (storage) => storage.searchMessages('alice', untyped(7))],
  ['a score beyond 1', 'minRelevanceScore', search({ minRelevanceScore: 1.5 })],
  ['sessions that are no list', 'sessionIds', search({ sessionIds: 's' })],
  ['reverse that is no flag', 'reverse', page({ reverse: 'yes' })],
  [
    'force that is no flag',
    'force',
    (storage) => storage.deleteUser('alice', { force: untyped('yes') }),
  ],
];

const BAD_COUNTS = [-1, 0.5, -0.5, Number.NaN, Number.POSITIVE_INFINITY, '10', null];

/** What the contract says of input that is wrong. */
export function badInputContract(subject: Subject): void {
  describe('bad input', () => {
    const store = shareStore(subject);

    beforeAll(async () => {
      const { storage, sessionId } = store.current();
      await addAll(storage, sessionId, ['m']);
    });

    async function expectRefusal(field: string, call: Call): Promise<void> {
      const { storage, sessionId } = store.current();
      const before = await readState(storage);
      await expectError(call(storage, sessionId), {
        type: FFValidationError,
        code: 'validation',
        field,
      });
      expect(await readState(storage)).toStrictEqual(before);
    }

    it.each(BAD_CALLS)('%s is refused, naming %s', async (_, field, call) => {
      await expectRefusal(field, call);
    });

    it.each(NOT_JSON)('%s is no JSON, and refused wherever JSON is kept', async (_, value) => {
      const { storage, sessionId } = store.current();
      const before = await readState(storage);
      for (const [field, , call] of JSON_PLACES) {
        await expectError(call(storage, untyped(value), sessionId), {
          type: FFValidationError,
          code: 'validation',
          field,
        });
      }
      expect(await readState(storage)).toStrictEqual(before);
    });

    it.each(BAD_COUNTS)('%s is neither a limit nor an offset', async (value) => {
      for (const key of ['limit', 'offset']) {
        await expectRefusal(key, page({ [key]: value }));
        await expectRefusal(key, list({ [key]: value }));
      }
      await expectRefusal('limit', search({ limit: value }));
    });

    it('is checked before the user or the session is looked for', async () => {
      const { storage } = store.current();
      const nowhere = storage.addMessage('nobody', 'none', say(''));
      await expectError(nowhere, { type: FFValidationError, code: 'validation', field: 'content' });
    });
  });

  describe('storage.maxMessageBytes', () => {
    it('is a limit in bytes of UTF-8 that is allowed itself', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        storage: { maxMessageBytes: 30 },
      });
      expect(await storage.addMessage('alice', sessionId, say('x'.repeat(30)))).toBe(true);
      expect(await storage.addMessage('alice', sessionId, say('€'.repeat(10)))).toBe(true);
      for (const content of ['x'.repeat(31), '€'.repeat(11), '🦊'.repeat(8)]) {
        await expectError(storage.addMessage('alice', sessionId, say(content)), {
          code: 'validation',
          field: 'content',
        });
      }
      expect(await storage.getAllMessages('alice', sessionId)).toHaveLength(2);
    });

    it('is a megabyte by default', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      const content = 'x'.repeat(MEBIBYTE);
      await storage.addMessage('alice', sessionId, say(content, { messageId: 'm' }));
      expect((await storage.getMessage('alice', sessionId, 'm'))?.content === content).toBe(true);
    });
  });
}
