import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('ida');
  const sessionId = await storage.createSession('ida', 'Bread');
  await storage.addMessage('ida', sessionId, { role: 'user', content: 'Is it ready?' });

  // What is there, then what comes, whichever tab adds it.
  const view = new AbortController();
  const stream = storage.streamMessages('ida', sessionId, { from: 'start', signal: view.signal });
  void storage.addMessage('ida', sessionId, { role: 'assistant', content: 'In ten minutes.' });

  const shown: string[] = [];
  for await (const batch of stream) {
    shown.push(...batch.map(({ content }) => content));
    // As a view does when it is left.
    if (shown.length === 2) view.abort();
  }
  console.log(shown); // [ 'Is it ready?', 'In ten minutes.' ]
}
