import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('lea');
  const sessionId = await storage.createSession('lea', 'Safe');
  await storage.addMessage('lea', sessionId, { role: 'user', content: 'Will this be kept?' });

  const { ok, findings } = await storage.verify();
  console.log(ok, findings.length); // true 0

  // Nothing to do here; otherwise it says what it did and what is left.
  const { repaired, remaining } = await storage.repair();
  console.log(repaired.length, remaining.ok); // 0 true

  // Whatever can still be read, even of a store that does not open.
  const archive = await new Response(await storage.salvage()).blob();
  console.log(archive.size > 0); // true

  const { evictionRisk, damagedRecords } = await storage.getStorageHealth();
  console.log(['none', 'low', 'high'].includes(evictionRisk), damagedRecords); // true 0
}
