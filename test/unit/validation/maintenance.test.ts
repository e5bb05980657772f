import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';

const { cleanup, backupPath, backupScope, transfer, archive } = createInputValidator(loadConfig());

function fieldOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof FFValidationError) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a clean-up', () => {
  it('only counts what is thirty days old, unless it is told otherwise', () => {
    expect(cleanup({})).toStrictEqual({ daysOld: 30, dryRun: true });
    expect(cleanup({ daysOld: 0, dryRun: false })).toStrictEqual({ daysOld: 0, dryRun: false });
    expect(cleanup({ daysOld: 0.25 }).daysOld).toBe(0.25);
  });
});

describe('the name of a backup', () => {
  it.each([
    'monday',
    'nightly/monday',
    '2026-01-31 v1.2_b',
    'a/b/c/d/e/f/g/h',
    'x'.repeat(64),
    '.a',
  ])('may be %j', (path) => {
    expect(backupPath(path)).toBe(path);
  });

  it.each(['', '/', 'a/', '/a', 'a//b', '.', 'a/.', '..', 'a/..b', 'a..', 'a\\b', 'a\tb', 'ä'])(
    'may not be %j',
    (path) => {
      expect(fieldOf(() => backupPath(path))).toBe('backupPath');
    },
  );

  it('has eight parts of 64 characters at most', () => {
    expect(fieldOf(() => backupPath('x'.repeat(65)))).toBe('backupPath');
    expect(fieldOf(() => backupPath('a/b/c/d/e/f/g/h/i'))).toBe('backupPath');
  });
});

describe('a transfer', () => {
  it('is about everybody unless it names a user', () => {
    expect(backupScope({})).toStrictEqual({});
    expect(backupScope({ userId: undefined })).toStrictEqual({});
    expect(backupScope({ userId: 'alice' })).toStrictEqual({ userId: 'alice' });
    expect(transfer({})).toStrictEqual({ scope: {}, control: {} });
  });

  it('may be followed and ended', () => {
    const { signal } = new AbortController();
    const onProgress = () => undefined;
    const { scope, control } = transfer({ userId: 'alice', signal, onProgress });
    expect(scope).toStrictEqual({ userId: 'alice' });
    expect(control.signal).toBe(signal);
    expect(control.onProgress).toBe(onProgress);
  });

  it('takes a blob, a file or a stream that nobody reads', () => {
    const blob = new Blob(['zip']);
    const stream = blob.stream();
    expect(archive(blob)).toBe(blob);
    expect(archive(new File(['zip'], 'a.zip'))).toBeInstanceOf(File);
    expect(archive(stream)).toBe(stream);
    stream.getReader();
    for (const other of [stream, 'zip', null, undefined, new ArrayBuffer(1), {}]) {
      expect(fieldOf(() => archive(other))).toBe('archive');
    }
  });
});
