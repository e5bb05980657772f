import { FFStorageManager } from 'flatfile-chat';
import {
  batchIds,
  documentContent,
  EDITED,
  editedContent,
  messageContent,
  SESSIONS,
  type Resolved,
} from './mixed-writes.ts';

let storage: FFStorageManager;
let worker: Worker | undefined;

/** Writers that run at the same time, so that a kill meets several calls. */
const WRITERS = 3;

/** Numbers from 0 to below 1, the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** What the test calls. */
const page = {
  async open(userId: string): Promise<void> {
    storage = new FFStorageManager(
      // The vectors would take most of the time, and have no say in what is kept.
      { runtime: { logLevel: 'silent', callTimeoutMs: 300_000 }, vector: { model: 'none' } },
      {
        backend: 'opfs',
        worker: () =>
          (worker = new Worker(new URL('../../../worker/index.ts', import.meta.url), {
            type: 'module',
          })),
      },
    );
    await storage.initialize();
    await storage.createUser(userId);
  },

  /** Writes all kinds of things until something is killed, and tells of each write that resolved. */
  async write(userId: string, round: number, seed: number): Promise<void> {
    const titles = (await storage.listSessions(userId)).map(({ title }) => title);
    for (const title of SESSIONS) {
      if (!titles.includes(title)) await storage.createSession(userId, title);
    }
    const idByTitle = new Map(
      (await storage.listSessions(userId)).map(({ title, sessionId }) => [title, sessionId]),
    );
    for (let n = 0; n < EDITED; n++) {
      const [first = ''] = SESSIONS;
      const id = `e${n}`;
      const message = { role: 'user', messageId: id, content: editedContent(id, 0) } as const;
      await storage.addMessage(userId, idByTitle.get(first) ?? first, message);
    }
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      writeOn(
        { userId, idByTitle, name: `r${round}w${writer}`, round },
        createRandom(seed + writer),
      ),
    );
    await Promise.all(writers);
  },

  /** Ends the worker in the middle of whatever it does. */
  killWorker(): void {
    worker?.terminate();
  },

  async close(): Promise<void> {
    await storage.close();
  },

  /** All that a user has, as it can be read. */
  async read(userId: string) {
    const sessions = await storage.listSessions(userId);
    const read = await Promise.all(
      sessions.map(async ({ sessionId, title, messageCount }) => {
        const messages = await storage.getAllMessages(userId, sessionId);
        return {
          title,
          messageCount,
          messages: messages.map(({ messageId, content }) => ({ messageId, content })),
        };
      }),
    );
    const documents = await Promise.all(
      (await storage.listDocuments(userId)).map(async ({ sessionId, documentId, originalName }) => {
        const content = await storage.getDocumentContent(userId, sessionId, documentId);
        const text = await content?.text();
        return { name: originalName, isWhole: text === documentContent(originalName) };
      }),
    );
    const backups = (await storage.listBackups()).map(({ path }) => path);
    const { damagedRecords } = await storage.getStorageStats();
    return { sessions: read, documents, backups, damagedRecords };
  },

  async search(userId: string, query: string): Promise<string[]> {
    return (await storage.searchMessages(userId, query)).map(({ content }) => content);
  },

  /** Restores a backup; gives whether that worked. */
  restore: (path: string) => storage.restoreData(path),
};

interface Target {
  readonly userId: string;
  readonly idByTitle: ReadonlyMap<string, string>;
  readonly name: string;
  readonly round: number;
}

/** One writer: each call follows the one before it. */
async function writeOn({ userId, idByTitle, name, round }: Target, random: () => number) {
  const added: { title: string; id: string }[] = [];
  const documents: { title: string; id: string; documentId: string }[] = [];
  for (let n = 0; ; n++) {
    const title = SESSIONS[Math.floor(random() * SESSIONS.length)] ?? 's0';
    const sessionId = idByTitle.get(title) ?? title;
    const id = `${name}n${n}`;
    // Awaited: a page that ran ahead of what it tells would have done more, when it is killed, than the
    // one call that was under way.
    const tell = (kind: Resolved['kind'], of = { title, id }, version?: number): Promise<void> => {
      const resolved: Resolved = { kind, sessionId: of.title, id: of.id };
      return tellResolved(
        JSON.stringify(version === undefined ? resolved : { ...resolved, version }),
      );
    };
    const chance = random();
    if (chance < 0.4) {
      const content = messageContent(id);
      await storage.addMessage(userId, sessionId, { role: 'user', messageId: id, content });
      await tell('add');
      added.push({ title, id });
    } else if (chance < 0.5) {
      await storage.addMessages(
        userId,
        sessionId,
        batchIds(id).map((messageId) => ({
          role: 'assistant',
          messageId,
          content: messageContent(messageId),
        })),
      );
      await tell('batch');
    } else if (chance < 0.65) {
      // Each writer has messages of its own to edit, so that versions only grow.
      const edited = `e${Number(/\d$/.exec(name)?.[0] ?? 0)}`;
      const version = round * 10_000 + n;
      const content = editedContent(edited, version);
      const first = { title: SESSIONS[0] ?? '', id: edited };
      await storage.updateMessage(userId, idByTitle.get(first.title) ?? '', edited, { content });
      await tell('edit', first, version);
    } else if (chance < 0.75) {
      const doomed = added.shift();
      if (doomed === undefined) continue;
      await storage.deleteMessage(userId, idByTitle.get(doomed.title) ?? '', doomed.id);
      await tell('delete', doomed);
    } else if (chance < 0.82) {
      const content = new Blob([documentContent(id)]);
      const description = { originalName: id, mimeType: 'text/plain' };
      const documentId = await storage.storeDocument(userId, sessionId, description, content);
      await tell('document');
      documents.push({ title, id, documentId });
    } else if (chance < 0.86) {
      const doomed = documents.shift();
      if (doomed === undefined) continue;
      const from = idByTitle.get(doomed.title) ?? '';
      await storage.deleteDocument(userId, from, doomed.documentId);
      await tell('document-deleted', doomed);
    } else if (chance < 0.92) {
      const own = { title: id, id };
      const created = await storage.createSession(userId, id);
      await tell('session', own);
      await storage.addMessage(userId, created, {
        role: 'user',
        messageId: 'only',
        content: messageContent('only'),
      });
      await storage.deleteSession(userId, created);
      await tell('session-deleted', own);
    } else if (chance < 0.95) {
      await storage.optimizeStorage(userId);
      await tell('optimize');
    } else if (chance < 0.96) {
      await storage.backupData('safe', { userId });
      await tell('backup', { title, id: 'safe' });
    } else {
      await storage.searchMessages(userId, messageContent(id).slice(0, 12));
      await storage.whenIdle();
      await tell('index');
    }
  }
}

type CrashPage = typeof page;

declare global {
  var crashPage: CrashPage;
}

globalThis.crashPage = page;
