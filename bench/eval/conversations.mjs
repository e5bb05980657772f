import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { contentStems, overlap } from './words.mjs';

/** Category 5 holds questions that the conversation has no answer to. */
const CATEGORIES = [1, 2, 3, 4];

/**
 * @typedef {object} Turn
 * @property {string} id
 * @property {string} speaker
 * @property {string} text
 * @property {'user' | 'assistant'} role
 * @property {string} [timestamp]
 */

/**
 * @typedef {object} Question
 * @property {string} question
 * @property {number} category 1 to 4
 * @property {string[]} evidence the ids of the turns that answer it; at least one
 * @property {boolean} isZeroOverlap whether it shares no word that carries meaning with the text of
 *   any of its evidence
 */

/**
 * @typedef {object} Conversation
 * @property {string} name
 * @property {{ title: string, turns: Turn[] }[]} sessions
 * @property {Question[]} questions
 */

/**
 * As it lies in a file: beside what is named here, `session_N` with turns and `session_N_date_time`.
 *
 * @typedef {object} RawConversation
 * @property {RawConversation} [conversation] some files keep sessions apart from the questions
 * @property {string} [speaker_a]
 * @property {{ question: string, evidence?: unknown[], category: number }[]} [qa]
 */

/** @typedef {{ dia_id: string, speaker: string, text?: string }} RawTurn */

/**
 * Reads conversations in the format of the LoCoMo data set: a file holds one, or a list of them.
 *
 * @param {readonly string[]} paths files, or folders with `.json` files
 * @returns {Conversation[]}
 */
export function readConversations(paths) {
  return paths.flatMap(filesOf).flatMap((file) => {
    const content = /** @type {RawConversation | RawConversation[]} */ (
      JSON.parse(readFileSync(file, 'utf8'))
    );
    const name = basename(file, '.json');
    const conversations = Array.isArray(content) ? content : [content];
    return conversations.map((raw, index) => {
      const conversation = parse(raw, conversations.length > 1 ? `${name}-${index + 1}` : name);
      if (conversation.sessions.length > 0) return conversation;
      throw new Error(`${file}: it holds no conversation, there is no \`session_1\` in it.`);
    });
  });
}

/** @param {string} path */
function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(path, name));
}

/**
 * @param {RawConversation} raw
 * @param {string} name
 * @returns {Conversation}
 */
function parse(raw, name) {
  const fields = /** @type {Record<string, unknown>} */ (raw.conversation ?? raw);
  const numbers = Object.keys(fields)
    .flatMap((key) => /^session_(\d+)$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
  const lists = numbers.map((number) => /** @type {RawTurn[]} */ (fields[`session_${number}`]));
  const first = fields['speaker_a'] ?? lists[0]?.[0]?.speaker;
  const sessions = numbers.map((number, index) => {
    const start = parseDate(fields[`session_${number}_date_time`]);
    const turns = (lists[index] ?? [])
      .filter(({ text }) => text !== undefined && text.trim() !== '')
      .map(({ dia_id: id, speaker, text = '' }, place) => {
        /** @type {Turn} */
        const turn = { id, speaker, text, role: speaker === first ? 'user' : 'assistant' };
        if (start === undefined) return turn;
        return { ...turn, timestamp: new Date(start + place * 60_000).toISOString() };
      });
    return { title: `Session ${number}`, turns };
  });
  const textById = new Map(
    sessions.flatMap(({ turns }) => turns).map(({ id, text }) => [id, text]),
  );
  return { name, sessions, questions: questionsOf(raw, textById) };
}

/**
 * @param {RawConversation} raw
 * @param {ReadonlyMap<string, string>} textById
 * @returns {Question[]}
 */
function questionsOf({ qa = [] }, textById) {
  return qa
    .filter(({ category }) => CATEGORIES.includes(category))
    .flatMap(({ question, category, evidence: cited = [] }) => {
      // Now and then one string cites several turns, or one that does not exist.
      const ids = cited.flatMap((citation) => String(citation).split(/[;,\s]+/));
      const evidence = [...new Set(ids)].filter((id) => textById.has(id));
      if (evidence.length === 0) return [];
      const stems = contentStems(question);
      const isZeroOverlap = !evidence.some((id) =>
        overlap(stems, contentStems(textById.get(id) ?? '')),
      );
      return [{ question, category, evidence, isZeroOverlap }];
    });
}

/**
 * A date such as `1:56 pm on 8 May, 2023`, taken for UTC; `undefined` for anything else.
 *
 * @param {unknown} text
 */
function parseDate(text) {
  const [, time, date] = /^(\d+:\d+ [ap]m) on (\d+ \w+, \d+)$/.exec(String(text)) ?? [];
  const parsed = Date.parse(`${date} ${time} UTC`);
  return Number.isNaN(parsed) ? undefined : parsed;
}
