import { describe, expect, it } from 'vitest';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';

const { persona, panel, panelMessage, personaOwner, context, contextSession } =
  createInputValidator(loadConfig({ storage: { maxMessageBytes: 400 } }));

function fieldOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof FFValidationError) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a persona', () => {
  it('is given an id where it has none', () => {
    const { personaId, ...rest } = persona({ name: 'Ada' });
    expect(rest).toStrictEqual({ name: 'Ada' });
    expect(persona({ name: 'Ada' }).personaId).not.toBe(personaId);
  });

  it('keeps everything that it may have, and may be one that was read', () => {
    const whole = {
      personaId: 'ada',
      name: 'Ada',
      description: 'Counts.',
      traits: ['exact'],
      expertise: ['engines'],
      communicationStyle: 'brief',
      ownerId: 'alice',
      metadata: { since: 1843 },
    };
    const now = '2026-01-31T09:30:00.000Z';
    expect(persona({ ...whole, createdAt: now, updatedAt: now })).toStrictEqual(whole);
  });

  it('may not be larger than a message', () => {
    const long = 'x'.repeat(401);
    expect(fieldOf(() => persona({ name: long }))).toBe('name');
    expect(fieldOf(() => persona({ name: 'Ada', description: long }))).toBe('description');
    expect(fieldOf(() => persona({ name: 'Ada', traits: [long] }))).toBe('traits');
  });
});

describe('a panel', () => {
  const valid = { type: 'brainstorm', personaIds: ['ada'] };

  it('is given an id where it has none', () => {
    const { panelId, ...rest } = panel(valid);
    expect(rest).toStrictEqual(valid);
    expect(panel(valid).panelId).not.toBe(panelId);
  });

  it('keeps everything that it may have, and may be one that was read', () => {
    const whole = {
      ...valid,
      panelId: 'p',
      title: 'T',
      ownerId: 'alice',
      config: { rounds: 3 },
      metadata: { a: 1 },
    };
    const now = '2026-01-31T09:30:00.000Z';
    expect(panel({ ...whole, createdAt: now, updatedAt: now, messageCount: 7 })).toStrictEqual(
      whole,
    );
  });

  it('has one to the configured number of personas, each once', () => {
    const ids = Array.from({ length: 11 }, (_, index) => `p${index}`);
    expect(panel({ ...valid, personaIds: ids.slice(0, 10) }).personaIds).toHaveLength(10);
    for (const personaIds of [[], ids, ['a', 'a']]) {
      expect(fieldOf(() => panel({ ...valid, personaIds }))).toBe('personaIds');
    }
  });

  it('is looked for by its owner', () => {
    expect(personaOwner({})).toBeUndefined();
    expect(personaOwner({ ownerId: 'alice' })).toBe('alice');
    expect(fieldOf(() => personaOwner({ ownerid: 'alice' }))).toBe('ownerid');
  });
});

describe('a message of a panel', () => {
  it('is a message that may respond to another', () => {
    const whole = { messageId: 'm', role: 'assistant', content: 'hi', responseTo: 'm0' };
    expect(panelMessage(whole)).toStrictEqual(whole);
    expect(panelMessage({ ...whole, messageId: undefined }).messageId).toMatch(/^[0-9a-f-]{36}$/);
    // It may be one that was read.
    expect(panelMessage({ ...whole, personaId: 'ada', status: 'aborted' })).toStrictEqual(whole);
    expect(fieldOf(() => panelMessage({ ...whole, content: '' }))).toBe('content');
    expect(fieldOf(() => panelMessage({ ...whole, responseTo: '' }))).toBe('responseTo');
  });
});

describe('a context', () => {
  it('needs no more than a summary', () => {
    const { contextId, ...rest } = context({ summary: '' });
    expect(contextId).toMatch(/^[0-9a-f-]{36}$/);
    expect(rest).toStrictEqual({ summary: '', keyPoints: [], entities: {}, confidence: 1 });
  });

  it('keeps everything that it may have, and may be one that was read', () => {
    const whole = {
      contextId: 'c',
      summary: 'S.',
      keyPoints: ['one'],
      entities: { people: ['Ada'], constructor: ['Charles'] },
      confidence: 0.5,
      timestamp: '2026-01-31T09:30:00.000Z',
      messageRange: { firstMessageId: 'a', lastMessageId: 'b' },
      metadata: { a: 1 },
    };
    const read = context({ ...whole, userId: 'bob', sessionId: 's' });
    expect(JSON.parse(JSON.stringify(read))).toEqual(whole);
    expect(Object.keys(read.entities)).toEqual(['people', 'constructor']);
  });

  it('may not be larger than a message as a whole', () => {
    const halves = { summary: 'x'.repeat(180), keyPoints: ['y'.repeat(180)] };
    expect(context({ summary: halves.summary }).summary).toHaveLength(180);
    expect(fieldOf(() => context(halves))).toBe('context');
  });

  it('is looked for by its session', () => {
    expect(contextSession({})).toBeUndefined();
    expect(contextSession({ sessionId: 's' })).toBe('s');
  });
});
