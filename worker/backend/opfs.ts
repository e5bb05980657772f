import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend, BackendEntry, BackendFile } from './backend.ts';
import { OpfsFolders, walk } from './opfs-folders.ts';
import { fromPlatformError, nameOf } from './platform-error.ts';

/**
 * A handle that was just let go of can stay locked for a moment: the new tab of a reload meets the old
 * tab's files, and closing one is a message to the browser's process, which a removal may overtake.
 * Waits grow from the first to the last of these.
 */
export const RETRY_MS = [5, 10, 20, 40, 80, 160, 320, 640, 1_280];

/**
 * Files in the Origin Private File System, through synchronous access handles (Chrome 102, Firefox
 * 111, Safari 16.4; dedicated workers only).
 *
 * @param basePath the folder that is the root of the store
 */
export async function openOpfsBackend(basePath: string): Promise<Backend> {
  const origin = await openOrigin();
  const folders = new OpfsFolders(await openRoot(origin, basePath));

  return {
    kind: 'opfs',
    keepsUnflushedWrites: true,

    async open(path, { create = false } = {}) {
      const { folder, name } = split(path);
      try {
        const directory = await folders.get(folder, create);
        const file = await directory.getFileHandle(name, { create });
        return accessFile(path, await openHandle(file));
      } catch (cause) {
        if (isMissing(cause) && !create) return null;
        throw fromPlatformError(`Opening ${path}`, cause);
      }
    },

    async remove(path) {
      const { folder, name } = split(path);
      folders.forget(path);
      try {
        const directory = await folders.get(folder, false);
        // The close of a file that lay there may still be on its way.
        await whenUnlocked(() => directory.removeEntry(name, { recursive: true }));
      } catch (cause) {
        if (!isMissing(cause)) throw fromPlatformError(`Removing ${path}`, cause);
      } finally {
        // A listing may have come by it meanwhile.
        folders.forget(path);
      }
    },

    async list(path) {
      const entries: BackendEntry[] = [];
      try {
        const directory = await folders.get(path === '' ? [] : path.split('/'), false);
        for await (const [name, { kind }] of directory.entries()) entries.push({ name, kind });
      } catch (cause) {
        if (!isMissing(cause)) throw fromPlatformError(`Listing ${path}`, cause);
      }
      return entries;
    },

    close: async () => undefined,
  };
}

/** What `getDirectory` fails with where there is no OPFS: private windows of Firefox and of Safari. */
const NO_OPFS = new Set(['SecurityError', 'NotSupportedError', 'UnknownError', 'TypeError']);

/**
 * The root of the Origin Private File System.
 *
 * @throws FFStorageError with the code `unavailable` where there is none
 */
export async function openOrigin(): Promise<FileSystemDirectoryHandle> {
  try {
    return await navigator.storage.getDirectory();
  } catch (cause) {
    const message = `The Origin Private File System cannot be used here (${String(cause)}).`;
    // Any other failure may pass, and a store that is opened elsewhere meanwhile would look empty.
    const code = NO_OPFS.has(nameOf(cause) ?? '') ? 'unavailable' : 'io';
    throw new FFStorageError(message, { code, cause });
  }
}

async function openRoot(
  origin: FileSystemDirectoryHandle,
  basePath: string,
): Promise<FileSystemDirectoryHandle> {
  try {
    return await walk(origin, basePath.split('/'), true);
  } catch (cause) {
    throw fromPlatformError(`Opening the folder ${basePath}`, cause);
  }
}

export function split(path: string): { folder: string[]; name: string } {
  const names = path.split('/');
  const name = names.pop() ?? '';
  return { folder: names, name };
}

export function isMissing(error: unknown): boolean {
  return nameOf(error) === 'NotFoundError';
}

async function openHandle(file: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
  return whenUnlocked(() => file.createSyncAccessHandle());
}

/** Tries again for a while what fails because a handle has not been let go of yet. */
async function whenUnlocked<T>(task: () => Promise<T>): Promise<T> {
  for (const waitMs of RETRY_MS) {
    try {
      return await task();
    } catch (error) {
      if (nameOf(error) !== 'NoModificationAllowedError') throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return task();
}

function accessFile(path: string, handle: FileSystemSyncAccessHandle): BackendFile {
  let open = true;
  const attempt = <T>(action: string, run: () => T): T => {
    try {
      return run();
    } catch (cause) {
      throw fromPlatformError(`${action} ${path}`, cause);
    }
  };
  return {
    size: () => attempt('Measuring', () => handle.getSize()),
    read: (into, at) => attempt('Reading', () => handle.read(into, { at })),
    write: (bytes, at) =>
      attempt('Writing', () => {
        // The standard lets a write stop early; what is left is tried until it throws or is done.
        for (let done = 0; done < bytes.length;) {
          const written = handle.write(bytes.subarray(done), { at: at + done });
          if (written <= 0) throw new DOMException('nothing was written', 'QuotaExceededError');
          done += written;
        }
      }),
    truncate: (size) => attempt('Truncating', () => handle.truncate(size)),
    flush: async () => attempt('Flushing', () => handle.flush()),
    close: async () => {
      if (!open) return;
      open = false;
      handle.close();
    },
  };
}
