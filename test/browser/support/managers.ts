import { FFStorageManager, type FFConfigInput, type FFStorageManagerOptions } from 'flatfile-chat';
import { onTestFinished } from 'vitest';
import { removeIndexedDbStore, removeOpfsStore } from './remove-store.ts';

/** A store's name that no other test uses; the store is removed when the test is over. */
export function uniquePath(): string {
  const basePath = `browser-${crypto.randomUUID()}`;
  onTestFinished(async () => {
    await removeOpfsStore(basePath);
    await removeIndexedDbStore(basePath);
  });
  return basePath;
}

/**
 * A manager that is not open yet, on a store of its own unless the configuration names one. It is
 * closed when the test is over.
 */
export function createManager(
  config: FFConfigInput = {},
  options: FFStorageManagerOptions = {},
): FFStorageManager {
  const basePath = config.storage?.basePath ?? uniquePath();
  const storage = new FFStorageManager(
    { ...config, storage: { ...config.storage, basePath } },
    options,
  );
  // What a worker that was made to fail has to say does not matter any more.
  onTestFinished(() => storage.close().catch(() => undefined));
  return storage;
}

/** The packaged worker, in the hands of the test: it can be terminated without the manager's doing. */
export function createStorageWorker(): Worker {
  return new Worker(new URL('../../../worker/index.ts', import.meta.url), { type: 'module' });
}
