import { statSync } from 'node:fs';
import { readBatches, toConversation } from './conversations.mjs';
import { secondsSince, startProgress } from './output.mjs';
import { tellingWord } from './words.mjs';

/**
 * A file that was imported.
 *
 * @typedef {object} ImportedFile
 * @property {string} path
 * @property {string} name
 * @property {number} trees
 * @property {number} messages
 * @property {number} seconds
 * @property {string[]} words one from each tree, to be searched for
 */

/**
 * @param {import('playwright').Page} page
 * @param {string} path
 * @param {string} name what it is called in the store
 * @returns {Promise<ImportedFile>}
 */
export async function importFile(page, path, name) {
  const since = performance.now();
  const progress = startProgress(name, statSync(path).size);
  /** @type {string[]} */
  const words = [];
  let [trees, messages, bytes] = [0, 0, 0];
  for await (const batch of readBatches(path)) {
    const conversations = batch.map((line) => toConversation(name, line));
    for (const conversation of conversations) {
      const word = tellingWord(conversation.messages.map(({ content }) => content).join('\n'));
      if (word !== undefined) words.push(word);
    }
    messages += await page.evaluate(
      (json) => example.importConversations(json),
      JSON.stringify(conversations),
    );
    trees += batch.length;
    bytes += batch.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
    progress.advance(bytes, `${trees} trees, ${messages} messages`);
  }
  progress.end();
  return { path, name, trees, messages, seconds: secondsSince(since), words };
}
