import { MessageRole, type FFMessageInput, type FFStorageManager } from 'flatfile-chat';

export async function addMessage(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const message: FFMessageInput = {
    role: MessageRole.USER,
    content: 'Hello, I need help with my account',
    metadata: { urgent: true },
  };
  console.log(await storage.addMessage('alice', sessionId, message)); // true

  const [stored] = await storage.getAllMessages('alice', sessionId);
  console.log(stored?.role, stored?.metadata); // user { urgent: true }
}

export async function addMessages(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const added = await storage.addMessages('alice', sessionId, [
    { role: MessageRole.USER, content: 'Is it open today?' },
    { role: MessageRole.ASSISTANT, content: 'Until six.' },
  ]);
  console.log(added); // 2
}

export async function getAllMessages(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  await storage.addMessage('alice', sessionId, { role: 'user', content: 'Hello' });
  await storage.addMessage('alice', sessionId, { role: 'assistant', content: 'How can I help?' });

  const messages = await storage.getAllMessages('alice', sessionId);
  const lines = messages.map(({ role, content }) => `[${role}]: ${content}`);
  console.log(lines); // [ '[user]: Hello', '[assistant]: How can I help?' ]
}

export async function getMessages(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const messages = Array.from({ length: 25 }, (_, index): FFMessageInput => {
    return { role: 'user', content: `Message ${index + 1}` };
  });
  await storage.addMessages('alice', sessionId, messages);

  // The last ten, newest first.
  const recent = await storage.getMessages('alice', sessionId, { limit: 10, reverse: true });
  console.log(recent.length, recent[0]?.content, recent[9]?.content); // 10 Message 25 Message 16

  // The second page of ten.
  const page = await storage.getMessages('alice', sessionId, { limit: 10, offset: 10 });
  console.log(page.length, page[0]?.content, page[9]?.content); // 10 Message 11 Message 20
}

export async function getMessage(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const messageId = 'msg_123';
  await storage.addMessage('alice', sessionId, { messageId, role: 'user', content: 'Hello' });
  console.log((await storage.getMessage('alice', sessionId, messageId))?.content); // Hello
  console.log(await storage.getMessage('alice', sessionId, 'msg_124')); // null
}

export async function updateMessage(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const messageId = 'msg_123';
  await storage.addMessage('alice', sessionId, { messageId, role: 'user', content: 'Helo' });
  const changes = { content: 'Hello', metadata: { edited: true } };
  console.log(await storage.updateMessage('alice', sessionId, messageId, changes)); // true
  console.log((await storage.getMessage('alice', sessionId, messageId))?.content); // Hello
}

export async function deleteMessage(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const messageId = 'msg_123';
  await storage.addMessage('alice', sessionId, { messageId, role: 'user', content: 'Hello' });

  console.log(await storage.deleteMessage('alice', sessionId, 'msg_123')); // true
  console.log(await storage.deleteMessage('alice', sessionId, 'msg_123')); // false
  console.log(await storage.getAllMessages('alice', sessionId)); // []
}
