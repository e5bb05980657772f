import { BACKUPS_FOLDER, backupFile, INCOMING_FOLDER } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import type { ArchiveFiles } from './archive-files.ts';

/** Removes what a crash has left of archives that were being written or imported. */
export async function removeStrayArchives(store: Store, archives: ArchiveFiles): Promise<void> {
  const known = new Set(
    (await store.root()).backups
      .values()
      .map(({ value: { path, number } }) => backupFile(path, number)),
  );
  for (const folder of [BACKUPS_FOLDER, INCOMING_FOLDER]) {
    for (const path of await filesIn(store, folder)) {
      if (!known.has(path) && !archives.isInUse(path)) await store.files.remove(path);
    }
  }
}

/** The paths of all files in a folder and below it. */
export async function filesIn(store: Store, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, kind } of await store.backend.list(folder)) {
    const path = `${folder}/${name}`;
    if (kind === 'directory') paths.push(...(await filesIn(store, path)));
    else paths.push(path);
  }
  return paths;
}
