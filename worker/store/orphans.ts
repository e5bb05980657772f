import { documentFile, documentsFolder, documentTextFile } from './layout.ts';
import { unchanged } from './change.ts';
import type { Store } from './store.ts';

/** Removes files of documents that the catalog does not know: a crash left them, or a failed removal. */
export async function removeOrphanedDocuments(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<void> {
  await store.write(userId, async () => {
    const catalog = await store.user(userId);
    if (catalog?.session(sessionId) === undefined) return unchanged(undefined);
    const space = store.folderOf(userId);
    const known = new Set(
      catalog.entities.document
        .ofSession(sessionId)
        .flatMap(({ id }) => [
          documentFile(space, sessionId, id),
          documentTextFile(space, sessionId, id),
        ]),
    );
    await removeUnknown(store, documentsFolder(space, sessionId), known);
    return unchanged(undefined);
  });
}

async function removeUnknown(
  store: Store,
  folder: string,
  known: ReadonlySet<string>,
): Promise<void> {
  for (const { name, kind } of await store.backend.list(folder)) {
    const path = `${folder}/${name}`;
    // An id that is too long for a name goes on in a folder.
    if (kind === 'directory') await removeUnknown(store, path, known);
    else if (!known.has(path) && !store.documents.isUnpublished(path)) {
      await store.files.remove(path);
    }
  }
}
