import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('dora');
  const sessionId = await storage.createSession('dora', 'Allotment');
  await storage.addMessages('dora', sessionId, [
    { role: 'user', content: 'When do I sow tomatoes?', timestamp: '2026-02-27T10:00:00Z' },
    { role: 'assistant', content: 'Sow tomatoes in March.', timestamp: '2026-02-27T10:00:05Z' },
    { role: 'user', content: 'The tomatoes are ripe!', timestamp: '2026-08-01T18:30:00Z' },
  ]);
  const note = 'Tomatoes need stakes, and water every day.';
  await storage.storeDocument('dora', sessionId, { originalName: 'Garden.txt' }, note);

  const everywhere = await storage.search('dora', 'tomatoes');
  console.log(everywhere.filter(({ type }) => type === 'message').length); // 3
  console.log(everywhere.find(({ type }) => type === 'document')?.filename); // Garden.txt

  const [said] = await storage.search('dora', 'tomatoes', { roles: ['assistant'] });
  console.log(said?.content); // Sow tomatoes in March.

  const lately = await storage.search('dora', 'tomatoes', {
    types: ['message'],
    after: '2026-06-01T00:00:00Z',
  });
  console.log(lately.map(({ content }) => content)); // [ 'The tomatoes are ripe!' ]
}
