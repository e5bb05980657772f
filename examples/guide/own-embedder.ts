import { FFStorageManager, type FFEmbedder } from 'flatfile-chat';

const TOPICS = [/rain|sun|snow|cold/, /bread|soup|bake|cook/, /train|bus|ticket|platform/];

/** Stands for a model of yours, or for a request to your own server. */
const embedder: FFEmbedder = {
  id: 'topics-1',
  dimensions: TOPICS.length,
  embed: async (texts) =>
    texts.map((text) => TOPICS.map((topic) => (topic.test(text.toLowerCase()) ? 1 : 0))),
};

export async function example(): Promise<void> {
  const config = { storage: { basePath: 'own-embedder' } };
  const storage = new FFStorageManager(config, { embedder });
  await storage.initialize();
  await storage.createUser('kim');
  const sessionId = await storage.createSession('kim', 'Sunday');
  await storage.addMessages('kim', sessionId, [
    { role: 'user', content: 'Snow until noon' },
    { role: 'user', content: 'Soup for everyone' },
  ]);
  await storage.whenIdle();

  const [hit] = await storage.searchSimilarMessages('kim', 'Will it be cold?');
  console.log(hit?.content); // Snow until noon
  const { model, embedded } = (await storage.getPerformanceMetrics()).embedding;
  console.log(model, embedded); // topics-1 2
  await storage.close();
}
