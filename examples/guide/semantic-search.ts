import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('ines');
  const sessionId = await storage.createSession('ines', 'Odds and ends');
  await storage.addMessages('ines', sessionId, [
    { role: 'user', content: 'Our flight to Madrid got cancelled.' },
    { role: 'user', content: 'Grandma bakes the best apple pie.' },
    { role: 'user', content: 'My phone battery dies way too quickly.' },
  ]);
  await storage.whenIdle(); // vectors follow within seconds: this waits for them

  // No word of this is in any message.
  const query = 'airline called off our plane';
  console.log((await storage.searchMessages('ines', query)).length); // 0

  const [similar] = await storage.searchSimilarMessages('ines', query);
  console.log(similar?.content); // Our flight to Madrid got cancelled.
  console.log((similar?.similarityScore ?? 0) >= 0.7); // true
  console.log(similar?.highlights); // []: there is no word to mark

  // By words and by meaning at once. This is what a search box should call.
  const hits = await storage.search('ines', 'dessert, or a battery');
  console.log(hits.length); // 2: one by its meaning, one by a word

  const { status, model, embedded } = (await storage.getPerformanceMetrics()).embedding;
  console.log(status, model, embedded); // ready static 3
}
