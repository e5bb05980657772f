import { FFUserNotFoundError } from '../../src/shared/errors.ts';
import type { ArchivedFile, Manifest } from '../archive/manifest.ts';
import { writeArchive, type ArchiveEntry } from '../archive/write.ts';
import { QUARANTINE_FOLDER } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import { collectShared, collectUser, textFile, type Collected } from './collect.ts';
import { filesIn } from './stray-archives.ts';

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

/**
 * An archive of whatever can still be read: what cannot is left out, and told of in `salvage.json`.
 * Beside what every archive holds it has the bytes that were set aside as damaged. An import passes
 * over both.
 *
 * @param unreadable what could not be read so far; whoever reads the files may add to it
 */
export function salvageArchive(
  store: Store,
  at: number,
  unreadable: Map<string, string>,
): AsyncGenerator<Uint8Array, void> {
  const onUnreadable = (what: string, error: unknown) => void unreadable.set(what, String(error));
  const collected = { users: [], personas: 0, panels: 0, panelMessages: 0, onUnreadable };

  async function* entries(): AsyncGenerator<ArchiveEntry> {
    for (const userId of await store.userIds()) {
      yield* asFarAsPossible(collectUser(store, userId, collected), `users/${userId}`);
    }
    yield* asFarAsPossible(collectShared(store, undefined, collected), 'shared');
    for (const path of await filesIn(store, QUARANTINE_FOLDER).catch(() => [])) {
      const content = asFarAsPossible(store.documents.read(path), path);
      yield { name: path, content, compress: true };
    }
    const report = {
      damagedRecords: store.damage.count,
      unreadable: Object.fromEntries(unreadable),
    };
    yield textFile('salvage.json', [JSON.stringify(report, null, 1)]);
  }

  async function* asFarAsPossible<T>(
    steps: AsyncGenerator<T, unknown>,
    what: string,
  ): AsyncGenerator<T, void> {
    try {
      yield* steps;
    } catch (error) {
      onUnreadable(what, error);
    }
  }

  return writeArchive({
    entries: entries(),
    manifest: (files) => manifestOf(collected, files, undefined, at),
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
