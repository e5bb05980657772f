import * as idb from 'idb-keyval';
import { NAME_PREFIX } from '../../src/shared/names.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { MemoryBytes } from './memory.ts';

/** Files are stored in blocks, so that an append rewrites the last one and not the file. */
export const BLOCK_BYTES = 65_536;

const STORE_NAME = 'files';

/** A file's size stands under its path; its blocks stand under the path and their number. */
export type BlockKey = [path: string, index: number];

/** The database that holds the files of a store. */
export interface FileDatabase {
  readonly connection: IDBDatabase;
  readonly store: idb.UseStore;
}

/**
 * Opens the database of a store, and creates it where there is none.
 *
 * `strict` transactions are on the disk when they complete: idb-keyval's own store leaves that to the
 * browser, whose default (`relaxed` in Chromium and Firefox) is not what `flushed` promises.
 *
 * @throws FFStorageError with the code `unavailable`
 */
export async function openFileDatabase(
  basePath: string,
  durability: IDBTransactionDurability = 'strict',
): Promise<FileDatabase> {
  return fileDatabase(await connect(basePath, createStore), durability);
}

/** Opens the database of a store to read it; gives `null`, and creates nothing, where there is none. */
export async function findFileDatabase(basePath: string): Promise<FileDatabase | null> {
  let missing = false;
  try {
    const connection = await connect(basePath, (request) => {
      missing = true;
      // A creation that is given up leaves no database behind.
      request.transaction?.abort();
    });
    return fileDatabase(connection, 'relaxed');
  } catch (error) {
    if (missing) return null;
    throw error;
  }
}

/**
 * Resolves when a transaction has been carried out, rejects with the reason when nothing of it was. The
 * errors of its requests are not the reason yet: the transaction learns it when it is aborted.
 */
export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error));
  });
}

/** The keys of a file's blocks. */
export function blockKeys(path: string, size: number): BlockKey[] {
  return Array.from({ length: Math.ceil(size / BLOCK_BYTES) }, (_, index) => [path, index]);
}

/** The sizes of the files below a folder, by their paths. */
export function fileSizes({ store }: FileDatabase, folder = ''): Promise<Map<string, number>> {
  const prefix = folder === '' ? '' : `${folder}/`;
  // Only strings: the keys of blocks, and any others, are none.
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  return store('readonly', async (files) => {
    const [paths, sizes] = await Promise.all([
      idb.promisifyRequest(files.getAllKeys(range)),
      idb.promisifyRequest<number[]>(files.getAll(range)),
    ]);
    const strings = paths.filter((path) => typeof path === 'string');
    return new Map(strings.map((path, index) => [path, sizes[index] ?? 0]));
  });
}

/** The bytes of a file, all of one transaction; `null` when it is not there. */
export function loadFile({ store }: FileDatabase, path: string): Promise<MemoryBytes | null> {
  return store('readonly', async (files) => {
    const size: number | undefined = await idb.promisifyRequest(files.get(path));
    if (size === undefined) return null;
    const blocks = await Promise.all(
      blockKeys(path, size).map((key) =>
        idb.promisifyRequest<Uint8Array | undefined>(files.get(key)),
      ),
    );
    const bytes = new MemoryBytes();
    blocks.forEach((block, index) => {
      if (block !== undefined) bytes.write(block, index * BLOCK_BYTES);
    });
    // The last block may be of a longer past; the size is what counts.
    bytes.truncate(size);
    return bytes;
  });
}

async function connect(
  basePath: string,
  onMissing: (request: IDBOpenDBRequest) => void,
): Promise<IDBDatabase> {
  try {
    const request = indexedDB.open(`${NAME_PREFIX}${basePath}`);
    request.onupgradeneeded = () => onMissing(request);
    return await idb.promisifyRequest(request);
  } catch (cause) {
    throw new FFStorageError(`IndexedDB cannot be used here (${String(cause)}).`, {
      code: 'unavailable',
      cause,
    });
  }
}

function createStore(request: IDBOpenDBRequest): void {
  request.result.createObjectStore(STORE_NAME);
}

function fileDatabase(connection: IDBDatabase, durability: IDBTransactionDurability): FileDatabase {
  return {
    connection,
    store: async (mode, task) => {
      const transaction = connection.transaction(STORE_NAME, mode, { durability });
      return task(transaction.objectStore(STORE_NAME));
    },
  };
}
