import { FFStorageManager, type FFStorageManagerOptions } from 'flatfile-chat';
import type { TextSystem, VectorSystem } from './system.ts';
import { noteText, vectorOf } from './vectors.ts';

const USER = 'user';

/** The vectors of 50,000 messages come one batch after another. */
const CALL_TIMEOUT_MS = 3_600_000;

const NOTES_PER_SESSION = 1_000;

export function createTextSystem(): TextSystem {
  const storage = openable({});
  const sessionIdByName = new Map<string, string>();
  return {
    open: async () => {
      await storage.initialize();
      await storage.createUser(USER);
    },
    add: async ({ session, messages }) => {
      const sessionId =
        sessionIdByName.get(session) ?? (await storage.createSession(USER, session));
      sessionIdByName.set(session, sessionId);
      await storage.addMessages(USER, sessionId, messages);
    },
    search: (query, limit) => storage.searchMessages(USER, query, { limit }),
    settle: () => storage.whenIdle(),
    close: () => storage.close(),
  };
}

export function createVectorSystem(): VectorSystem {
  let storage: FFStorageManager;
  return {
    open: async (dimensions) => {
      storage = openable({
        embedder: {
          id: `seeded-${dimensions}`,
          dimensions,
          embed: async (texts) => texts.map((text) => vectorOf(text, dimensions)),
        },
      });
      await storage.initialize();
      await storage.createUser(USER);
    },
    add: async (from, to) => {
      for (let start = from; start < to; start += NOTES_PER_SESSION) {
        const sessionId = await storage.createSession(USER);
        const length = Math.min(NOTES_PER_SESSION, to - start);
        const messages = Array.from({ length }, (_, index) => ({
          role: 'user' as const,
          content: noteText(start + index),
        }));
        await storage.addMessages(USER, sessionId, messages);
      }
      await storage.whenIdle();
    },
    search: (query, limit) => storage.search(USER, query, { mode: 'vector', limit }),
    close: () => storage.close(),
  };
}

function openable(options: FFStorageManagerOptions): FFStorageManager {
  return new FFStorageManager(
    { runtime: { callTimeoutMs: CALL_TIMEOUT_MS } },
    { ...options, backend: 'opfs' },
  );
}
