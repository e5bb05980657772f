import { FFStorageManager, type FFMessageDTO, type FFSessionDTO } from 'flatfile-chat';
import { completeWorkflow } from '../complete-workflow.ts';
import type { Conversation } from '../runner/conversations.mjs';

const USER = 'importer';

const storage = new FFStorageManager({ storage: { basePath: 'imported-trees' } });

/** A session as it was found again. */
interface StoredConversation {
  readonly session: FFSessionDTO;
  readonly messages: readonly FFMessageDTO[];
}

/** What the runner calls from outside. JSON goes as text: any string survives the way. */
const api = {
  async workflow(): Promise<string[]> {
    const lines: string[] = [];
    await completeWorkflow((line) => lines.push(line));
    return lines;
  },

  async open(): Promise<string | undefined> {
    await storage.initialize();
    await storage.createUser(USER, { name: 'Importer' });
    return storage.backend;
  },

  /** Adds a session for each conversation; gives the number of messages. */
  async importConversations(json: string): Promise<number> {
    let count = 0;
    for (const { title, metadata, messages } of JSON.parse(json) as Conversation[]) {
      const sessionId = await storage.createSession(USER, title, metadata);
      count += await storage.addMessages(USER, sessionId, messages);
    }
    return count;
  },

  /** The sessions by the place in a file that their conversations came from. */
  async listByPlace(): Promise<Record<string, string>> {
    const sessions = await storage.listSessions(USER, { includeMetadata: true });
    return Object.fromEntries(
      sessions.map(({ sessionId, metadata }) => [String(metadata?.['place']), sessionId]),
    );
  },

  async readConversations(sessionIds: readonly string[]): Promise<string> {
    const read: (StoredConversation | null)[] = [];
    for (const sessionId of sessionIds) {
      const session = await storage.getSession(USER, sessionId);
      const messages = await storage.getAllMessages(USER, sessionId);
      read.push(session === null ? null : { session, messages });
    }
    return JSON.stringify(read);
  },

  async search(query: string, limit: number): Promise<string> {
    return JSON.stringify(await storage.searchMessages(USER, query, { limit }));
  },
};

type ExampleApi = typeof api;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var example: ExampleApi;
}

globalThis.example = api;
