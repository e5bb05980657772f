import type { BackendKind } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend } from './backend.ts';
import { openIndexedDbBackend } from './indexeddb.ts';
import { createMemoryBackend } from './memory.ts';
import { openOpfsBackend } from './opfs.ts';

/**
 * The backend that was asked for, or, when none was, OPFS where it works and IndexedDB elsewhere.
 * `kind` tells which it is; nothing falls back to memory, which would forget in silence.
 *
 * @throws FFStorageError with the code `unavailable`
 */
export async function selectBackend(
  kind: BackendKind | undefined,
  basePath: string,
): Promise<Backend> {
  switch (kind) {
    case 'memory':
      return createMemoryBackend();
    case 'indexeddb':
      return openIndexedDbBackend(basePath);
    case 'opfs':
      if (hasAccessHandles()) return openOpfsBackend(basePath);
      throw new FFStorageError(
        'This browser has no synchronous access handles, which the opfs backend needs.',
        { code: 'unavailable' },
      );
    case undefined:
      return openBest(basePath);
  }
}

async function openBest(basePath: string): Promise<Backend> {
  if (!hasAccessHandles()) return openIndexedDbBackend(basePath);
  try {
    return await openOpfsBackend(basePath);
  } catch (error) {
    if (error instanceof FFStorageError && error.code === 'unavailable') {
      return openIndexedDbBackend(basePath);
    }
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
