import type { Store } from './store.ts';

/** Bytes of all files in a folder, for folders that hold few: each of them is opened. */
export async function folderBytes(store: Store, folder: string): Promise<number> {
  let sum = 0;
  for (const { name, kind } of await store.backend.list(folder)) {
    const path = `${folder}/${name}`;
    sum +=
      kind === 'directory'
        ? await folderBytes(store, path)
        : ((await store.files.use(path, (file) => file.size())) ?? 0);
  }
  return sum;
}
