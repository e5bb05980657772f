import type { FFStorageManager } from 'flatfile-chat';

export async function searchMessages(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice', 'Billing');
  const elsewhere = await storage.createSession('alice', 'Elsewhere');
  await storage.addMessages('alice', sessionId, [
    { role: 'user', content: 'I have a billing issue and want a refund' },
    { role: 'assistant', content: 'What is the number of your order?' },
  ]);
  await storage.addMessage('alice', elsewhere, { role: 'user', content: 'A refund for the bus?' });

  const results = await storage.searchMessages('alice', 'billing issue refund', {
    sessionIds: [sessionId],
    limit: 20,
    minRelevanceScore: 0.5,
  });
  console.log(results.length); // 1
  for (const result of results) {
    console.log(`Score: ${result.relevanceScore.toFixed(2)}`); // Score: 1.00
    console.log(`Content: ${result.content}`); // Content: I have a billing issue and want a refund
  }
}
