/*
 * The least that a change of hands can take: a lock that the browser grants, and the handle of one file.
 */
/** The page's types do not know what only workers have. */
interface Lockable {
  createSyncAccessHandle(): Promise<unknown>;
}

const LOCK = 'bare-owner';

await navigator.locks.request(LOCK, async () => {
  const root = await navigator.storage.getDirectory();
  const file = await root.getFileHandle('bare', { create: true });
  for (;;) {
    try {
      await (file as unknown as Lockable).createSyncAccessHandle();
      break;
    } catch {
      // The handle of who died is let go of a moment after the lock.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  postMessage(now());
  await new Promise(() => undefined);
});

function now(): number {
  return performance.timeOrigin + performance.now();
}

export {};
