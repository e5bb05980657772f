import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('karl');
  const sessionId = await storage.createSession('karl', 'Old plans');
  await storage.addMessage('karl', sessionId, { role: 'user', content: 'Rent a boat?' });

  // A dry run is the default. Nothing here is older than 30 days.
  const counts = await storage.cleanupOldData({ daysOld: 30 });
  console.log(counts['sessions'], counts['messages']); // 0 0

  await storage.addMessage('karl', sessionId, { messageId: 'typo', role: 'user', content: '?' });
  await storage.deleteMessage('karl', sessionId, 'typo');
  console.log(await storage.optimizeStorage('karl')); // true: its gap is gone
  console.log(await storage.optimizeStorage('nobody')); // false

  await storage.whenIdle(); // everything written so far is durable and can be found
}
