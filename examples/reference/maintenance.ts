import type { FFStorageManager } from 'flatfile-chat';

export async function cleanupOldData(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  await storage.addMessage('alice', sessionId, { role: 'user', content: 'Hello' });

  // What would go; by default nothing does.
  const counts = await storage.cleanupOldData({ daysOld: 90 });
  console.log(counts['sessions'], counts['messages'], counts['documents']); // 0 0 0

  await storage.cleanupOldData({ daysOld: 90, dryRun: false });
  console.log((await storage.listSessions('alice')).length); // 1
}

export async function optimizeStorage(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  console.log(await storage.optimizeStorage()); // true
  console.log(await storage.optimizeStorage('alice')); // true
  console.log(await storage.optimizeStorage('nobody')); // false
}
