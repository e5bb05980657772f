import type { Conversation, Sentence } from './conversation.ts';
import { classify, type NameKind } from './name-kinds.ts';
import { nameSpans } from './name-spans.ts';
import { loadTagger, type Tagger } from './tagger.ts';

/** A name that was found, once for each time. */
export interface Name {
  readonly value: string;
  readonly kind: NameKind;
}

/** UTF-16 units of sentences that are tagged, the newest: tagging costs ten times all the rest. */
const MAX_TAGGED = 40_000;

/** Sentences that are tagged: each call has a cost of its own. */
const MAX_TAGGED_SENTENCES = 800;

const WORD_CHARACTER = String.raw`[\p{L}\p{N}]`;

/** A participant's name that is a role. */
const ROLE = /^(?:assistant|user|bot|system|ai|chatbot|agent|human|tool)$/i;

/**
 * The names of people, organizations and places in a conversation, in its order. Compromise knows
 * English, so sentences in other languages are left out.
 *
 * @param rests the sentences without what has been recognised already
 */
export async function findNames(
  conversation: Conversation,
  rests: readonly string[],
): Promise<Name[]> {
  const tagger = await loadTagger();
  const found: Name[] = [];
  for (const index of taggable(conversation.sentences, tagger)) {
    const sentence = conversation.sentences[index]?.text ?? '';
    const rest = rests[index] ?? '';
    for (const span of isHeadline(sentence) ? [] : nameSpans(tagger.tag(sentence), tagger)) {
      const kind = classify(span, tagger);
      if (kind !== null && rest.includes(span.value)) found.push({ value: span.value, kind });
    }
  }
  const counts = countWords(rests);
  return [...found, ...participantsIn(conversation, rests)]
    .filter(({ value }) => !isCode(value, conversation.codeWords) && !isCommonWord(value, counts))
    .map(oneKindEach(found));
}

/** The newest sentences that can hold a name, as far as they may cost, in their order. */
function taggable(sentences: readonly Sentence[], tagger: Tagger): number[] {
  const indexes: number[] = [];
  let left = MAX_TAGGED;
  for (const [index, { text, language }] of [...sentences.entries()].reverse()) {
    if (language !== 'english' && language !== 'other') continue;
    if (indexes.length === MAX_TAGGED_SENTENCES) break;
    if (text.length > left || !mayHoldNames(text, tagger)) continue;
    left -= text.length;
    indexes.push(index);
  }
  return indexes.reverse();
}

/** A capital inside the sentence, or at its beginning a name that the dictionary knows. */
function mayHoldNames(sentence: string, tagger: Tagger): boolean {
  if (/\S\s+["'“(]*(?!I\b)\p{Lu}/u.test(sentence)) return true;
  const first = /^["'“(]*(\p{Lu}[\p{L}'’-]+)/u.exec(sentence)?.[1]?.replace(/['’]s$/, '');
  if (first === undefined) return false;
  return (['Person', 'Place', 'Organization'] as const).some((kind) => tagger.knows(first, kind));
}

/** Whether so many words have a capital that it tells nothing: a title, or a writer's habit. */
function isHeadline(sentence: string): boolean {
  const words = sentence.match(/\p{L}{4,}/gu) ?? [];
  const capitalised = words.filter((word) => /^\p{Lu}/u.test(word)).length;
  if (words.length < 5 || capitalised <= words.length * 0.75) return false;
  return words.length > 12 || !/[.!?]["'”’)]*$/.test(sentence);
}

/** Those who take part and are addressed or spoken of by their name. */
function participantsIn({ participants }: Conversation, rests: readonly string[]): Name[] {
  return participants
    .filter((name) => /^\p{Lu}\p{Ll}/u.test(name) && !ROLE.test(name))
    .filter((name) => {
      const whole = new RegExp(`(?<!${WORD_CHARACTER})${escape(name)}(?!${WORD_CHARACTER})`, 'u');
      return rests.some((rest) => whole.test(rest));
    })
    .map((value) => ({ value, kind: 'people' }));
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** A name all of whose words occur in code is an identifier or a library. */
function isCode(value: string, codeWords: ReadonlySet<string>): boolean {
  const words = value.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.every((word) => codeWords.has(word.toLowerCase()));
}

/** "Hope" where people hope more often than they speak of her. */
function isCommonWord(value: string, counts: ReadonlyMap<string, number>): boolean {
  return (counts.get(value.toLowerCase()) ?? 0) > (counts.get(value) ?? Infinity);
}

/** How often each word occurs, as it is written. */
function countWords(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [word] of text.matchAll(/[\p{L}\p{N}]+/gu))
      counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** Gives each name the kind that it has most often, so that no value is in two lists. */
function oneKindEach(names: readonly Name[]): (name: Name) => Name {
  const votes = new Map<string, Map<NameKind, number>>();
  for (const { value, kind } of names) {
    const kinds = votes.get(value.toLowerCase()) ?? new Map<NameKind, number>();
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    votes.set(value.toLowerCase(), kinds);
  }
  return (name) => {
    const kinds = [...(votes.get(name.value.toLowerCase()) ?? [])];
    const winner = kinds.sort(([, one], [, other]) => other - one)[0];
    return { value: name.value, kind: winner?.[0] ?? name.kind };
  };
}
