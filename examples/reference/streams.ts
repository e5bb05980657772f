import { MessageRole, type FFStorageManager } from 'flatfile-chat';

export async function streamMessages(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const messages = Array.from({ length: 250 }, (_, index) => {
    return { role: MessageRole.USER, content: `Message ${index + 1}` };
  });
  await storage.addMessages('alice', sessionId, messages);

  const sizes: number[] = [];
  const stream = storage.streamMessages('alice', sessionId, {
    from: 'start',
    bufferSize: 100,
    timeoutSeconds: 0.5,
  });
  for await (const batch of stream) sizes.push(batch.length);
  console.log(sizes); // [ 100, 100, 50 ]
}

export async function startMessage(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const writer = await storage.startMessage('alice', sessionId, {
    role: MessageRole.ASSISTANT,
    content: '',
  });
  const begun = await storage.getMessage('alice', sessionId, writer.messageId);
  console.log(begun?.status); // streaming

  for (const token of ['How ', 'can ', 'I ', 'help?']) writer.write(token);
  const message = await writer.finish({ metadata: { tokens: 4 } });
  console.log(message.content, message.metadata); // How can I help? { tokens: 4 }
}

export async function followMessage(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const messageId = 'reply';
  const writer = await storage.startMessage('alice', sessionId, {
    messageId,
    role: MessageRole.ASSISTANT,
    content: 'How can',
  });
  const steps = storage.followMessage('alice', sessionId, messageId)[Symbol.asyncIterator]();
  console.log((await steps.next()).value?.content); // How can
  writer.write(' I help?');
  console.log((await steps.next()).value?.content); // How can I help?
  await writer.finish();
  console.log((await steps.next()).value?.done); // true
}
