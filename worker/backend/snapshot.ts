import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend, BackendEntry, BackendFile } from './backend.ts';
import { fileSizes, findFileDatabase, loadFile } from './database.ts';
import { listKeys, MemoryBytes } from './memory.ts';
import { isMissing, openOrigin, RETRY_MS, split } from './opfs.ts';
import { walk } from './opfs-folders.ts';
import { fromPlatformError, nameOf } from './platform-error.ts';

/** Files that can be read, whoever has them open. */
export interface SnapshotSource {
  readonly kind: Backend['kind'];
  /** The whole of a file, torn at worst as after a crash; `null` when it is not there. */
  read(path: string): Promise<MemoryBytes | null>;
  /** As `Backend.list` does. */
  list(path: string): Promise<BackendEntry[]>;
  close(): void;
}

/**
 * A backend over files that somebody else has open, most likely a tab that is frozen. What is written,
 * created and removed here is so in memory only, and forgotten in the end: an engine can be opened on it
 * like on any other, its recovery included, and changes nothing.
 *
 * A file is read whole when it is opened, and is from then on as it was. Files that are opened later may
 * be newer, if their owner is alive after all.
 */
export function createSnapshotBackend(source: SnapshotSource): Backend {
  /** Files that differ from what lies in the source. */
  const changedByPath = new Map<string, MemoryBytes>();
  /** Paths at and below which nothing of the source is to be seen. */
  const removedPaths = new Set<string>();
  const openPaths = new Set<string>();

  const isRemoved = (path: string): boolean => {
    const names = path.split('/');
    return names.some((_, index) => removedPaths.has(names.slice(0, index + 1).join('/')));
  };

  const openFile = (path: string, bytes: MemoryBytes): BackendFile => {
    const change = (task: () => void): void => {
      changedByPath.set(path, bytes);
      task();
    };
    return {
      size: () => bytes.size,
      read: (into, at) => bytes.read(into, at),
      write: (data, at) => change(() => bytes.write(data, at)),
      truncate: (size) => change(() => bytes.truncate(size)),
      flush: async () => undefined,
      close: async () => void openPaths.delete(path),
    };
  };

  return {
    kind: source.kind,
    keepsUnflushedWrites: false,
    isSnapshot: true,

    async open(path, { create = false } = {}) {
      if (openPaths.has(path)) {
        throw new FFStorageError(`${path} is open already.`, { code: 'io' });
      }
      openPaths.add(path);
      try {
        let bytes = changedByPath.get(path) ?? null;
        if (bytes === null && !isRemoved(path)) bytes = await source.read(path);
        if (bytes === null && create) {
          bytes = new MemoryBytes();
          changedByPath.set(path, bytes);
        }
        if (bytes !== null) return openFile(path, bytes);
        openPaths.delete(path);
        return null;
      } catch (cause) {
        openPaths.delete(path);
        throw fromPlatformError(`Reading ${path}`, cause);
      }
    },

    async remove(path) {
      removedPaths.add(path);
      for (const changed of [...changedByPath.keys()]) {
        if (changed === path || changed.startsWith(`${path}/`)) changedByPath.delete(changed);
      }
    },

    async list(path) {
      const kindByName = new Map<string, BackendEntry['kind']>();
      const add = ({ name, kind }: BackendEntry) => kindByName.set(name, kind);
      if (!isRemoved(path)) {
        try {
          const stored = await source.list(path);
          for (const entry of stored) if (!isRemoved(below(path, entry.name))) add(entry);
        } catch (cause) {
          throw fromPlatformError(`Listing ${path}`, cause);
        }
      }
      listKeys(changedByPath.keys(), path).forEach(add);
      return Array.from(kindByName, ([name, kind]) => ({ name, kind }));
    },

    close: async () => source.close(),
  };
}

/**
 * A snapshot of a store in the Origin Private File System: files can be read there while somebody holds
 * access handles on them.
 *
 * @throws FFStorageError with the code `unavailable` when there is no such store
 */
export async function openOpfsSnapshot(basePath: string): Promise<Backend> {
  const origin = await openOrigin();
  let root: FileSystemDirectoryHandle;
  try {
    root = await walk(origin, basePath.split('/'), false);
  } catch (cause) {
    if (isMissing(cause)) throw noStore(basePath, cause);
    throw fromPlatformError(`Opening the folder ${basePath}`, cause);
  }

  return createSnapshotBackend({
    kind: 'opfs',

    async read(path) {
      const { folder, name } = split(path);
      return whenUnchanged(async () => {
        const file = await orMissing(async () => {
          const directory = await walk(root, folder, false);
          return directory.getFileHandle(name);
        });
        if (file === null) return null;
        return new MemoryBytes(new Uint8Array(await (await file.getFile()).arrayBuffer()));
      });
    },

    async list(path) {
      const entries: BackendEntry[] = [];
      await orMissing(async () => {
        const directory = await walk(root, path === '' ? [] : path.split('/'), false);
        for await (const [name, { kind }] of directory.entries()) entries.push({ name, kind });
      });
      return entries;
    },

    close: () => undefined,
  });
}

/**
 * A snapshot of a store in IndexedDB.
 *
 * @throws FFStorageError with the code `unavailable` when there is no such store
 */
export async function openIndexedDbSnapshot(basePath: string): Promise<Backend> {
  const database = await findFileDatabase(basePath);
  if (database === null) throw noStore(basePath);
  return createSnapshotBackend({
    kind: 'indexeddb',
    read: (path) => loadFile(database, path),
    list: async (path) => listKeys((await fileSizes(database, path)).keys(), path),
    close: () => database.connection.close(),
  });
}

function noStore(basePath: string, cause?: unknown): FFStorageError {
  return new FFStorageError(`There is no store "${basePath}" to read.`, {
    code: 'unavailable',
    cause,
  });
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

async function orMissing<T>(task: () => Promise<T>): Promise<T | null> {
  try {
    return await task();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** What reading fails with when a file is changed or removed meanwhile. */
const CHANGED_MEANWHILE = new Set(['NotReadableError', 'NotFoundError']);

/** Tries again for a while what fails because the owner of the files is not frozen after all. */
async function whenUnchanged<T>(task: () => Promise<T>): Promise<T> {
  for (const waitMs of RETRY_MS) {
    try {
      return await task();
    } catch (error) {
      if (!CHANGED_MEANWHILE.has(nameOf(error) ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return task();
}
