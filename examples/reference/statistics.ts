import type { FFStorageManager } from 'flatfile-chat';

export async function getUserStats(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  await storage.createSession('alice');
  await storage.addMessages('alice', sessionId, [
    { role: 'user', content: 'Hello', timestamp: '2026-01-31T09:30:00Z' },
    { role: 'assistant', content: 'Good morning', timestamp: '2026-01-31T09:30:05Z' },
  ]);
  const stats = await storage.getUserStats('alice');
  console.log(stats.totalSessions, stats.totalMessages); // 2 2
  console.log(stats.averageMessagesPerSession, stats.activityByHour[9]); // 1 2
}

export async function getSessionStats(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  await storage.addMessages('alice', sessionId, [
    { role: 'user', content: 'Hello', timestamp: '2026-01-31T09:30:00Z' },
    { role: 'assistant', content: 'Hey', timestamp: '2026-01-31T09:30:05Z' },
  ]);
  const stats = await storage.getSessionStats('alice', sessionId);
  console.log(stats.messageCount, stats.averageMessageLength, stats.durationSeconds); // 2 4 5
}

export async function getStorageStats(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const stats = await storage.getStorageStats();
  console.log(stats.totalUsers, stats.totalMessages, stats.storageBytes > 0); // 1 0 true
}

export async function getPerformanceMetrics(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const { operations } = await storage.getPerformanceMetrics();
  console.log(Object.keys(operations).includes('createUser')); // true
  console.log(operations['createUser']?.errors); // 0
}
