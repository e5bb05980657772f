import { FFStorageError, type FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.createUser('nina');
  const sessionId = await storage.createSession('nina');
  await storage.addMessage('nina', sessionId, { role: 'user', content: 'Keep this.' });

  // Into a file, piece by piece: here one of the origin's own, in an app one that the user chose.
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle('nina.zip', { create: true });
  const stream = await storage.exportBackup({ userId: 'nina' });
  await stream.pipeTo(await file.createWritable());

  await storage.deleteUser('nina', { force: true });
  const archive = await file.getFile();
  let done = 0;
  const report = await storage.importBackup(archive, {
    onProgress: ({ doneBytes, totalBytes = archive.size }) => {
      done = doneBytes / totalBytes;
    },
  });
  console.log(report.users, report.messages, done); // 1 1 1

  try {
    await storage.importBackup(archive, { signal: AbortSignal.abort() });
  } catch (error) {
    console.log(error instanceof FFStorageError && error.code); // aborted
  }
}
