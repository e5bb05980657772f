import { FFStorageError } from '../../src/shared/errors.ts';
import type { Manifest } from '../archive/manifest.ts';
import { openArchive } from '../archive/read.ts';
import { backupFile } from '../store/layout.ts';
import { UNKNOWN_TIME } from '../store/recovered-files.ts';
import type { StoredBackup } from '../store/root-catalog.ts';
import type { Store } from '../store/store.ts';

/**
 * Lists backups that were found again without their records with what they say of themselves: when they
 * were made, and what they hold. One that cannot be read stays as it is.
 */
export async function describeFoundArchives(store: Store): Promise<void> {
  const isBare = ({ value }: { readonly value: StoredBackup }) => value.createdAt === UNKNOWN_TIME;
  if (!(await store.root()).backups.values().some(isBare)) return;
  await store.alone(async () => {
    const root = await store.root();
    for (const { id, bytes = 0, value } of root.backups.values().filter(isBare)) {
      const { path, sizeBytes, number } = value;
      const manifest = await readManifest(store, backupFile(path, number));
      if (manifest === null) continue;
      const { createdAt, userId, counts } = manifest;
      const { users, sessions, messages, documents } = counts;
      const scope = userId === undefined ? {} : { userId };
      const held = { users, sessions, messages, documents };
      const described = { path, createdAt, sizeBytes, ...scope, ...held, number };
      await root.append([{ type: 'put', kind: 'backup', id, bytes, value: described }]);
    }
  });
}

function readManifest({ files }: Store, path: string): Promise<Manifest | null> {
  return files.use(path, async (file) => {
    try {
      const source = { size: file.size(), read: file.read };
      const archive = await openArchive(source, { maxTotalBytes: Number.MAX_SAFE_INTEGER });
      archive.close();
      return archive.manifest;
    } catch (error) {
      if (error instanceof FFStorageError) return null;
      throw error;
    }
  });
}
