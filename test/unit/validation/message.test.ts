import { describe, expect, it } from 'vitest';
import type { FFConfigInput } from '../../../src/shared/config.ts';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';

const valid = { role: 'user', content: 'hello' };

function validatorOf(storage: FFConfigInput['storage'] = {}) {
  return createInputValidator(loadConfig({ storage }));
}

const { message, messages, messageChanges } = validatorOf();

function refusal(call: () => unknown): FFValidationError {
  try {
    call();
  } catch (error) {
    if (error instanceof FFValidationError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a message', () => {
  it('is given an id where it has none', () => {
    const { messageId, ...rest } = message(valid);
    expect(messageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(rest).toEqual(valid);
    expect(message(valid).messageId).not.toBe(messageId);
  });

  it('keeps everything that it may have, and nothing that is undefined', () => {
    const whole = {
      messageId: 'm1',
      role: 'assistant',
      content: 'hello',
      timestamp: '2026-01-31T09:30:00.000Z',
      name: 'Ada',
      parentId: 'm0',
      parts: [{ type: 'tool-call', input: { a: [1, null] } }],
      attachments: ['d1', 'd2'],
      metadata: { tokens: 12 },
    };
    expect(message(whole)).toEqual(whole);
    expect(
      Object.keys(message({ ...valid, messageId: 'm', name: undefined, parts: undefined })),
    ).toEqual(expect.not.arrayContaining(['name', 'parts']));
  });

  it('may be one that was read: its status is left out', () => {
    expect(message({ ...valid, status: 'interrupted' })).not.toHaveProperty('status');
  });

  it('may start a new root', () => {
    expect(message({ ...valid, parentId: null }).parentId).toBeNull();
  });

  it.each([
    [
      { ...valid, role: 'robot' },
      'role',
      'must be one of user, assistant, system, tool; got "robot"',
    ],
    [{ content: 'x' }, 'role', 'is required'],
    [{ role: 'user' }, 'content', 'is required'],
    [{ ...valid, content: 7 }, 'content', 'must be a string; got 7'],
    [{ ...valid, content: null }, 'content', 'must be a string; got null'],
    [{ ...valid, messageId: 'a/b' }, 'messageId', 'must not contain "/"'],
    [{ ...valid, messageId: '' }, 'messageId', 'must not be empty'],
    [{ ...valid, parentId: '' }, 'parentId', 'must not be empty'],
    [{ ...valid, parentId: '..' }, 'parentId', 'must not contain ".."'],
    [{ ...valid, name: 7 }, 'name', 'must be a string'],
    [{ ...valid, timestamp: 'now' }, 'timestamp', 'must be ISO 8601'],
    [{ ...valid, attachments: 'd1' }, 'attachments', 'must be a list of ids; got "d1"'],
    [{ ...valid, attachments: ['d1', 'a/b'] }, 'attachments[1]', 'must not contain "/"'],
    [{ ...valid, metadata: [] }, 'metadata', 'must be a plain object; got an array'],
    [
      { ...valid, metadata: { at: new Date() } },
      'metadata',
      'must be plain JSON: the value.at is a Date',
    ],
    [
      { ...valid, parts: { run: () => 1 } },
      'parts',
      'must be plain JSON: the value.run is a function',
    ],
    [{ ...valid, contnet: 'x' }, 'contnet', 'is not a known option; known are role, content'],
    [null, 'message', 'must be an object; got null'],
    ['hello', 'message', 'must be an object; got "hello"'],
  ])('%j is refused because of %j: it %s', (value, field, reason) => {
    const error = refusal(() => message(value));
    expect(error).toMatchObject({ code: 'validation', field });
    expect(error.message).toContain(`${field || 'input'}: ${reason}`);
  });

  it.each([
    ['parts', ['x']],
    ['parts', {}],
    ['parts', 'text'],
    ['attachments', ['d1']],
  ])('may be without a text where the %s are %j', (key, value) => {
    expect(message({ role: 'user', content: '', [key]: value }).content).toBe('');
  });

  it.each([
    ['parts', undefined],
    ['parts', []],
    ['parts', null],
    ['attachments', []],
    ['metadata', { a: 1 }],
  ])('may not be without a text where the %s are %j', (key, value) => {
    const empty = { role: 'user', content: '', [key]: value };
    expect(refusal(() => message(empty)).field).toBe('content');
  });

  it('may consist of white space', () => {
    expect(message({ role: 'user', content: ' \n' }).content).toBe(' \n');
  });

  it('says which message of a list is at fault', () => {
    expect(refusal(() => messages([valid, { ...valid, role: 'x' }])).field).toBe(
      'messages[1].role',
    );
    expect(refusal(() => messages([valid, { ...valid, attachments: [7] }])).field).toBe(
      'messages[1].attachments[0]',
    );
    expect(refusal(() => messages([valid, null])).field).toBe('messages[1]');
    expect(refusal(() => messages('x')).message).toBe(
      'messages: must be a list of messages; got "x"',
    );
    expect(messages([])).toEqual([]);
  });
});

describe('storage.maxMessageBytes', () => {
  const { message: short } = validatorOf({ maxMessageBytes: 12 });

  it.each([
    ['one byte each', 'a'.repeat(12), 'a'.repeat(13)],
    ['two bytes each', 'é'.repeat(6), `${'é'.repeat(6)}a`],
    ['three bytes each', '世'.repeat(4), `${'世'.repeat(4)}a`],
    ['four bytes each', '👋'.repeat(3), `${'👋'.repeat(3)}a`],
    ['a surrogate alone, which is written as three', '\ud83d'.repeat(4), '\ud83d'.repeat(5)],
  ])('limits the text by its UTF-8: %s', (_, fits, tooLong) => {
    expect(short({ ...valid, content: fits }).content).toBe(fits);
    expect(refusal(() => short({ ...valid, content: tooLong }))).toMatchObject({
      field: 'content',
      message: 'content: must have at most 12 bytes (storage.maxMessageBytes)',
    });
  });

  it('limits parts and metadata by their JSON, each for itself', () => {
    expect(short({ ...valid, parts: ['12345678'], metadata: { a: 'é12' } })).toMatchObject({
      parts: ['12345678'],
      metadata: { a: 'é12' },
    });
    expect(refusal(() => short({ ...valid, parts: ['123456789'] })).field).toBe('parts');
    expect(refusal(() => short({ ...valid, metadata: { a: 'é1234' } })).field).toBe('metadata');
  });

  it('is a mebibyte by default', () => {
    expect(message({ ...valid, content: 'a'.repeat(1_048_576) }).content).toHaveLength(1_048_576);
    expect(refusal(() => message({ ...valid, content: 'a'.repeat(1_048_577) })).field).toBe(
      'content',
    );
    expect(refusal(() => message({ ...valid, content: '世'.repeat(349_526) })).field).toBe(
      'content',
    );
  });

  it('holds for changes too', () => {
    const { messageChanges: changes } = validatorOf({ maxMessageBytes: 4 });
    expect(refusal(() => changes({ content: '12345' })).field).toBe('content');
    expect(refusal(() => changes({ metadata: { a: 1 } })).field).toBe('metadata');
  });
});

describe('changes of a message', () => {
  it('may be a text, metadata, both or nothing', () => {
    expect(messageChanges({})).toEqual({});
    expect(messageChanges({ content: '', metadata: undefined })).toEqual({ content: '' });
    expect(messageChanges({ content: 'x', metadata: { a: 1 } })).toEqual({
      content: 'x',
      metadata: { a: 1 },
    });
  });

  it.each([
    [{ role: 'user' }, 'role'],
    [{ messageId: 'x' }, 'messageId'],
    [{ content: null }, 'content'],
    [{ metadata: null }, 'metadata'],
    [undefined, 'updates'],
  ])('may not be %j', (value, field) => {
    expect(refusal(() => messageChanges(value)).field).toBe(field);
  });
});
