import type { FFSearchResultDTO, FFStorageManager, SearchOptions } from 'flatfile-chat';
import { expect } from 'vitest';
import { say } from './support.ts';

export const MODES = ['text', 'vector', 'hybrid'] as const;

/** What somebody may type, or paste by mistake. */
export const HOSTILE_QUERIES: readonly (readonly [what: string, query: string])[] = [
  ['HTML', '<script>alert(1)</script> <img src=x onerror=alert(1)>'],
  ['regular expressions', '.*(a|b)+[^c]{2,}$ \\d \\'],
  ['unbalanced brackets', '((([[[{{{'],
  ['an unbalanced quotation mark', 'the "quick brown'],
  ['only quotation marks', '"" “” "'],
  ['one emoji', '🦊'],
  ['emoji of many parts', '👩‍👩‍👧‍👦 👍🏽'],
  ['only punctuation', '!?… — “”'],
  ['only stop words', 'the of and to be'],
  ['10,000 characters of one word', 'a'.repeat(10_000)],
  ['10,000 characters of many words', 'word '.repeat(2_000)],
  ['a text from right to left', 'מה שלומך، كيف حالك'],
  ['control characters', '\u0000\u0008\u001b'],
  ['half of a surrogate pair', '\ud83d'],
  ['halves of surrogate pairs in the wrong order', '\ude00\ud83d tail'],
  ['names that objects know', '__proto__ constructor toString hasOwnProperty'],
  ['database syntax', "'; DROP TABLE messages; -- OR 1=1"],
  ['a path', '../../etc/passwd'],
];

/** What a message says, and a query that means about the same without sharing a word with it. */
export const PARAPHRASES = [
  {
    content: 'My flight to Madrid got cancelled',
    query: 'the airline called off a trip in Spain',
  },
  {
    content: 'The puppy gets frightened when there is thunder',
    query: 'our dog is scared of storms',
  },
  {
    content: 'Rent around here is far too expensive',
    query: 'housing costs in town are extremely high',
  },
] as const;

/** Has to do with none of the queries of {@link PARAPHRASES}. */
export const UNRELATED = [
  'Add some butter and flour before you stir',
  'Limestone dissolves in acid',
  'Her favourite colour is turquoise',
] as const;

/** A session that holds messages whose ids are their contents. */
export async function addTalk(
  storage: FFStorageManager,
  contents: readonly string[],
): Promise<string> {
  const sessionId = await storage.createSession('alice');
  for (const content of contents) {
    await storage.addMessage('alice', sessionId, say(content, { messageId: content }));
  }
  return sessionId;
}

/** Asks in each mode; every answer has to be well-formed. */
export async function searchInEachMode(
  storage: FFStorageManager,
  query: string,
  options: Omit<SearchOptions, 'mode'> = {},
): Promise<Record<(typeof MODES)[number], string[]>> {
  const found = { text: [''], vector: [''], hybrid: [''] };
  for (const mode of MODES) {
    const hits = await storage.search('alice', query, { ...options, mode });
    expectScores(hits);
    found[mode] = hits.map(({ content }) => content);
  }
  return found;
}

/** The best first, with scores that are none but those that there may be. */
export function expectScores(hits: readonly FFSearchResultDTO[]): void {
  const scores = hits.map(({ relevanceScore }) => relevanceScore);
  if (hits.length > 0) expect(scores[0]).toBe(1);
  expect(scores).toStrictEqual(scores.toSorted((a, b) => b - a));
  const similarities = hits.flatMap(({ similarityScore }) => similarityScore ?? []);
  for (const score of [...scores, ...similarities]) {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
  }
}
