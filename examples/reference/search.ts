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

export async function searchSimilarMessages(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice', 'Support');
  await storage.addMessages('alice', sessionId, [
    { role: 'user', content: 'I forgot my password and cannot log in' },
    { role: 'user', content: 'The weather in Lisbon is lovely' },
  ]);
  await storage.whenIdle();

  const similar = await storage.searchSimilarMessages('alice', 'unable to sign in to my account', {
    sessionIds: [sessionId],
    similarityThreshold: 0.6,
    limit: 10,
  });
  console.log(similar.length); // 1
  console.log(similar[0]?.content); // I forgot my password and cannot log in
  console.log((similar[0]?.similarityScore ?? 0) >= 0.6); // true
}

export async function search(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice', 'Billing');
  await storage.addMessages('alice', sessionId, [
    { role: 'user', content: 'When will the refund arrive?', timestamp: '2026-03-01T09:00:00Z' },
    { role: 'assistant', content: 'The refund takes a week.', timestamp: '2026-03-01T09:00:04Z' },
  ]);
  const terms = 'A refund is sent within seven days.';
  await storage.storeDocument('alice', sessionId, { originalName: 'Terms.txt' }, terms);

  const hits = await storage.search('alice', 'refund', { mode: 'hybrid', limit: 10 });
  console.log(hits.length); // 3
  console.log(hits.filter(({ type }) => type === 'document')[0]?.filename); // Terms.txt

  const answers = await storage.search('alice', 'refund', {
    mode: 'text',
    types: ['message'],
    roles: ['assistant'],
    after: '2026-03-01T00:00:00Z',
    before: '2026-03-02T00:00:00Z',
  });
  console.log(answers.map(({ content }) => content)); // [ 'The refund takes a week.' ]
}
