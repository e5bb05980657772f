import { FFStorageManager, type FFConfigInput } from 'flatfile-chat';
import type { Conversation } from '../conversations.mjs';
import { peers, type Find } from './peers.ts';

/** What the search for one question gave. */
export interface Found {
  /** Best first. */
  readonly ids: string[];
  readonly ms: number;
}

let storage: FFStorageManager;
let conversation: Conversation;

/** The ways to search that are compared, by the names that the report gives them. */
const systems: Readonly<Record<string, () => Promise<Find>>> = {
  text: async () => (query, limit) =>
    idsOf(storage.searchMessages(conversation.name, query, { limit })),
  vector: async () => (query, limit) =>
    idsOf(storage.search(conversation.name, query, { mode: 'vector', limit })),
  hybrid: async () => (query, limit) => idsOf(storage.search(conversation.name, query, { limit })),
  ...Object.fromEntries(
    Object.entries(peers).map(([name, build]) => [
      name,
      () => build(conversation.sessions.flatMap(({ turns }) => turns)),
    ]),
  ),
};

/** What the runner calls from outside. JSON goes as text: any string survives the way. */
const api = {
  async open(config: FFConfigInput): Promise<void> {
    storage = new FFStorageManager(config, { backend: 'opfs' });
    await storage.initialize();
  },

  /** Adds a conversation as a user of its own; resolves when all of it can be found. */
  async add(json: string): Promise<void> {
    conversation = JSON.parse(json) as Conversation;
    const { name: userId, sessions } = conversation;
    await storage.createUser(userId);
    for (const { title, turns } of sessions) {
      const sessionId = await storage.createSession(userId, title);
      await storage.addMessages(
        userId,
        sessionId,
        turns.map(({ id, speaker, role, text, timestamp }) => ({
          messageId: id,
          name: speaker,
          role,
          content: text,
          ...(timestamp === undefined ? {} : { timestamp }),
        })),
      );
    }
    await storage.whenIdle();
  },

  /** Asks the conversation that was added last. */
  async ask(system: string, json: string, limit: number): Promise<Found[]> {
    const find = await systems[system]?.();
    if (find === undefined) throw new Error(`There is no system called ${system}.`);
    const found: Found[] = [];
    for (const question of JSON.parse(json) as string[]) {
      const since = performance.now();
      const ids = await find(question, limit);
      found.push({ ids, ms: performance.now() - since });
    }
    return found;
  },
};

async function idsOf(hits: Promise<readonly { readonly id: string }[]>): Promise<string[]> {
  return (await hits).map(({ id }) => id);
}

type EvalApi = typeof api;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var evaluation: EvalApi;
}

globalThis.evaluation = api;
