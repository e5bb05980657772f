import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('jana');
  const sessionId = await storage.createSession('jana', 'Chess');
  await storage.addMessages('jana', sessionId, [
    { role: 'user', content: 'e4', timestamp: '2026-03-01T20:15:00Z' },
    { role: 'assistant', content: 'e5', timestamp: '2026-03-01T20:15:30Z' },
  ]);

  const user = await storage.getUserStats('jana');
  console.log(user.totalSessions, user.totalMessages); // 1 2
  console.log(user.messagesByRole); // { user: 1, assistant: 1, system: 0, tool: 0 }
  console.log(user.activityByDay, user.activityByHour[20]); // { 2026-03-01: 2 } 2

  const session = await storage.getSessionStats('jana', sessionId);
  console.log(session.durationSeconds, session.averageMessageLength); // 30 2

  const store = await storage.getStorageStats();
  console.log(store.totalUsers, store.damagedRecords); // 1 0
  const kinds = Object.values(store.bytesByKind).reduce((sum, bytes) => sum + bytes, 0);
  console.log(kinds === store.storageBytes); // true

  const { operations } = await storage.getPerformanceMetrics();
  console.log(operations['addMessages']?.count, operations['addMessages']?.errors); // 1 0
}
