import {
  FFQuotaExceededError,
  FFStorageManager,
  type BackendKind,
  type FFDurability,
} from 'flatfile-chat';
import {
  BATCH_SIZE,
  BATCHES,
  batchContent,
  contentOf,
  DELETED,
  EDITED,
  editContent,
} from './writes.ts';

const USER = 'alice';

let storage: FFStorageManager;
let sessionId: string;

const add = (content: string, messageId?: string) =>
  storage.addMessage(USER, sessionId, { role: 'user', content, messageId });

/** What the test calls. The writers run until the browser is killed, and tell of each write that resolved. */
const page = {
  async open(backend: BackendKind, durability: FFDurability): Promise<void> {
    storage = new FFStorageManager({ storage: { durability } }, { backend });
    await storage.initialize();
    await storage.createUser(USER);
  },

  /** Starts the session that the writers write to. */
  async startSession(title: string): Promise<void> {
    sessionId = await storage.createSession(USER, title);
  },

  async resumeSession(title: string): Promise<void> {
    const sessions = await storage.listSessions(USER);
    sessionId = sessions.find((session) => session.title === title)?.sessionId ?? 'none';
  },

  /** One after another. */
  async single(): Promise<void> {
    for (let n = 0; ; n++) {
      await add(contentOf('single', n));
      void tellResolved(`${n}`);
    }
  },

  /** All at once. */
  async unawaited(): Promise<void> {
    for (let n = 0; n < 1_000; n++) {
      void add(contentOf('unawaited', n)).then(() => tellResolved(`${n}`));
    }
  },

  /** Large ones, several under way at any time. */
  async batches(): Promise<void> {
    for (let batch = 0; batch < BATCHES; batch++) {
      const messages = Array.from({ length: BATCH_SIZE }, (_, index) => ({
        role: 'assistant' as const,
        content: batchContent(batch, index),
      }));
      void storage.addMessages(USER, sessionId, messages).then(() => tellResolved(`${batch}`));
    }
  },

  /** Changes messages over and over, and deletes one of the others each time. */
  async changes(): Promise<void> {
    for (let n = 0; n < EDITED; n++) await add(editContent(n, 0), `edited ${n}`);
    for (let n = 0; n < DELETED; n++) await add(contentOf('doomed', n), `deleted ${n}`);
    for (let version = 1; ; version++) {
      for (let n = 0; n < EDITED; n++) {
        const content = editContent(n, version);
        await storage.updateMessage(USER, sessionId, `edited ${n}`, { content });
        void tellResolved(`edited ${n} ${version}`);
      }
      if (version > DELETED) continue;
      await storage.deleteMessage(USER, sessionId, `deleted ${version - 1}`);
      void tellResolved(`deleted ${version - 1}`);
    }
  },

  /** Resolves when the store has done what it does by itself, such as taking its reserve. */
  whenIdle: (): Promise<void> => storage.whenIdle(),

  /** Adds large messages until one is refused; tells how many there are then, and how it was refused. */
  async fill() {
    for (let n = 0; ; n++) {
      try {
        await add(`fill${n} ${incompressible(300_000)}`);
      } catch (error) {
        return { added: n, refusal: describe(error) };
      }
    }
  },

  /** Adds two large messages together; gives their number, or how they were refused. */
  async addLargeBatch() {
    const messages = ['first', 'second'].map((word) => ({
      role: 'user' as const,
      content: `${word} ${incompressible(400_000)}`,
    }));
    return storage.addMessages(USER, sessionId, messages).catch(describe);
  },

  /** Adds two messages of some bytes; gives their number. */
  addSmall: (): Promise<number> =>
    storage.addMessages(
      USER,
      sessionId,
      ['one', 'two'].map((content) => ({ role: 'user', content })),
    ),

  /** Deletes the message that was added first; gives whether there was one. */
  async deleteFirst(): Promise<boolean> {
    const [first] = await storage.getMessages(USER, sessionId, { limit: 1 });
    return storage.deleteMessage(USER, sessionId, first?.messageId ?? 'none');
  },

  /** Deletes the session that is written to. */
  deleteSession: (): Promise<boolean> => storage.deleteSession(USER, sessionId),

  async close(): Promise<void> {
    await storage.close();
  },

  /** The messages of a session, and how many there are by what is kept beside them. */
  async read(title: string) {
    const sessions = await storage.listSessions(USER);
    const session = sessions.find((listed) => listed.title === title);
    const id = session?.sessionId ?? 'none';
    return {
      messages: await storage.getAllMessages(USER, id),
      counted: (await storage.getSession(USER, id))?.messageCount,
      listed: session?.messageCount,
    };
  },

  async search(query: string): Promise<string[]> {
    const hits = await storage.searchMessages(USER, query, { limit: 10_000 });
    return hits.map(({ content }) => content);
  },
};

/** IndexedDB compresses what it keeps. */
function incompressible(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)));
  const text = Array.from(bytes, (byte) => String.fromCharCode(33 + (byte % 90))).join('');
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

function describe(error: unknown) {
  const isQuotaError = error instanceof FFQuotaExceededError;
  return { isQuotaError, code: isQuotaError ? error.code : String(error) };
}

export type Writer = 'single' | 'unawaited' | 'batches' | 'changes';

type Page = typeof page;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var chatPage: Page;
  /** Made by the test: hears of writes as soon as they have resolved. */
  function tellResolved(write: string): Promise<void>;
}

globalThis.chatPage = page;
