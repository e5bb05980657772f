import type { FFStorageManager } from 'flatfile-chat';

export async function extractSituationalContext(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  console.log(await storage.extractSituationalContext('alice', sessionId)); // null

  const content = 'My invoice of $42 went to alice@example.com twice.';
  await storage.addMessage('alice', sessionId, { role: 'user', content });
  const context = await storage.extractSituationalContext('alice', sessionId);
  console.log(context?.summary); // My invoice of $42 went to alice@example.com twice.
  console.log(context?.entities); // { money: [ '$42' ], emails: [ 'alice@example.com' ] }
}

export async function saveContext(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const content = 'The printer in room 12 is out of paper.';
  await storage.addMessage('alice', sessionId, { role: 'user', content });

  const context = await storage.extractSituationalContext('alice', sessionId);
  if (context === null) throw new Error('There is a message.');
  const contextId = await storage.saveContext('alice', sessionId, context);
  console.log(typeof contextId); // string
}

export async function getContext(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const contextId = await storage.saveContext('alice', sessionId, {
    summary: 'A printer has no paper.',
    keyPoints: ['printer', 'room 12'],
  });
  const context = await storage.getContext('alice', contextId);
  console.log(context?.summary, context?.keyPoints); // A printer has no paper. [ 'printer', 'room 12' ]
  console.log(await storage.getContext('alice', 'no-such-context')); // null
}
