import type { FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('frank');
  const sessionId = await storage.createSession('frank', 'Garden');

  // The content is a Blob, a File, an ArrayBuffer or a string.
  const documentId = await storage.storeDocument(
    'frank',
    sessionId,
    { originalName: 'Tomatoes.md', metadata: { season: 'spring' } },
    '# Tomatoes\n\nSow them indoors in March. Plant them out after the last frost.',
  );
  await storage.addMessage('frank', sessionId, {
    role: 'user',
    content: 'When can my tomatoes go out?',
    attachments: [documentId],
  });

  const document = await storage.getDocument('frank', sessionId, documentId);
  console.log(document?.mimeType, document?.size); // text/markdown 75

  // Waits until the text of all documents is extracted.
  const [hit] = await storage.searchDocuments('frank', 'frost', {
    documentTypes: ['text/*', 'application/pdf'],
  });
  console.log(hit?.id === documentId, hit?.filename); // true Tomatoes.md

  const content = await storage.getDocumentContent('frank', sessionId, documentId);
  console.log((await content?.text())?.slice(0, 10)); // # Tomatoes

  console.log(await storage.deleteDocument('frank', sessionId, documentId)); // true
}
