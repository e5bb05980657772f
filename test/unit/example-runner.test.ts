import { describe, expect, it } from 'vitest';
import { toConversation } from '../../examples/runner/conversations.mjs';
import { differences } from '../../examples/runner/differences.mjs';
import { faultOf, spread, tellingWord, wordsOf } from '../../examples/runner/words.mjs';

describe('toConversation', () => {
  const node = (id: string, text: string, rest: object = {}) => ({
    message_id: id,
    text,
    role: 'assistant',
    replies: [],
    ...rest,
  });
  const convert = (prompt: object, fields: object = {}) =>
    toConversation('file.jsonl', {
      line: 7,
      text: JSON.stringify({ message_tree_id: 't', ...fields, prompt }),
    });

  it('puts every message behind the one that it answers, branch after branch', () => {
    const tree = node('a', 'A', {
      role: 'prompter',
      replies: [node('b', 'B', { replies: [node('c', 'C')] }), node('d', 'D')],
    });
    const messages = convert(tree).messages.map(({ messageId, parentId, role }) => [
      messageId,
      parentId,
      role,
    ]);
    expect(messages).toStrictEqual([
      ['a', null, 'user'],
      ['b', 'a', 'assistant'],
      ['c', 'b', 'assistant'],
      ['d', 'a', 'assistant'],
    ]);
  });

  it('keeps whatever else is said of a message and of the tree', () => {
    const rest = {
      rank: 1,
      lang: 'en',
      synthetic: false,
      labels: { quality: 0.5 },
      model_name: null,
    };
    const { metadata, messages } = convert(node('a', 'A', rest), { tree_state: 'ready' });
    expect(metadata).toStrictEqual({
      message_tree_id: 't',
      tree_state: 'ready',
      place: 'file.jsonl:7',
    });
    expect(messages[0]?.metadata).toStrictEqual(rest);
  });

  it('takes the time of a message over, in UTC', () => {
    const created = { created_date: '2024-05-01T12:00:00+02:00' };
    expect(convert(node('a', 'A', created)).messages[0]).toMatchObject({
      timestamp: '2024-05-01T10:00:00.000Z',
      metadata: created,
    });
  });

  it('makes a title of the beginning', () => {
    expect(convert(node('a', ' How\n are  you? ')).title).toBe('How are you?');
    expect(convert(node('a', '🦊'.repeat(100))).title).toBe(`${'🦊'.repeat(60)}…`);
  });

  it('survives a very long conversation', () => {
    let tree = node('last', 'end');
    for (let depth = 0; depth < 2_000; depth++) tree = node(`${depth}`, 'x', { replies: [tree] });
    expect(convert(tree).messages).toHaveLength(2_001);
  });

  it.each([
    ['no JSON', '{'],
    ['nothing of a tree', '{"message_tree_id":"x"}'],
    ['a role that is none', JSON.stringify({ prompt: node('a', 'A', { role: 'robot' }) })],
  ])('refuses %s, naming the line', (_, text) => {
    expect(() => toConversation('file.jsonl', { line: 3, text })).toThrow(/^file\.jsonl, line 3: /);
  });
});

describe('differences', () => {
  it('finds none between values that are the same', () => {
    const value = { a: [1, { b: null }], c: '', d: false };
    expect(differences(value, structuredClone(value))).toStrictEqual([]);
  });

  it.each([
    ['another value', { a: 1 }, { a: 2 }, 'v.a: expected 1, got 2'],
    ['another type', { a: 1 }, { a: '1' }, 'v.a: expected 1, got "1"'],
    ['null for nothing', {}, { a: null }, 'v.a: expected nothing, got null'],
    ['what is missing', { a: [1, 2] }, { a: [1] }, 'v.a[1]: expected 2, got nothing'],
    ['what is too much', { a: [] }, { a: [{ b: 1 }] }, 'v.a[0]: expected nothing, got {"b":1}'],
    ['a list for an object', { a: {} }, { a: [] }, 'v.a: expected {}, got []'],
    ['another order', ['a', 'b'], ['b', 'a'], 'v[0]: expected "a", got "b"'],
  ])('names %s and its place', (_, expected, actual, difference) => {
    expect(differences(expected, actual, 'v')).toContain(difference);
  });
});

describe('the words to search for', () => {
  it('are those that stand alone, folded', () => {
    const text = "Électricité, snake_case_name, don't_know, keeper's lighthouses! short";
    expect([...wordsOf(text)]).toStrictEqual(['electricite', 'lighthouses']);
    expect(tellingWord(text)).toBe('electricite');
    expect(tellingWord('so on')).toBeUndefined();
  });

  it('are spread over all of them', () => {
    const list = Array.from({ length: 100 }, (_, index) => index);
    expect(spread(list, 4)).toStrictEqual([0, 25, 50, 75]);
    expect(spread([1, 2], 4)).toStrictEqual([1, 2]);
  });

  it('tell whether a hit is one', () => {
    const hit = {
      content: 'The lighthouse turned',
      highlights: ['The <mark>lighthouse</mark> turned'],
    };
    expect(faultOf('lighthouses', hit)).toBeUndefined();
    expect(faultOf('candle', hit)).toBe('holds no word of the query');
    expect(faultOf('lighthouse', { ...hit, highlights: [] })).toBe('marks nothing');
    expect(faultOf('lighthouse', { ...hit, highlights: ['<mark>turned</mark>'] })).toBe(
      'marks turned',
    );
  });
});
