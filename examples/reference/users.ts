import type { FFStorageManager } from 'flatfile-chat';

export async function createUser(storage: FFStorageManager): Promise<void> {
  console.log(await storage.createUser('alice')); // true

  const created = await storage.createUser('bob', {
    name: 'Bob Smith',
    email: 'bob@example.com',
    role: 'admin',
    preferences: { theme: 'dark' },
  });
  console.log(created); // true

  console.log(await storage.createUser('alice', { name: 'Another Alice' })); // false
}

export async function userExists(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  if (await storage.userExists('alice')) {
    console.log('There is a user alice'); // There is a user alice
  }
  console.log(await storage.userExists('bob')); // false
}

export async function getUserProfile(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice', { name: 'Alice Johnson', email: 'alice@example.com' });
  const profile = await storage.getUserProfile('alice');
  if (profile !== null) {
    console.log(`User: ${profile.name}, email: ${profile.email}`); // User: Alice Johnson, email: alice@example.com
  }
  console.log(await storage.getUserProfile('bob')); // null
}

export async function updateUserProfile(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice', { name: 'Alice Johnson', preferences: { language: 'en' } });
  const updated = await storage.updateUserProfile('alice', {
    name: 'Alice Johnson-Smith',
    preferences: { theme: 'light', notifications: false },
  });
  console.log(updated); // true

  const profile = await storage.getUserProfile('alice');
  console.log(profile?.name); // Alice Johnson-Smith
  console.log(profile?.preferences); // { language: 'en', theme: 'light', notifications: false }
}

export async function deleteUser(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  await storage.createSession('alice');

  // Safe: a user who has sessions is left alone.
  console.log(await storage.deleteUser('alice')); // false
  console.log(await storage.userExists('alice')); // true

  // Forced: everything of theirs goes.
  console.log(await storage.deleteUser('alice', { force: true })); // true
  console.log(await storage.userExists('alice')); // false
}

export async function listUsers(storage: FFStorageManager): Promise<void> {
  await storage.createUser('bob');
  await storage.createUser('alice');
  console.log(await storage.listUsers()); // [ 'bob', 'alice' ]
}
