import { FFUserNotFoundError } from '../../src/shared/errors.ts';
import type { ArchivedFile, Manifest } from '../archive/manifest.ts';
import { writeArchive, type ArchiveEntry } from '../archive/write.ts';
import type { Store } from '../store/store.ts';
import { collectShared, collectUser, type Collected } from './collect.ts';

/** What an archive holds; complete once the archive is. */
export type ArchiveCounts = Manifest['counts'];

/**
 * The bytes of an archive of a user, or of the whole store, made while they are asked for.
 *
 * @param onCounts told, at the end, what the archive holds
 */
export function exportArchive(
  store: Store,
  userId: string | undefined,
  at: number,
  onCounts: (counts: ArchiveCounts) => void = () => undefined,
): AsyncGenerator<Uint8Array, void> {
  const collected: Collected = { users: [], personas: 0, panels: 0, panelMessages: 0 };

  async function* entries(): AsyncGenerator<ArchiveEntry> {
    const userIds = userId === undefined ? await store.userIds() : [userId];
    for (const id of userIds) {
      const exists = yield* collectUser(store, id, collected);
      // In a backup of all, whoever is deleted meanwhile is left out.
      if (!exists && userId !== undefined) {
        throw new FFUserNotFoundError(`"${userId}" was deleted before the backup was made.`);
      }
    }
    yield* collectShared(store, userId, collected);
  }

  return writeArchive({
    entries: entries(),
    manifest: (files) => {
      const manifest = manifestOf(collected, files, userId, at);
      onCounts(manifest.counts);
      return manifest;
    },
  });
}

function manifestOf(
  { users, personas, panels, panelMessages }: Collected,
  files: readonly ArchivedFile[],
  userId: string | undefined,
  at: number,
): Manifest {
  const sum = (kind: 'sessions' | 'messages' | 'documents'): number =>
    users.reduce((total, user) => total + user[kind], 0);
  return {
    format: 'flatfile-chat-backup',
    version: 1,
    createdAt: new Date(at).toISOString(),
    ...(userId === undefined ? {} : { userId }),
    counts: {
      users: users.length,
      sessions: sum('sessions'),
      messages: sum('messages'),
      documents: sum('documents'),
      personas,
      panels,
      panelMessages,
    },
    users,
    files,
  };
}
