import { FFStorageManager } from 'flatfile-chat';

export async function example(): Promise<void> {
  const storage = new FFStorageManager({ storage: { basePath: 'my-app' } });
  console.log(await storage.initialize()); // true: usable now, and created if it was the first time
  console.log(storage.backend); // opfs, or indexeddb where there is none
  await storage.close(); // flushes, and lets go of the files
}
