import { FFStorageManager } from 'flatfile-chat';

const USER = 'alice';
const DOCUMENT_BYTES = 36_000_000;
const DOCUMENTS = 5;
const SESSIONS = 10;
const MESSAGES_PER_SESSION = 2_000;
const BATCH = 500;
const WORDS_PER_MESSAGE = 150;

const stores = new Map<string, FFStorageManager>();

/** What the test calls. Stores go by their paths. */
const page = {
  async open(basePath: string): Promise<void> {
    const storage = new FFStorageManager({ storage: { basePath } }, { backend: 'opfs' });
    await storage.initialize();
    stores.set(basePath, storage);
    // What is indexed is no part of what an export or import takes.
    for (const userId of await storage.listUsers()) await storage.getUserProfile(userId);
    await storage.whenIdle();
  },

  async close(basePath: string): Promise<void> {
    await store(basePath).close();
  },

  /** About 200 MB: documents that do not compress, and many messages. */
  async fill(basePath: string): Promise<void> {
    const storage = store(basePath);
    await storage.createUser(USER);
    for (let n = 0; n < SESSIONS; n++) {
      const sessionId = await storage.createSession(USER, `Session ${n}`);
      for (let first = 0; first < MESSAGES_PER_SESSION; first += BATCH) {
        const messages = Array.from({ length: BATCH }, (_, index) => ({
          role: 'user' as const,
          content: `${n} ${first + index} ${words(WORDS_PER_MESSAGE)}`,
        }));
        await storage.addMessages(USER, sessionId, messages);
      }
      if (n >= DOCUMENTS) continue;
      const originalName = `noise ${n}.bin`;
      await storage.storeDocument(USER, sessionId, { originalName }, noise(DOCUMENT_BYTES));
    }
  },

  /** Exports into a file of the origin's own, piece by piece; gives its size. */
  async exportToFile(basePath: string, name: string): Promise<number> {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle(name, { create: true });
    const stream = await store(basePath).exportBackup();
    await stream.pipeTo(await file.createWritable());
    return (await file.getFile()).size;
  },

  async importFromFile(basePath: string, name: string) {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle(name);
    return store(basePath).importBackup(await file.getFile());
  },

  /** What there is, to be compared: a digest of each document as it is read, and of each session. */
  async digests(basePath: string) {
    const storage = store(basePath);
    const found: Record<string, string> = {};
    for (const { sessionId, title } of await storage.listSessions(USER)) {
      const messages = await storage.getAllMessages(USER, sessionId);
      const text = new TextEncoder().encode(JSON.stringify(messages));
      found[title] = `${messages.length} ${await digest(text)}`;
      for (const { documentId, originalName } of await storage.listDocuments(USER, { sessionId })) {
        const content = await storage.getDocumentContent(USER, sessionId, documentId);
        found[originalName] = await digest(await content?.arrayBuffer());
      }
    }
    return found;
  },

  async storageBytes(basePath: string): Promise<number> {
    return (await store(basePath).getStorageStats()).storageBytes;
  },
};

function store(basePath: string): FFStorageManager {
  const storage = stores.get(basePath);
  if (storage === undefined) throw new Error(`${basePath} is not open.`);
  return storage;
}

function noise(length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes.buffer;
}

/** Of a vocabulary that is as large as that of people who talk. */
function words(count: number): string {
  const numbers = crypto.getRandomValues(new Uint16Array(count));
  return Array.from(numbers, (number) => `w${(number % 3_000).toString(36)}rd`).join(' ');
}

async function digest(bytes: BufferSource = new Uint8Array()): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type BackupPage = typeof page;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var backupPage: BackupPage;
}

globalThis.backupPage = page;
