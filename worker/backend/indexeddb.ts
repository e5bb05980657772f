import * as idb from 'idb-keyval';
import { NAME_PREFIX } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend, BackendFile } from './backend.ts';
import { listKeys, MemoryBytes } from './memory.ts';
import { fromPlatformError } from './platform-error.ts';

/** Files are stored in blocks, so that an append rewrites the last one and not the file. */
const BLOCK_BYTES = 65_536;

const STORE_NAME = 'files';

/** A file's size stands under its path; its blocks stand under the path and their number. */
type BlockKey = [path: string, index: number];

/**
 * Files in IndexedDB, for browsers and windows without synchronous access handles. An open file is
 * held in memory whole; `flush` writes the blocks that changed and the size in one transaction, so
 * that a crash leaves either all of a flush or nothing of it, as far as the browser keeps its database:
 * Chromium 156 was seen to discard it whole after its browser process was killed (docs/design.md).
 */
export async function openIndexedDbBackend(basePath: string): Promise<Backend> {
  const { store, close } = createStrictStore(`${NAME_PREFIX}${basePath}`);
  const openPaths = new Set<string>();
  let sizeByPath: Map<string, number>;
  try {
    const keys = await idb.keys<string | BlockKey>(store);
    const paths = keys.filter((key) => typeof key === 'string');
    const sizes = await idb.getMany<number>(paths, store);
    sizeByPath = new Map(paths.map((path, index) => [path, sizes[index] ?? 0]));
  } catch (cause) {
    throw new FFStorageError(`IndexedDB cannot be used here (${String(cause)}).`, {
      code: 'unavailable',
      cause,
    });
  }

  const blockKeys = (path: string, size: number): BlockKey[] =>
    Array.from({ length: Math.ceil(size / BLOCK_BYTES) }, (_, index) => [path, index]);

  async function load(path: string, size: number): Promise<MemoryBytes> {
    const bytes = new MemoryBytes();
    const blocks = await idb.getMany<Uint8Array | undefined>(blockKeys(path, size), store);
    blocks.forEach((block, index) => {
      if (block !== undefined) bytes.write(block, index * BLOCK_BYTES);
    });
    // A crash can leave the blocks of a longer past behind; the size is what counts.
    bytes.truncate(size);
    return bytes;
  }

  function openFile(path: string, bytes: MemoryBytes): BackendFile {
    const dirtyBlocks = new Set<number>();
    let storedSize = bytes.size;

    async function flush(): Promise<void> {
      const size = bytes.size;
      if (dirtyBlocks.size === 0 && size === storedSize) return;
      const blocks = [...dirtyBlocks].filter((index) => index * BLOCK_BYTES < size);
      const stale = blockKeys(path, storedSize).slice(Math.ceil(size / BLOCK_BYTES));
      dirtyBlocks.clear();
      try {
        await idb.setMany(
          [
            ...blocks.map((index): [BlockKey, Uint8Array] => [
              [path, index],
              bytes.view(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES).slice(),
            ]),
            [path, size],
          ],
          store,
        );
        if (stale.length > 0) await idb.delMany(stale, store);
      } catch (cause) {
        for (const index of blocks) dirtyBlocks.add(index);
        throw fromPlatformError(`Flushing ${path}`, cause);
      }
      storedSize = size;
      sizeByPath.set(path, size);
    }

    const touch = (start: number, end: number): void => {
      for (let at = start - (start % BLOCK_BYTES); at < end; at += BLOCK_BYTES) {
        dirtyBlocks.add(at / BLOCK_BYTES);
      }
    };

    return {
      size: () => bytes.size,
      read: (into, at) => bytes.read(into, at),
      write: (data, at) => {
        touch(Math.min(at, bytes.size), at + data.length);
        bytes.write(data, at);
      },
      truncate: (size) => {
        touch(Math.min(size, bytes.size), Math.max(size, bytes.size));
        bytes.truncate(size);
      },
      flush,
      close: async () => {
        openPaths.delete(path);
      },
    };
  }

  return {
    kind: 'indexeddb',
    keepsUnflushedWrites: false,

    async open(path, { create = false } = {}) {
      if (openPaths.has(path)) {
        throw new FFStorageError(`${path} is open already.`, { code: 'io' });
      }
      const size = sizeByPath.get(path);
      if (size === undefined && !create) return null;
      openPaths.add(path);
      try {
        if (size !== undefined) return openFile(path, await load(path, size));
        await idb.set(path, 0, store);
        sizeByPath.set(path, 0);
        return openFile(path, new MemoryBytes());
      } catch (cause) {
        openPaths.delete(path);
        throw fromPlatformError(`Opening ${path}`, cause);
      }
    },

    async remove(path) {
      const paths = [...sizeByPath].filter(([key]) => key === path || key.startsWith(`${path}/`));
      if (paths.length === 0) return;
      const keys = paths.flatMap(([key, size]) => [key, ...blockKeys(key, size)]);
      try {
        await idb.delMany(keys, store);
      } catch (cause) {
        throw fromPlatformError(`Removing ${path}`, cause);
      }
      for (const [key] of paths) sizeByPath.delete(key);
    },

    async list(path) {
      return listKeys(sizeByPath.keys(), path);
    },

    close,
  };
}

/**
 * A store whose transactions are on the disk when they complete: idb-keyval's own leaves that to the
 * browser, whose default (`relaxed` in Chromium and Firefox) is not what `flushed` promises.
 */
function createStrictStore(name: string): { store: idb.UseStore; close(): Promise<void> } {
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE_NAME);
  const opening = idb.promisifyRequest(request);
  return {
    store: async (mode, task) => {
      const database = await opening;
      const transaction = database.transaction(STORE_NAME, mode, { durability: 'strict' });
      return task(transaction.objectStore(STORE_NAME));
    },
    close: async () => (await opening).close(),
  };
}
