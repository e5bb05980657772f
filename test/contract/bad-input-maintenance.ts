import { FFValidationError, type FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { expectError, untyped } from './support.ts';

type Call = (storage: FFStorageManager) => Promise<unknown>;

const cleanUp = (options: Record<string, unknown>): Call => {
  return (storage) => storage.cleanupOldData(untyped(options));
};
const exporting = (options: Record<string, unknown>): Call => {
  return (storage) => storage.exportBackup(untyped(options));
};
const importing = (options: Record<string, unknown>): Call => {
  return (storage) => storage.importBackup(new Blob(['zip']), untyped(options));
};

const verifying = (options: Record<string, unknown>): Call => {
  return (storage) => storage.verify(untyped(options));
};

const throwingProxy = (): object =>
  new Proxy(
    {},
    {
      get: () => {
        throw new RangeError('This proxy throws.');
      },
    },
  );

const lockedStream = (): ReadableStream<Uint8Array> => {
  const stream = new Blob(['zip']).stream();
  stream.getReader();
  return stream;
};

const BAD_CALLS: readonly (readonly [what: string, field: string, call: Call])[] = [
  ['a negative age', 'daysOld', cleanUp({ daysOld: -1 })],
  ['an age that is no number', 'daysOld', cleanUp({ daysOld: '30' })],
  ['an age without end', 'daysOld', cleanUp({ daysOld: Number.POSITIVE_INFINITY })],
  ['an age that is NaN', 'daysOld', cleanUp({ daysOld: NaN })],
  ['a dry run that is no flag', 'dryRun', cleanUp({ dryRun: 'no' })],
  ['a misspelt option of a clean-up', 'dryrun', cleanUp({ dryrun: false })],
  ['a bad user to optimize', 'userId', (storage) => storage.optimizeStorage('')],
  ['a bad user to count', 'userId', (storage) => storage.getUserStats('a/b')],
  ['a bad session to count', 'sessionId', (storage) => storage.getSessionStats('alice', '..')],
  ['a bad user to back up', 'userId', (storage) => storage.backupData('b', { userId: '' })],
  ['a bad user to restore', 'userId', (storage) => storage.restoreData('b', { userId: 'a/b' })],
  ['a bad user to export', 'userId', exporting({ userId: '' })],
  ['a bad user to import', 'userId', importing({ userId: '..' })],
  ['a signal of an export that is none', 'signal', exporting({ signal: {} })],
  ['a signal of an import that is none', 'signal', importing({ signal: 'stop' })],
  ['progress of an export to nobody', 'onProgress', exporting({ onProgress: 1 })],
  ['progress of an import to nobody', 'onProgress', importing({ onProgress: {} })],
  ['a misspelt option of an export', 'user', exporting({ user: 'alice' })],
  ['a signal of a check that is none', 'signal', verifying({ signal: 1 })],
  ['progress of a check to nobody', 'onProgress', verifying({ onProgress: 'me' })],
  ['a misspelt option of a check', 'userId', verifying({ userId: 'alice' })],
  ['a misspelt option of a repair', 'x', (storage) => storage.repair(untyped({ x: 1 }))],
  ['a misspelt option of a salvage', 'x', (storage) => storage.salvage(untyped({ x: 1 }))],
  ['no archive', 'archive', (storage) => storage.importBackup(untyped(undefined))],
  ['an archive that is a text', 'archive', (storage) => storage.importBackup(untyped('zip'))],
  [
    'an archive of bare bytes',
    'archive',
    (storage) => storage.importBackup(untyped(new Uint8Array(4))),
  ],
  ['a stream that is being read', 'archive', (storage) => storage.importBackup(lockedStream())],
  [
    'what throws when it is read',
    'archive',
    (storage) => storage.importBackup(untyped(throwingProxy())),
  ],
];

const BAD_PATHS = [
  '',
  '/',
  '/monday',
  'nightly/',
  'a//b',
  '.',
  '..',
  '../monday',
  'nightly/..',
  'a..b',
  'a/./b',
  'a\\b',
  'a\nb',
  'a:b',
  'x'.repeat(65),
  'a/b/c/d/e/f/g/h/i',
  7,
  null,
  undefined,
];

/** What the contract says of maintenance, statistics and backups that are asked for wrongly. */
export function badMaintenanceContract(subject: Subject): void {
  const shared = shareStore(subject);

  it.each(BAD_CALLS)('%s is refused, naming %s', async (_, field, call) => {
    const error = await expectError(call(shared.current().storage), {
      type: FFValidationError,
      code: 'validation',
      field,
    });
    expect(error.message.startsWith(`${field}: `)).toBe(true);
  });

  it.each(BAD_PATHS)('%j is no name of a backup', async (path) => {
    const { storage } = shared.current();
    const refused = { type: FFValidationError, code: 'validation', field: 'backupPath' } as const;
    await expectError(storage.backupData(untyped(path)), refused);
    await expectError(storage.restoreData(untyped(path)), refused);
    await expectError(storage.deleteBackup(untyped(path)), refused);
  });

  describe('a signal that has fired already', () => {
    it('ends an export and an import before they begin', async () => {
      const { storage } = shared.current();
      const signal = AbortSignal.abort('enough');
      await expectError(storage.exportBackup({ signal }), { code: 'aborted' });
      const stream = new Blob(['zip']).stream();
      await expectError(storage.importBackup(stream, { signal }), { code: 'aborted' });
    });
  });
}
