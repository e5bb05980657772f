import { describe, expect, it } from 'vitest';
import { beginning, newestMessages } from '../../../worker/context/window.ts';
import { message } from './conversations.ts';

const many = (count: number, content: string): ReturnType<typeof message>[] =>
  Array.from({ length: count }, (_, index) => message(index + 1, 'user', content));

describe('newestMessages', () => {
  it('gives a short conversation as it is', () => {
    const messages = many(3, 'tea');
    expect(newestMessages(messages)).toEqual(messages);
    expect(newestMessages([])).toEqual([]);
  });

  it('gives the newest 500 messages, oldest first', () => {
    const ids = newestMessages(many(1_200, 'tea')).map(({ messageId }) => messageId);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([500, 'm701', 'm1200']);
  });

  it('stops before 200,000 UTF-16 units and cuts a message after 20,000', () => {
    const newest = newestMessages(many(30, 'x'.repeat(1_000_000)));
    expect(newest.map(({ content }) => content.length)).toEqual(Array(10).fill(20_000));
    expect(newest.at(-1)?.messageId).toBe('m30');
  });
});

describe('beginning', () => {
  it('cuts no surrogate pair in half', () => {
    expect(beginning('ab😀', 3)).toBe('ab');
    expect(beginning('ab😀', 4)).toBe('ab😀');
    expect(beginning('😀', 0)).toBe('');
  });
});
