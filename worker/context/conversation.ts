import type { FFMessageDTO, MessageRole } from '../../src/shared/model/message.ts';
import { isFiller } from './filler.ts';
import { readPlainText, type LineKind, type PlainText } from './plain-text.ts';
import { splitSentences } from './sentences.ts';
import { languageOf, type ContextLanguage } from './stop-words.ts';
import { contentTerms, wordsOf } from './terms.ts';

/** A sentence of a conversation, without markup. */
export interface Sentence {
  readonly text: string;
  readonly kind: LineKind;
  readonly role: MessageRole;
  readonly language: ContextLanguage;
  /** What it is about; empty when it is small talk. */
  readonly terms: readonly string[];
  /** Part of the conversation's first request. */
  readonly opens: boolean;
  /** The first sentence of its message that is about something. */
  readonly leads: boolean;
}

/** A conversation, read. */
export interface Conversation {
  /** In the order of the conversation. */
  readonly sentences: readonly Sentence[];
  /** Words that occur in code, in lower case: they name no person, place or company. */
  readonly codeWords: ReadonlySet<string>;
  /** Where links lead, as far as their text does not say it. */
  readonly links: readonly string[];
  /** Display names of those who take part. */
  readonly participants: readonly string[];
}

const HAS_WORD = /[\p{L}\p{N}]/u;
const ONLY_URL = /^<?(?:https?:\/\/|www\.)\S+$/i;

/**
 * Reads messages into sentences. What system and tool messages say is instructions and data, not
 * conversation: they are read only when nobody else says anything.
 */
export function readConversation(messages: readonly FFMessageDTO[]): Conversation {
  const spoken = messages.filter(({ role }) => role === 'user' || role === 'assistant');
  const conversation = read(spoken);
  return conversation.sentences.length > 0 ? conversation : read(messages);
}

function read(messages: readonly FFMessageDTO[]): Conversation {
  const names = messages.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const participants = [...new Set(names)];
  const ignored = namesFor(participants, messages);
  const sentences: Sentence[] = [];
  const codeWords = new Set<string>();
  const links: string[] = [];
  let opened = false;

  for (const { role, content } of messages) {
    const plain = readPlainText(content);
    for (const word of wordsInCode(plain)) codeWords.add(word);
    links.push(...plain.links);
    const opens = !opened && role === 'user';
    const said = sentencesOf(plain, role, opens, ignored);
    sentences.push(...said);
    if (opens && said.some(({ leads }) => leads)) opened = true;
  }

  const proper = sentences.filter(({ text }) => !ONLY_URL.test(text));
  if (proper.length === 0) return { sentences, codeWords, links, participants };
  const bare = sentences.filter(({ text }) => ONLY_URL.test(text)).map(({ text }) => text);
  return { sentences: proper, codeWords, links: [...links, ...bare], participants };
}

/** @param opens whether they are from the first message in which a user is about something */
function sentencesOf(
  plain: PlainText,
  role: MessageRole,
  opens: boolean,
  ignored: ReadonlySet<string>,
): Sentence[] {
  const texts = plain.lines.flatMap(({ kind, text }) =>
    splitSentences(text)
      .filter((sentence) => HAS_WORD.test(sentence))
      .map((sentence) => ({ text: sentence, kind, words: wordsOf(sentence) })),
  );
  const language = languageOf(texts.flatMap(({ words }) => words));
  let led = false;
  return texts.map(({ text, kind, words }) => {
    const about = contentTerms(words, language, ignored);
    // "Can you tell me more about tides?" pads an answer, but asks when it comes first.
    const asks = opens && about.length > 2;
    const terms = isFiller(text) && !asks ? [] : about;
    const leads = !led && terms.length > 1;
    led ||= leads;
    return { text, kind, role, language, terms, opens, leads };
  });
}

function wordsInCode({ code }: PlainText): string[] {
  return code.flatMap((line) => line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/**
 * What the participants call one another, which is not what they talk about: their names, and short
 * forms of them ("Mel") that never occur without a capital.
 */
function namesFor(
  participants: readonly string[],
  messages: readonly FFMessageDTO[],
): ReadonlySet<string> {
  const names = participants.flatMap((name) => wordsOf(name));
  if (names.length === 0) return new Set();
  const capitalised = new Set<string>();
  const lower = new Set<string>();
  for (const { content } of messages) {
    for (const word of content.match(/\p{L}{3,}/gu) ?? []) {
      (/^\p{Ll}/u.test(word) ? lower : capitalised).add(word.toLowerCase());
    }
  }
  const short = [...capitalised].filter(
    (word) => !lower.has(word) && names.some((name) => name.startsWith(word)),
  );
  return new Set([...names, ...short]);
}
