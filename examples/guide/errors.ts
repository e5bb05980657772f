import { FFSessionNotFoundError, FFValidationError, type FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('erin');
  try {
    await storage.addMessage('erin', 'no-such-session', { role: 'user', content: 'Hello' });
  } catch (error) {
    console.log(error instanceof FFSessionNotFoundError && error.code); // session-not-found
  }
  try {
    await storage.getMessages('erin', 'any', { limit: -1 });
  } catch (error) {
    console.log(error instanceof FFValidationError && error.field); // limit
  }
}
