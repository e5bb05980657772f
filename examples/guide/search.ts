import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('carol');
  const sessionId = await storage.createSession('carol', 'Orders');
  await storage.addMessages('carol', sessionId, [
    { role: 'user', content: 'Were the <refunds> for order 7 sent?' },
    { role: 'assistant', name: 'Dana', content: 'Yes, on Monday.' },
  ]);

  const [hit] = await storage.searchMessages('carol', 'refunded', { limit: 5 });
  console.log(hit?.relevanceScore); // 1: scores are scaled to the best hit
  console.log(hit?.highlights); // [ 'Were the &lt;<mark>refunds</mark>&gt; for order 7 sent?' ]

  console.log((await storage.searchMessages('carol', 'dana')).length); // 1: by the sender's name
  console.log((await storage.searchMessages('carol', '"order 7"')).length); // 1: as a phrase
  console.log((await storage.searchMessages('carol', '"7 order"')).length); // 0
}
