import type { BackendKind } from '../../src/shared/contract.ts';
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
      return openOpfsBackend(basePath);
    case undefined:
      return hasAccessHandles()
        ? openOpfsBackend(basePath).catch(() => openIndexedDbBackend(basePath))
        : openIndexedDbBackend(basePath);
  }
}

/** Absent in old browsers, in insecure contexts and outside of dedicated workers. */
function hasAccessHandles(): boolean {
  return (
    typeof FileSystemFileHandle !== 'undefined' &&
    'createSyncAccessHandle' in FileSystemFileHandle.prototype
  );
}
