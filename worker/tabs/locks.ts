/** A lock that is held until it is released or its thread dies. */
export interface HeldLock {
  release(): void;
}

/** Absent in insecure contexts and outside of browsers. */
export function hasLocks(): boolean {
  return typeof navigator !== 'undefined' && 'locks' in navigator;
}

/**
 * Takes a Web Lock, however long it takes; where there are none, gives a lock that holds nothing.
 *
 * @throws the signal's reason when it is aborted first
 */
export async function holdLock(name: string, signal?: AbortSignal): Promise<HeldLock> {
  if (!hasLocks()) return { release: () => undefined };
  return new Promise((resolve, reject) => {
    const options = signal === undefined ? {} : { signal };
    navigator.locks
      .request(name, options, () => new Promise<void>((release) => resolve({ release })))
      .catch(reject);
  });
}

/**
 * Resolves when nobody holds a lock: whoever held it has let go of it or died, of which no event would
 * tell. Rejects when the signal is aborted before.
 */
export async function whenFree(name: string, signal: AbortSignal): Promise<void> {
  // Shared, so that all who wait for the same thread hear of its end at once.
  await navigator.locks.request(name, { mode: 'shared', signal }, () => undefined);
}

/** Whether nobody holds a lock right now. */
export function isFree(name: string): Promise<boolean> {
  const options = { mode: 'shared', ifAvailable: true } as const;
  return navigator.locks.request(name, options, (lock) => lock !== null);
}
