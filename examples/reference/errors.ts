import {
  FFSessionNotFoundError,
  FFStorageError,
  FFUserNotFoundError,
  FFValidationError,
  type FFStorageManager,
} from 'flatfile-chat';

export async function storageError(storage: FFStorageManager): Promise<void> {
  await storage.close();
  const error = await storage.listUsers().catch((reason: unknown) => reason);
  console.log(error instanceof FFStorageError && error.code); // closed
}

export async function userNotFoundError(storage: FFStorageManager): Promise<void> {
  const error = await storage.createSession('nobody').catch((reason: unknown) => reason);
  console.log(error instanceof FFUserNotFoundError && error.code); // user-not-found
}

export async function sessionNotFoundError(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const message = { role: 'user', content: 'Hello' } as const;
  const error = await storage
    .addMessage('alice', 'none', message)
    .catch((reason: unknown) => reason);
  console.log(error instanceof FFSessionNotFoundError && error.code); // session-not-found
}

export async function validationError(storage: FFStorageManager): Promise<void> {
  const error = await storage.createUser('').catch((reason: unknown) => reason);
  console.log(error instanceof FFValidationError && error.field); // userId
}
