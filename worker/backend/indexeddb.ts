import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend, BackendFile } from './backend.ts';
import {
  BLOCK_BYTES,
  blockKeys,
  completed,
  fileSizes,
  loadFile,
  openFileDatabase,
  type BlockKey,
} from './database.ts';
import { listKeys, MemoryBytes } from './memory.ts';
import { fromPlatformError } from './platform-error.ts';

/** Keeps an owner that was replaced without noticing it from writing over its successor. */
export interface Fence {
  /**
   * Rejects when the files belong to somebody else by now. It is asked in each transaction that writes,
   * before anything is written, and asks for nothing but what that transaction reads: so nobody can
   * become the owner between its answer and the writing.
   */
  check(files: IDBObjectStore): Promise<void>;
}

/**
 * Files in IndexedDB, for browsers and windows without synchronous access handles. An open file is
 * held in memory whole; `flush` writes the blocks that changed and the size in one transaction, so
 * that a crash leaves either all of a flush or nothing of it, as far as the browser keeps its database:
 * Chromium 156 was seen to discard it whole after its browser process was killed (docs/design.md).
 *
 * @param fence where nothing else keeps others from having the same files open
 */
export async function openIndexedDbBackend(basePath: string, fence?: Fence): Promise<Backend> {
  const database = await openFileDatabase(basePath);
  const openPaths = new Set<string>();
  const sizeByPath = await fileSizes(database).catch((cause: unknown) => {
    database.connection.close();
    throw fromPlatformError(`Opening the database of ${basePath}`, cause);
  });

  /** Does all of it or, also when the fence refuses, nothing. */
  function write(change: (files: IDBObjectStore) => void): Promise<void> {
    return database.store('readwrite', async (files) => {
      await fence?.check(files);
      change(files);
      await completed(files.transaction);
    });
  }

  function openFile(path: string, bytes: MemoryBytes): BackendFile {
    const dirtyBlocks = new Set<number>();
    let storedSize = bytes.size;

    async function flush(): Promise<void> {
      const size = bytes.size;
      if (dirtyBlocks.size === 0 && size === storedSize) return;
      const changed = [...dirtyBlocks].filter((index) => index * BLOCK_BYTES < size);
      const blocks = changed.map((index): [BlockKey, Uint8Array] => [
        [path, index],
        // A copy: what is written while the fence is asked belongs to the next flush.
        bytes.view(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES).slice(),
      ]);
      const stale = blockKeys(path, storedSize).slice(Math.ceil(size / BLOCK_BYTES));
      dirtyBlocks.clear();
      try {
        await write((files) => {
          for (const [key, block] of blocks) files.put(block, key);
          files.put(size, path);
          for (const key of stale) files.delete(key);
        });
      } catch (cause) {
        for (const index of changed) dirtyBlocks.add(index);
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
      const isNew = !sizeByPath.has(path);
      if (isNew && !create) return null;
      openPaths.add(path);
      try {
        if (isNew) {
          await write((files) => files.put(0, path));
          sizeByPath.set(path, 0);
          return openFile(path, new MemoryBytes());
        }
        const bytes = await loadFile(database, path);
        if (bytes !== null) return openFile(path, bytes);
        throw new FFStorageError(`${path} was removed by somebody else.`, { code: 'io' });
      } catch (cause) {
        openPaths.delete(path);
        throw fromPlatformError(`Opening ${path}`, cause);
      }
    },

    async remove(path) {
      const removed = [...sizeByPath].filter(([key]) => key === path || key.startsWith(`${path}/`));
      if (removed.length === 0) return;
      try {
        await write((files) => {
          for (const [key, size] of removed) {
            files.delete(key);
            for (const block of blockKeys(key, size)) files.delete(block);
          }
        });
      } catch (cause) {
        throw fromPlatformError(`Removing ${path}`, cause);
      }
      for (const [key] of removed) sizeByPath.delete(key);
    },

    async list(path) {
      return listKeys(sizeByPath.keys(), path);
    },

    close: async () => database.connection.close(),
  };
}
