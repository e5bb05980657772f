import type { Conversation } from './conversation.ts';
import { pickDiverse } from './selection.ts';
import { fold } from './terms.ts';
import type { TermSpace } from './term-space.ts';
import { beginning } from './window.ts';

/** Texts that each make one point, the weightiest first, and the sentences that they are from. */
export interface KeyPoints {
  readonly texts: readonly string[];
  readonly sentences: readonly number[];
}

/** UTF-16 units of a key point. */
const MAX_LENGTH = 200;

/** UTF-16 units that a clause must have to stand for its sentence. */
const MIN_CLAUSE = 40;

/** Where a clause may end. */
const CLAUSE_END = /[,;:，；：、](?=\s|[^\d\s])|\s[–—-](?=\s)/g;

/** Sentences, or their first clauses where they are long, that say the most and differ from one another. */
export function keyPointsOf(
  { sentences }: Conversation,
  space: TermSpace,
  salience: readonly number[],
  limit: number,
): KeyPoints {
  const texts: string[] = [];
  const compared: string[] = [];
  const picked = pickDiverse(
    space,
    salience,
    (index) => {
      const text = pointOf(sentences[index]?.text ?? '');
      const letters = lettersOf(text);
      if (compared.some((other) => other.includes(letters) || letters.includes(other)))
        return false;
      texts.push(text);
      compared.push(letters);
      return true;
    },
    limit,
  );
  return { texts, sentences: picked };
}

function pointOf(sentence: string): string {
  if (sentence.length <= MAX_LENGTH) return sentence;
  let end = 0;
  for (const match of sentence.slice(0, MAX_LENGTH).matchAll(CLAUSE_END)) end = match.index;
  if (end >= MIN_CLAUSE) return sentence.slice(0, end).trimEnd();
  const head = beginning(sentence, MAX_LENGTH);
  const space = head.lastIndexOf(' ');
  return space >= MIN_CLAUSE ? head.slice(0, space).trimEnd() : head;
}

/** What is left when nobody minds case and punctuation. */
function lettersOf(text: string): string {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).map(fold).join(' ');
}
