import type { FFStorageManager } from 'flatfile-chat';

export async function backupData(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  await storage.createUser('bob');

  console.log(await storage.backupData('everything')); // true
  console.log(await storage.backupData('users/alice', { userId: 'alice' })); // true

  const backups = await storage.listBackups();
  const users = backups.map((backup) => `${backup.path}: ${backup.users}`);
  console.log(users.toSorted()); // [ 'everything: 2', 'users/alice: 1' ]
}

export async function restoreData(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice', { name: 'Alice' });
  await storage.createUser('bob');
  await storage.backupData('before');
  await storage.deleteUser('alice');
  await storage.deleteUser('bob');

  console.log(await storage.restoreData('before', { userId: 'alice' })); // true
  console.log(await storage.listUsers()); // [ 'alice' ]

  console.log(await storage.restoreData('before')); // true
  console.log((await storage.listUsers()).length); // 2
}
