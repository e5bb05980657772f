import type { BackendKind } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend } from './backend.ts';
import { openIndexedDbBackend, type Fence } from './indexeddb.ts';
import { createMemoryBackend } from './memory.ts';
import { openOpfsBackend, openOrigin } from './opfs.ts';
import { openIndexedDbSnapshot, openOpfsSnapshot } from './snapshot.ts';

/**
 * The backend that was asked for, or, when none was, OPFS where it works and IndexedDB elsewhere.
 * `kind` tells which it is; nothing falls back to memory, which would forget in silence.
 *
 * @param fence for IndexedDB, where there are no Web Locks; elsewhere files are exclusive themselves
 * @throws FFStorageError with the code `unavailable`
 */
export async function selectBackend(
  kind: BackendKind | undefined,
  basePath: string,
  fence?: Fence,
): Promise<Backend> {
  switch (kind ?? (await bestKind())) {
    case 'memory':
      return createMemoryBackend();
    case 'indexeddb':
      return openIndexedDbBackend(basePath, fence);
    case 'opfs':
      if (hasAccessHandles()) return openOpfsBackend(basePath);
      throw new FFStorageError(
        'This browser has no synchronous access handles, which the opfs backend needs.',
        { code: 'unavailable' },
      );
  }
}

/**
 * What lies in a store that somebody else has open, without their help, as `createSnapshotBackend` says:
 * nothing that is done with it changes the store.
 *
 * @param kind as in {@link selectBackend}, so that both come to the same store
 * @throws FFStorageError with the code `unavailable` when there is no such store; none is created
 */
export async function openSnapshot(
  kind: BackendKind | undefined,
  basePath: string,
): Promise<Backend> {
  switch (kind ?? (await bestKind())) {
    case 'memory':
      throw new FFStorageError('What a thread keeps in memory cannot be read by others.', {
        code: 'unavailable',
      });
    case 'indexeddb':
      return openIndexedDbSnapshot(basePath);
    case 'opfs':
      return openOpfsSnapshot(basePath);
  }
}

/** Where a store lies that nobody has chosen a place for. */
export async function bestKind(): Promise<BackendKind> {
  if (!hasAccessHandles()) return 'indexeddb';
  try {
    await openOrigin();
    return 'opfs';
  } catch (error) {
    if (error instanceof FFStorageError && error.code === 'unavailable') return 'indexeddb';
    throw error;
  }
}

/** Absent in old browsers, in insecure contexts and outside of dedicated workers. */
function hasAccessHandles(): boolean {
  return (
    typeof FileSystemFileHandle !== 'undefined' &&
    'createSyncAccessHandle' in FileSystemFileHandle.prototype
  );
}
