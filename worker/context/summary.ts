import type { Conversation, Sentence } from './conversation.ts';
import { pickDiverse } from './selection.ts';
import type { TermSpace } from './term-space.ts';
import { beginning } from './window.ts';

/** A text, and the sentences that it is made of, by index. */
export interface Summary {
  readonly text: string;
  readonly sentences: readonly number[];
}

const ENDED = /[.!?…。！？।؟:;]["'”’)\]»」』）]*$/;

/** Stands between two sentences of which the first has no full stop of its own. */
const SEPARATOR = ' · ';

/**
 * The sentences that say the most, in the order of the conversation, in at most `maxLength` UTF-16
 * units. When not one of them fits, the best is cut where a word ends.
 */
export function summarize(
  { sentences }: Conversation,
  space: TermSpace,
  salience: readonly number[],
  maxLength: number,
): Summary {
  let left = maxLength + SEPARATOR.length;
  const picked = pickDiverse(space, salience, (index) => {
    const length = (sentences[index]?.text.length ?? 0) + SEPARATOR.length;
    if (length > left) return false;
    left -= length;
    return true;
  }).sort((one, other) => one - other);
  if (picked.length > 0) return { text: join(sentences, picked), sentences: picked };

  // Too long, every one of them, or nothing but small talk.
  const best = indexOfMost(salience);
  return { text: cut(sentences[best]?.text ?? '', maxLength), sentences: [best] };
}

function join(sentences: readonly Sentence[], picked: readonly number[]): string {
  let text = '';
  for (const index of picked) {
    const sentence = sentences[index]?.text ?? '';
    text += separatorAfter(text) + sentence;
  }
  return text;
}

function separatorAfter(text: string): string {
  if (text === '' || /[。！？]["'”’」』）]*$/.test(text)) return '';
  return ENDED.test(text) ? ' ' : SEPARATOR;
}

function indexOfMost(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? 0) ? index : best), 0);
}

/** Cuts where a word ends, if one ends in the second half, and says so with an ellipsis. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const whole = beginning(text, Math.max(maxLength - 1, 0));
  const space = /\s/.test(text.charAt(whole.length)) ? whole.length : whole.lastIndexOf(' ');
  const head = space > whole.length / 2 ? whole.slice(0, space) : whole;
  return `${head.trimEnd()}…`;
}
