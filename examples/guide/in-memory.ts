import { FFStorageManager, loadConfig } from 'flatfile-chat';

export async function example(): Promise<void> {
  const storage = new FFStorageManager(loadConfig({}, 'test'), { backend: 'memory' });
  await storage.initialize();
  await storage.createUser('tester');
  console.log(storage.backend, await storage.listUsers()); // memory [ 'tester' ]
  await storage.close(); // and everything is forgotten
}
