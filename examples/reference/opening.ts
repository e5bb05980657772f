import { FFStorageManager, loadConfig, MessageRole } from 'flatfile-chat';

export async function initialize(): Promise<void> {
  const config = loadConfig({ storage: { basePath: 'reference' } });
  const storage = new FFStorageManager(config, { backend: 'memory' });
  console.log(await storage.initialize()); // true
  await storage.close();
}

export async function messageRole(): Promise<void> {
  console.log(Object.values(MessageRole)); // [ 'user', 'assistant', 'system', 'tool' ]
}
