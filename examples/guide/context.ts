import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('ivan');
  const sessionId = await storage.createSession('ivan', 'Trip');
  await storage.addMessages('ivan', sessionId, [
    { role: 'user', content: 'Maria Lopez and I travel to Lisbon on 12 May 2026.' },
    { role: 'assistant', content: 'A hotel in Lisbon costs about €120 per night in May.' },
    { role: 'user', content: 'Please send the hotel list to maria@example.org.' },
  ]);

  const context = await storage.extractSituationalContext('ivan', sessionId);
  console.log(context?.entities['emails']); // [ 'maria@example.org' ]
  console.log(context?.entities['money']); // [ '€120' ]
  if (context === null) return;

  const contextId = await storage.saveContext('ivan', sessionId, context);
  const saved = await storage.getContext('ivan', contextId);
  console.log(saved?.summary === context.summary); // true

  // One of your own, such as the answer of a language model, is saved in the same way.
  await storage.saveContext('ivan', sessionId, { summary: 'A couple plans a trip to Lisbon.' });
  const [newest] = await storage.listContexts('ivan', { sessionId });
  console.log(newest?.summary, newest?.confidence); // A couple plans a trip to Lisbon. 1
}
