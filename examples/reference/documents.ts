import type { FFDocumentInput, FFStorageManager } from 'flatfile-chat';

export async function storeDocument(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const document: FFDocumentInput = {
    filename: 'report.pdf',
    originalName: 'Q3 Sales Report.pdf',
    path: '/uploads/report.pdf',
    mimeType: 'application/pdf',
    size: 1_048_576,
    uploadedBy: 'alice',
    metadata: { category: 'financial', quarter: 'Q3' },
  };
  const documentId = await storage.storeDocument('alice', sessionId, document);
  console.log(typeof documentId); // string

  const stored = await storage.getDocument('alice', sessionId, documentId);
  console.log(stored?.originalName, stored?.size); // Q3 Sales Report.pdf 1048576
  console.log(stored?.metadata); // { category: 'financial', quarter: 'Q3' }
}

export async function getDocument(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const input = { originalName: 'Notes.txt' };
  const documentId = await storage.storeDocument('alice', sessionId, input, 'Buy milk.');
  const document = await storage.getDocument('alice', sessionId, documentId);
  console.log(document?.mimeType, document?.size, document?.uploadedBy); // text/plain 9 alice
  console.log(await storage.getDocument('alice', sessionId, 'no-such-document')); // null
}

export async function getDocumentContent(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const input = { originalName: 'Notes.txt' };
  const documentId = await storage.storeDocument('alice', sessionId, input, 'Buy milk.');
  const content = await storage.getDocumentContent('alice', sessionId, documentId);
  console.log(content?.type, await content?.text()); // text/plain Buy milk.
}

export async function listDocuments(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const first = await storage.createSession('alice');
  const second = await storage.createSession('alice');
  await storage.storeDocument('alice', first, { filename: 'one.txt' }, 'One');
  await storage.storeDocument('alice', first, { filename: 'two.md' }, '# Two');
  await storage.storeDocument('alice', second, { filename: 'three.txt' }, 'Three');

  const names = async (options?: Parameters<typeof storage.listDocuments>[1]) =>
    (await storage.listDocuments('alice', options)).map(({ filename }) => filename);
  console.log(await names()); // [ 'three.txt', 'two.md', 'one.txt' ]
  console.log(await names({ sessionId: first })); // [ 'two.md', 'one.txt' ]
  console.log(await names({ documentType: 'text/plain' })); // [ 'three.txt', 'one.txt' ]
  console.log(await names({ limit: 1 })); // [ 'three.txt' ]
}

export async function searchDocuments(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const text = 'Sales rose in the third quarter.';
  await storage.storeDocument('alice', sessionId, { filename: 'report.txt' }, text);
  await storage.storeDocument('alice', sessionId, { filename: 'milk.md' }, 'Buy milk.');

  const results = await storage.searchDocuments('alice', 'sales', {
    sessionIds: [sessionId],
    documentTypes: ['text/plain'],
    limit: 10,
  });
  console.log(results.length, results[0]?.type, results[0]?.filename); // 1 document report.txt
  console.log(results[0]?.content); // Sales rose in the third quarter.
}

export async function deleteDocument(storage: FFStorageManager): Promise<void> {
  await storage.createUser('alice');
  const sessionId = await storage.createSession('alice');
  const documentId = await storage.storeDocument('alice', sessionId, { filename: 'x.txt' }, 'X');
  console.log(await storage.deleteDocument('alice', sessionId, documentId)); // true
  console.log(await storage.deleteDocument('alice', sessionId, documentId)); // false
}
