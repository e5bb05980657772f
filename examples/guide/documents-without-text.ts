import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('gina');
  const sessionId = await storage.createSession('gina');

  const pixels = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
  const photo = await storage.storeDocument('gina', sessionId, { originalName: 'Me.png' }, pixels);
  await storage.whenIdle();
  const stored = await storage.getDocument('gina', sessionId, photo);
  console.log(stored?.text.status); // none
  if (stored?.text.status === 'none') {
    console.log(stored.text.reason); // unsupported
  }

  // Without content: a record of something that is kept elsewhere.
  const link = await storage.storeDocument('gina', sessionId, {
    originalName: 'Holiday.mp4',
    path: 'https://example.org/holiday.mp4',
    size: 48_000_000,
  });
  console.log(await storage.getDocumentContent('gina', sessionId, link)); // null

  const images = await storage.listDocuments('gina', { documentType: 'image/*' });
  console.log(images.map(({ filename }) => filename)); // [ 'Me.png' ]
}
