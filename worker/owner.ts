import { NAME_PREFIX } from '../src/shared/contract.ts';
import { FFStorageError } from '../src/shared/errors.ts';

/** A lock that is held until it is released or its thread dies. */
export interface HeldLock {
  release(): void;
}

/**
 * Becomes the one owner of a store's files. A reload meets the old page's worker for some
 * milliseconds, so it waits for the lock; it never steals it, because that would not free the files.
 * Where there are no Web Locks the file handles themselves, which are exclusive, keep others out.
 *
 * @throws FFStorageError with the code `timeout` when the owner stays
 */
export async function becomeOwner(basePath: string, timeoutMs: number): Promise<HeldLock> {
  try {
    return await holdLock(`${NAME_PREFIX}store:${basePath}`, AbortSignal.timeout(timeoutMs));
  } catch (cause) {
    throw new FFStorageError(
      `The store "${basePath}" is open elsewhere, most likely in another tab, and was not let go of within ${timeoutMs} ms. Close it there, then call initialize() again.`,
      { code: 'timeout', cause },
    );
  }
}

/** Takes a Web Lock; where there are none, gives a lock that holds nothing. */
export async function holdLock(name: string, signal?: AbortSignal): Promise<HeldLock> {
  if (!hasLocks()) return { release: () => undefined };
  return new Promise((resolve, reject) => {
    const options = signal === undefined ? {} : { signal };
    navigator.locks
      .request(name, options, () => new Promise<void>((release) => resolve({ release })))
      .catch(reject);
  });
}

/** Absent in insecure contexts and outside of browsers. */
export function hasLocks(): boolean {
  return typeof navigator !== 'undefined' && 'locks' in navigator;
}
