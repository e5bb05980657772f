import { statSync } from 'node:fs';
import { readBatches, toConversation } from './conversations.mjs';
import { differences } from './differences.mjs';
import { secondsSince, startProgress } from './output.mjs';
import { wordsOf } from './words.mjs';

const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/**
 * @typedef {import('flatfile-chat').FFSessionDTO} FFSessionDTO
 * @typedef {import('flatfile-chat').FFMessageDTO} FFMessageDTO
 * @typedef {import('./conversations.mjs').Conversation} Conversation
 * @typedef {{ session: FFSessionDTO, messages: FFMessageDTO[] }} StoredConversation
 */

/**
 * Reads a file once more and compares every tree of it with what is stored.
 *
 * @param {import('playwright').Page} page
 * @param {import('./import.mjs').ImportedFile} imported
 * @param {object} context
 * @param {Readonly<Record<string, string>>} context.sessionIdByPlace
 * @param {number} context.startedAt when the import began, in milliseconds since 1970
 * @param {readonly string[]} context.queries
 */
export async function verifyFile(page, { path, name }, { sessionIdByPlace, startedAt, queries }) {
  const since = performance.now();
  const progress = startProgress(name, statSync(path).size);
  /** The ids of the messages that hold a query's word. @type {Map<string, string[]>} */
  const idsByQuery = new Map(queries.map((query) => [query, []]));
  /** @type {string[]} */
  const problems = [];
  let [messages, bytes] = [0, 0];

  for await (const batch of readBatches(path)) {
    const conversations = batch.map((line) => toConversation(name, line));
    const sessionIds = batch.map(({ line }) => sessionIdByPlace[`${name}:${line}`] ?? 'missing');
    const json = await page.evaluate((ids) => example.readConversations(ids), sessionIds);
    const read = /** @type {(StoredConversation | null)[]} */ (JSON.parse(json));

    for (const [index, conversation] of conversations.entries()) {
      const place = `${name}:${batch[index]?.line}`;
      const stored = read[index];
      if (stored === undefined || stored === null)
        problems.push(`${place}: there is no such session`);
      else
        problems.push(...differences(expectedOf(conversation, stored, startedAt), stored, place));
      for (const { messageId, content } of conversation.messages) {
        const words = wordsOf(content);
        for (const [query, ids] of idsByQuery) if (words.has(query)) ids.push(messageId);
      }
      messages += conversation.messages.length;
    }
    bytes += batch.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
    progress.advance(bytes, `${messages} messages compared`);
  }
  progress.end();
  return { problems, idsByQuery, seconds: secondsSince(since) };
}

/**
 * What should be stored. Where the file leaves something to the store, such as ids and the time of
 * the import, what is stored is right as long as it makes sense.
 *
 * @param {Conversation} conversation
 * @param {StoredConversation} stored
 * @param {number} startedAt
 */
function expectedOf({ title, metadata, messages }, stored, startedAt) {
  const { sessionId, createdAt, updatedAt } = stored.session;
  const plausible = (/** @type {string | undefined} */ time) =>
    time !== undefined &&
    UTC.test(time) &&
    Date.parse(time) >= startedAt &&
    Date.parse(time) <= Date.now()
      ? time
      : 'a time of this run';
  return {
    session: {
      sessionId,
      userId: 'importer',
      title,
      createdAt: plausible(createdAt),
      updatedAt: plausible(updatedAt),
      messageCount: messages.length,
      metadata,
    },
    messages: messages.map((message, index) => ({
      timestamp: plausible(stored.messages[index]?.timestamp),
      ...message,
    })),
  };
}
