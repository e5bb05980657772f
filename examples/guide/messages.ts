import { MessageRole, type FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('bob');
  const sessionId = await storage.createSession('bob', 'A tree');

  await storage.addMessage('bob', sessionId, {
    messageId: 'question',
    role: MessageRole.USER,
    content: 'Where is my refund?',
  });
  // Two answers to one question: a tree. Without parentId a message answers the one before it.
  await storage.addMessages('bob', sessionId, [
    { messageId: 'short', parentId: 'question', role: 'assistant', content: 'On its way.' },
    {
      messageId: 'long',
      parentId: 'question',
      role: 'assistant',
      name: 'Support',
      content: 'It left us on Monday.',
      parts: [{ type: 'tool-call', name: 'find_refund', input: { order: 7 } }],
    },
  ]);

  // The same id again adds nothing: a call may be repeated when its answer was lost.
  await storage.addMessage('bob', sessionId, { messageId: 'short', role: 'user', content: '?' });

  const [newest] = await storage.getMessages('bob', sessionId, { limit: 1, reverse: true });
  console.log(newest?.messageId, newest?.parentId); // long question

  await storage.updateMessage('bob', sessionId, 'short', { metadata: { rating: 1 } });
  await storage.deleteMessage('bob', sessionId, 'short');
  const { length } = await storage.getAllMessages('bob', sessionId);
  console.log(length); // 2
}
