import type { FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { addPersonas, speakAll } from '../contract/panel-support.ts';
import { addAll, say } from '../contract/support.ts';
import { createManager } from './support/managers.ts';

/** Bytes of all files below a folder of the origin's private file system. */
async function bytesIn(folder: FileSystemDirectoryHandle): Promise<number> {
  let sum = 0;
  for await (const handle of folder.values()) {
    sum +=
      handle.kind === 'directory'
        ? await bytesIn(handle as FileSystemDirectoryHandle)
        : (await (handle as FileSystemFileHandle).getFile()).size;
  }
  return sum;
}

async function expectMeasured(storage: FFStorageManager): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(storage.getConfiguration().storage.basePath);
  await storage.whenIdle();
  const { storageBytes } = await storage.getStorageStats();
  expect(storageBytes).toBe(await bytesIn(folder));
}

describe('storageBytes on OPFS', () => {
  it('is what the files take, as the browser measures them', async () => {
    const storage = createManager({}, { backend: 'opfs' });
    await storage.initialize();
    await expectMeasured(storage);
    await storage.createUser('alice');
    const sessionId = await storage.createSession('alice', 'Grüße');
    const other = await storage.createSession('alice');
    const ids = Array.from({ length: 300 }, (_, index) => `m${index} 🦊`);
    await addAll(storage, sessionId, ids);
    await storage.addMessage('alice', other, say('x'.repeat(100_000)));
    await expectMeasured(storage);

    const input = { filename: 'a.txt' };
    const id = await storage.storeDocument('alice', sessionId, input, 'text '.repeat(10_000));
    await storage.storeDocument('alice', other, input, new Uint8Array(3_000_000));
    await storage.saveContext('alice', sessionId, { summary: 'A talk.' });
    await addPersonas(storage, ['ada']);
    await storage.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['ada'] });
    await speakAll(storage, ['one', 'two']);
    await storage.backupData('everything');
    await expectMeasured(storage);

    for (const messageId of ids) {
      await storage.updateMessage('alice', sessionId, messageId, { content: 'edited' });
    }
    await storage.deleteDocument('alice', sessionId, id);
    await storage.deleteSession('alice', other);
    await expectMeasured(storage);
    await storage.optimizeStorage();
    await expectMeasured(storage);
    await storage.deleteUser('alice', { force: true });
    await storage.deleteBackup('everything');
    await expectMeasured(storage);
  });

  it('is known again after an opening', async () => {
    const storage = createManager({}, { backend: 'opfs' });
    await storage.initialize();
    await storage.createUser('alice');
    const sessionId = await storage.createSession('alice');
    await addAll(storage, sessionId, ['one', 'two', 'three']);
    await storage.storeDocument('alice', sessionId, { filename: 'a.md' }, '# Hi');
    await storage.whenIdle();
    await storage.close();
    await storage.initialize();
    await expectMeasured(storage);
    await storage.getUserStats('alice');
    await expectMeasured(storage);
  });
});
