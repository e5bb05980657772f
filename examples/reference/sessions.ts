import type { FFStorageManager } from 'flatfile-chat';

export async function createSession(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice', 'Customer Support Chat', {
    priority: 'high',
    category: 'billing',
  });
  console.log(typeof sessionId); // string

  const untitled = await storage.createSession('alice');
  console.log((await storage.getSession('alice', untitled))?.title); // New Chat Session
}

export async function getSession(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice', 'Customer Support Chat');
  await storage.addMessage('alice', sessionId, { role: 'user', content: 'Hello' });

  const session = await storage.getSession('alice', sessionId);
  if (session !== null) {
    console.log(`Session: ${session.title}, messages: ${session.messageCount}`); // Session: Customer Support Chat, messages: 1
  }
  console.log(await storage.getSession('alice', 'no-such-session')); // null
}

export async function listSessions(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  for (let number = 1; number <= 12; number++) {
    await storage.createSession('alice', `Chat ${number}`, { number });
  }
  const sessions = await storage.listSessions('alice');
  console.log(sessions.length, sessions[0]?.metadata); // 12 undefined

  const recent = await storage.listSessions('alice', { limit: 10, includeMetadata: true });
  console.log(recent.length, recent[0]?.title, recent[0]?.metadata); // 10 Chat 12 { number: 12 }

  const rest = await storage.listSessions('alice', { limit: 10, offset: 10 });
  console.log(rest.map(({ title }) => title)); // [ 'Chat 2', 'Chat 1' ]
}

export async function updateSession(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice', 'Support', { priority: 'high' });
  const updated = await storage.updateSession('alice', sessionId, {
    title: 'Resolved Support Issue',
    metadata: { status: 'resolved', resolutionTime: '2023-10-15T14:30:00Z' },
  });
  console.log(updated); // true

  const session = await storage.getSession('alice', sessionId);
  console.log(session?.title); // Resolved Support Issue
  console.log(Object.keys(session?.metadata ?? {})); // [ 'priority', 'status', 'resolutionTime' ]
}

export async function deleteSession(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  await storage.addMessage('alice', sessionId, { role: 'user', content: 'Hello' });

  console.log(await storage.deleteSession('alice', sessionId)); // true
  console.log(await storage.deleteSession('alice', sessionId)); // false
  console.log(await storage.getAllMessages('alice', sessionId)); // []
}
