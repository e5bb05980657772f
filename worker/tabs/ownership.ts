import type { Fence } from '../backend/indexeddb.ts';
import { takeLease } from './lease.ts';
import { hasLocks, holdLock } from './locks.ts';
import { ownerLock } from './names.ts';

/** The right to open the files of a store, which one thread has at a time. */
export interface Ownership {
  /** Keeps what this thread writes from the files once another one has the right. */
  readonly fence?: Fence;
  /** Resolves when it was lost, which can happen to a lease only. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

/**
 * Waits for the right to open a store, however long it takes. It is never taken by force: a lock that is
 * stolen does not free the files that its holder has open.
 *
 * @throws the signal's reason when it is aborted first
 */
export async function acquireOwnership(
  store: string,
  basePath: string,
  signal: AbortSignal,
): Promise<Ownership> {
  if (!hasLocks()) {
    const lease = await takeLease(basePath, signal);
    return { fence: lease.fence, lost: lease.lost, release: async () => lease.release() };
  }
  const lock = await holdLock(ownerLock(store), signal);
  return { lost: new Promise(() => undefined), release: async () => lock.release() };
}
