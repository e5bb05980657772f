import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice', {
    name: 'Alice',
    role: 'admin',
    preferences: { theme: 'dark' },
  });
  const profile = await storage.getUserProfile('alice');
  console.log(profile?.metadata); // { role: 'admin' }: unknown keys go into metadata

  await storage.updateUserProfile('alice', { preferences: { language: 'en' } });
  // preferences and metadata merge by their top-level keys: the theme is still 'dark'

  const sessionId = await storage.createSession('alice', 'Refund', { priority: 'high' });
  const [latest] = await storage.listSessions('alice', { limit: 1, includeMetadata: true });
  console.log(latest?.sessionId === sessionId, latest?.messageCount); // true 0

  await storage.deleteUser('alice'); // false: she has a session
  await storage.deleteUser('alice', { force: true }); // true
}
