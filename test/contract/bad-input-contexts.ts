import { FFValidationError, type FFStorageManager } from 'flatfile-chat';
import { expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { expectError, untyped } from './support.ts';

type Call = (storage: FFStorageManager, sessionId: string) => Promise<unknown>;

const save = (flaw: Record<string, unknown>): Call => {
  return (storage, sessionId) =>
    storage.saveContext('alice', sessionId, untyped({ summary: 'A talk.', ...flaw }));
};

const BAD_CALLS: readonly (readonly [what: string, field: string, call: Call])[] = [
  [
    'a context that is none',
    'context',
    (storage, id) => storage.saveContext('alice', id, untyped(null)),
  ],
  ['no summary', 'summary', save({ summary: undefined })],
  ['a summary that is no text', 'summary', save({ summary: 7 })],
  ['key points that are no list', 'keyPoints', save({ keyPoints: 'one' })],
  ['a key point that is no text', 'keyPoints[1]', save({ keyPoints: ['one', 2] })],
  ['entities that are a list', 'entities', save({ entities: ['Berlin'] })],
  ['entities of which one is no list', 'entities', save({ entities: { places: 'Berlin' } })],
  ['entities that are no texts', 'entities', save({ entities: { places: ['Berlin', 7] } })],
  ['a confidence beyond 1', 'confidence', save({ confidence: 1.01 })],
  ['a negative confidence', 'confidence', save({ confidence: -0.1 })],
  ['a confidence that is no number', 'confidence', save({ confidence: NaN })],
  ['a time that is none', 'timestamp', save({ timestamp: 'now' })],
  [
    'a range without an end',
    'messageRange.lastMessageId',
    save({ messageRange: { firstMessageId: 'm' } }),
  ],
  [
    'a range with a bad id',
    'messageRange.firstMessageId',
    save({ messageRange: { firstMessageId: 'a/b', lastMessageId: 'm' } }),
  ],
  ['metadata that is no JSON', 'metadata', save({ metadata: { map: new Map() } })],
  ['a bad id', 'contextId', save({ contextId: '..' })],
  ['a misspelt key', 'keypoints', save({ keypoints: [] })],
  [
    'a context over the limit as a whole',
    'context',
    save({ keyPoints: Array.from({ length: 3 }, () => 'x'.repeat(400_000)) }),
  ],
  ['a bad user to extract from', 'userId', (storage) => storage.extractSituationalContext('', 's')],
  [
    'a bad session to extract from',
    'sessionId',
    (storage) => storage.extractSituationalContext('alice', 'a/b'),
  ],
  ['a bad context to read', 'contextId', (storage) => storage.getContext('alice', '')],
  [
    'a bad session to list',
    'sessionId',
    (storage) => storage.listContexts('alice', { sessionId: '' }),
  ],
  [
    'a limit, which lists of contexts have not',
    'limit',
    (storage) => storage.listContexts('alice', untyped({ limit: 1 })),
  ],
];

/** What the contract says of contexts that are wrong. */
export function badContextsContract(subject: Subject): void {
  const shared = shareStore(subject);

  it.each(BAD_CALLS)('%s is refused, naming %s', async (_, field, call) => {
    const { storage, sessionId } = shared.current();
    const error = await expectError(call(storage, sessionId), {
      type: FFValidationError,
      code: 'validation',
      field,
    });
    expect(error.message.startsWith(`${field}: `)).toBe(true);
  });
}
