import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A message tree as it stands on a line of a file.
 *
 * @typedef {{ message_tree_id: string, prompt: TreeNode } & Record<string, unknown>} Tree
 * @typedef {object} TreeNodeFields
 * @property {string} message_id
 * @property {string} text
 * @property {string} role
 * @property {string} [created_date]
 * @property {TreeNode[]} [replies]
 * @typedef {TreeNodeFields & Record<string, unknown>} TreeNode
 */

/**
 * What a tree is in a chat store.
 *
 * @typedef {object} Conversation
 * @property {string} title
 * @property {Record<string, unknown>} metadata of the session
 * @property {ConversationMessage[]} messages every parent before its answers
 * @typedef {object} ConversationMessage
 * @property {string} messageId
 * @property {'user' | 'assistant'} role
 * @property {string} content
 * @property {string | null} parentId
 * @property {string} [timestamp]
 * @property {Record<string, unknown>} metadata
 */

/**
 * A line of a file, counted from 1.
 *
 * @typedef {{ line: number, text: string }} Line
 */

const TITLE_LENGTH = 60;

/** A batch is sent to the page at once: as many trees, but for a single one that is longer. */
const BATCH_CHARACTERS = 262_144;

/** @type {ReadonlyMap<string, 'user' | 'assistant'>} */
const roleByName = new Map([
  ['prompter', 'user'],
  ['assistant', 'assistant'],
]);

/**
 * The lines of a file, a bounded number of characters at a time, whatever the size of the file.
 *
 * @param {string} path
 * @returns {AsyncGenerator<Line[]>}
 */
export async function* readBatches(path) {
  /** @type {Line[]} */
  let batch = [];
  let characters = 0;
  let line = 0;
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    line++;
    if (text.trim() === '') continue;
    if (batch.length > 0 && characters + text.length > BATCH_CHARACTERS) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push({ line, text });
    characters += text.length;
  }
  if (batch.length > 0) yield batch;
}

/**
 * @param {string} file its name, which is kept with the session
 * @param {Line} line
 * @returns {Conversation}
 */
export function toConversation(file, { line, text }) {
  try {
    const { prompt, ...fields } = /** @type {Tree} */ (JSON.parse(text));
    const messages = flatten(prompt);
    return {
      title: titleFrom(messages[0]?.content ?? ''),
      metadata: { ...fields, place: `${file}:${line}` },
      messages,
    };
  } catch (cause) {
    throw new Error(`${file}, line ${line}: it is no message tree (${String(cause)})`, { cause });
  }
}

/**
 * A node before its replies, and these in their order: as the conversation was led.
 *
 * @param {TreeNode} prompt
 */
function flatten(prompt) {
  /** @type {ConversationMessage[]} */
  const messages = [];
  /** @type {{ node: TreeNode, parentId: string | null }[]} */
  const waiting = [{ node: prompt, parentId: null }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const message = toMessage(next.node, next.parentId);
    messages.push(message);
    for (const node of (next.node.replies ?? []).toReversed()) {
      waiting.push({ node, parentId: message.messageId });
    }
  }
  return messages;
}

/**
 * @param {TreeNode} node
 * @param {string | null} parentId
 * @returns {ConversationMessage}
 */
function toMessage(
  { message_id: messageId, text: content, replies: _, role: name, ...others },
  parentId,
) {
  const role = roleByName.get(name);
  if (role === undefined) throw new Error(`message ${messageId}: unknown role "${name}"`);
  // The place in the tree says the same.
  const { parent_id: __, ...metadata } = others;
  const { created_date: created } = others;
  return {
    messageId,
    role,
    content,
    parentId,
    ...(created === undefined ? {} : { timestamp: new Date(created).toISOString() }),
    metadata,
  };
}

/** @param {string} text */
function titleFrom(text) {
  const characters = [...text.trim().replaceAll(/\s+/g, ' ')];
  if (characters.length <= TITLE_LENGTH) return characters.join('');
  return `${characters.slice(0, TITLE_LENGTH).join('').trimEnd()}…`;
}
