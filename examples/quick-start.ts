import { FFStorageManager } from 'flatfile-chat';

const storage = new FFStorageManager();
await storage.initialize();

await storage.createUser('alice', { name: 'Alice' });
const chat = await storage.createSession('alice', 'Sourdough');
await storage.addMessage('alice', chat, { role: 'user', content: 'Why is my crumb so dense?' });
await storage.addMessage('alice', chat, { role: 'assistant', content: 'Let it rise longer.' });

for (const { role, highlights } of await storage.searchMessages('alice', 'rising dense')) {
  console.log(`${role}: ${highlights?.[0]}`);
}

await storage.whenIdle(); // the meaning of a message is known within seconds: this waits for it
const [hit] = await storage.search('alice', 'my bread is too heavy');
console.log(`by its meaning: ${hit?.content}`);
await storage.close();
