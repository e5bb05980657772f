import { FFStorageManager } from 'flatfile-chat';

export async function example(): Promise<void> {
  const config = { storage: { basePath: 'my-tabs' } };
  const first = new FFStorageManager(config);
  await first.initialize();
  console.log(first.role); // owner

  // Another tab of your app does the same, and needs to know nothing of the first.
  const second = new FFStorageManager(config, {
    onRoleChange: (role) => (document.title = `I am the ${role}`), // only if you care to show it
  });
  await second.initialize();
  console.log(second.role); // follower

  await first.createUser('ada');
  const sessionId = await second.createSession('ada', 'Seen in both');
  console.log((await first.getSession('ada', sessionId))?.title); // Seen in both

  // The first is closed, or its tab is, or it crashes, while the second is in the middle of a call.
  const adding = second.addMessage('ada', sessionId, { role: 'user', content: 'Go on' });
  await first.close();
  console.log(await adding); // true
  console.log((await second.getAllMessages('ada', sessionId)).length); // 1
  await second.close();
}
