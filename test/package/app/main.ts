import { FFStorageManager, MessageRole, type FFSearchResultDTO } from 'flatfile-chat';

/** What the page shows, as JSON in its only `<output>`. */
export interface Shown {
  readonly backend: string | undefined;
  readonly contents: readonly string[];
  readonly hits: readonly string[];
  /** What means the most like something that shares no word with it. */
  readonly similar: readonly string[];
}

const output = document.querySelector('output');
if (output === null) throw new Error('The page has no output.');
output.textContent = await chat().then(JSON.stringify, String);

async function chat(): Promise<Shown> {
  const storage = new FFStorageManager({ storage: { basePath: 'consumer' } }, { backend: 'opfs' });
  await storage.initialize();

  // New on each load: a development server may load the page a second time.
  const userId = crypto.randomUUID();
  await storage.createUser(userId, { name: 'Ada' });
  const sessionId = await storage.createSession(userId, 'Engines');
  await storage.addMessage(userId, sessionId, {
    role: MessageRole.USER,
    content: 'What does the mill do?',
  });
  await storage.addMessages(userId, sessionId, [
    { role: 'assistant', content: 'It works on the numbers that the store holds.' },
    { role: 'user', content: 'And who writes the cards?' },
  ]);

  const messages = await storage.getAllMessages(userId, sessionId);
  const hits: FFSearchResultDTO[] = await storage.searchMessages(userId, 'cards');
  await storage.whenIdle();
  const similar = await storage.searchSimilarMessages(userId, 'an author of postcards', {
    similarityThreshold: 0,
    limit: 1,
  });
  return {
    backend: storage.backend,
    contents: messages.map(({ content }) => content),
    hits: hits.map(({ content }) => content),
    similar: similar.map(({ content }) => content),
  };
}
