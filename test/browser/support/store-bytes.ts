import { openFileDatabase } from '../../../worker/backend/database.ts';

/** A digest of each file of a store, or of each value of its database, as the platform has them. */
export type StoreBytes = Record<string, string>;

export const storeBytes = { opfs: opfsBytes, indexeddb: indexedDbBytes };

async function opfsBytes(basePath: string): Promise<StoreBytes> {
  const digests: StoreBytes = {};
  const visit = async (folder: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
    for await (const [name, handle] of folder.entries()) {
      const path = `${prefix}${name}`;
      if (handle.kind === 'directory') {
        digests[`${path}/`] = 'folder';
        await visit(handle as FileSystemDirectoryHandle, `${path}/`);
      } else {
        const file = await (handle as FileSystemFileHandle).getFile();
        digests[path] = await digest(await file.arrayBuffer());
      }
    }
  };
  const origin = await navigator.storage.getDirectory();
  await visit(await origin.getDirectoryHandle(basePath), '');
  return digests;
}

async function indexedDbBytes(basePath: string): Promise<StoreBytes> {
  const { connection } = await openFileDatabase(basePath);
  const files = connection.transaction('files').objectStore('files');
  const [keys, values] = await Promise.all([
    settled(files.getAllKeys()),
    settled<unknown[]>(files.getAll()),
  ]);
  connection.close();
  const digests: StoreBytes = {};
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    digests[JSON.stringify(key)] =
      value instanceof Uint8Array
        ? await digest(new Uint8Array(value).buffer)
        : JSON.stringify(value);
  }
  return digests;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

async function digest(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
