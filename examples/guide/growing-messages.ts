import type { FFMessageGrowth, FFMessageWriter, FFStorageManager } from 'flatfile-chat';

/** Stands for a language model that answers word by word. */
async function* askModel(): AsyncGenerator<string> {
  yield* ['Let it ', 'rise ', 'longer.'];
}

async function write(writer: FFMessageWriter): Promise<void> {
  try {
    for await (const words of askModel()) writer.write(words);
    await writer.finish({ metadata: { model: 'tiny' } });
  } catch (error) {
    // What is there stays, marked as aborted.
    await writer.abort();
    throw error;
  }
}

/** What a view does, in this tab or in any other. */
async function show(reply: AsyncIterable<FFMessageGrowth>): Promise<string> {
  let shown = '';
  for await (const { content, done } of reply) shown = done ? content : `${content} …`;
  return shown;
}

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('jon');
  const sessionId = await storage.createSession('jon', 'Bread');
  const writer = await storage.startMessage('jon', sessionId, { role: 'assistant', content: '' });
  const reply = storage.followMessage('jon', sessionId, writer.messageId);

  const [shown] = await Promise.all([show(reply), write(writer)]);
  console.log(shown); // Let it rise longer.
  const [message] = await storage.getAllMessages('jon', sessionId);
  console.log(message?.status, message?.metadata); // undefined { model: 'tiny' }
}
