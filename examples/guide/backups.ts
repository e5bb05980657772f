import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('lea', { name: 'Lea' });
  await storage.createUser('max');
  const sessionId = await storage.createSession('lea', 'Recipes');
  await storage.addMessage('lea', sessionId, { role: 'user', content: 'How long for an egg?' });

  await storage.backupData('nightly/monday');
  const [backup] = await storage.listBackups();
  console.log(backup?.path, backup?.users, backup?.messages); // nightly/monday 2 1

  await storage.deleteUser('lea', { force: true });
  await storage.updateUserProfile('max', { name: 'Max' });

  // Only lea comes back. What max has changed since then stays.
  await storage.restoreData('nightly/monday', { userId: 'lea' });
  console.log((await storage.getAllMessages('lea', sessionId)).length); // 1
  console.log((await storage.getUserProfile('max'))?.name); // Max

  console.log(await storage.deleteBackup('nightly/monday')); // true
}
