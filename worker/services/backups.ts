import type { BackupScope } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { FFBackupInfoDTO, FFImportReportDTO } from '../../src/shared/model/backup.ts';
import { exportArchive, type ArchiveCounts } from '../backup/export.ts';
import { describeFoundArchives } from '../backup/found-archives.ts';
import { removeStrayArchives } from '../backup/stray-archives.ts';
import type { ArchiveFiles } from '../backup/archive-files.ts';
import { restoreArchive } from '../backup/restore.ts';
import { backupFile } from '../store/layout.ts';
import { marked } from '../store/operations.ts';
import type { RootRecord, StoredBackup } from '../store/root-catalog.ts';
import type { CallContext, ServiceApi } from './call.ts';
import { stopWhenClosing } from './closing.ts';
import type { ServiceContext } from './context.ts';
import { userNotFound } from './not-found.ts';
import { markOf, resultOf, wasDone } from './recall.ts';

export type BackupService = Pick<
  ServiceApi,
  'backupData' | 'restoreData' | 'listBackups' | 'deleteBackup'
>;

export function createBackupService(
  { store, logger, now, closing }: ServiceContext,
  archives: ArchiveFiles,
): BackupService {
  // Before anything is written: a new file may get the name of a stray one.
  const cleaned = removeStrayArchives(store, archives).catch((error: unknown) =>
    logger.warn('What an interrupted backup left could not be removed yet', error),
  );

  const described = describeFoundArchives(store).catch((error: unknown) =>
    logger.warn('Backups that were found again could not be described yet', error),
  );

  /** Records a backup in the place of the one of that name, of which it gives the file. */
  function record(backup: StoredBackup): Promise<string | undefined> {
    const { path, sizeBytes: bytes } = backup;
    return store.alone(async () => {
      const root = await store.root();
      const before = root.backups.get(path)?.value;
      await root.append([{ type: 'put', kind: 'backup', id: path, bytes, value: backup }]);
      return before === undefined ? undefined : backupFile(path, before.number);
    });
  }

  /** Forgets a backup. Gives its file; `null` where a repeated call has done so. */
  function forget(call: CallContext, path: string): Promise<string | null | undefined> {
    return store.alone(async () => {
      const root = await store.root();
      if (wasDone(call, root)) return null;
      const before = root.backups.get(path)?.value;
      if (before === undefined) return undefined;
      const drop: RootRecord = { type: 'drop', kind: 'backup', id: path };
      await root.append([marked(drop, markOf(call, now))]);
      return backupFile(path, before.number);
    });
  }

  async function* untilClosing(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      stopWhenClosing(closing, 'backupData');
      yield piece;
    }
  }

  async function find(path: string): Promise<StoredBackup | undefined> {
    return (await store.root()).backups.get(path)?.value;
  }

  return {
    backupData: async (_call, path, { userId }) => {
      await requireUser(store, userId);
      await cleaned;
      const at = now();
      const number = archives.nextNumber(path, (await find(path))?.number ?? 0);
      const file = backupFile(path, number);
      let counts: ArchiveCounts | undefined;
      const bytes = exportArchive(store, userId, at, (found) => (counts = found));
      const old = await archives.publish(file, untilClosing(bytes), async (sizeBytes) => {
        const { users = 0, sessions = 0, messages = 0, documents = 0 } = counts ?? {};
        const createdAt = new Date(at).toISOString();
        const held = { users, sessions, messages, documents };
        const scope: BackupScope = userId === undefined ? {} : { userId };
        return record({ path, createdAt, sizeBytes, ...scope, ...held, number });
      });
      if (old !== undefined) await archives.remove(old);
    },

    restoreData: (call, path, { userId }) =>
      archives.restoring(async () => {
        stopWhenClosing(closing, 'restoreData');
        const report = await reportOf(store, call);
        if (report !== undefined) return report;
        const backup = await find(path);
        if (backup === undefined) {
          throw new FFStorageError(
            `There is no backup "${path}": listBackups() tells which there are.`,
            { code: 'not-found' },
          );
        }
        const held = await archives.hold(backupFile(path, backup.number));
        const steps = restoreArchive(store, held.source, userId, now(), () => markOf(call, now));
        try {
          for (;;) {
            const step = await steps.next();
            if (step.done === true) return step.value;
            stopWhenClosing(closing, 'restoreData');
          }
        } finally {
          await steps.return(undefined as never);
          held.release();
        }
      }),

    listBackups: async () => {
      await described;
      const backups = (await store.root()).backups.values().map(({ value }) => toInfo(value));
      return backups.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },

    deleteBackup: async (call, path) => {
      const file = await forget(call, path);
      if (typeof file === 'string') await archives.remove(file);
      return file !== undefined;
    },
  };
}

/** What a repeated restore gave when it was carried out; `undefined` when it was not. */
export async function reportOf(
  store: ServiceContext['store'],
  call: CallContext,
): Promise<FFImportReportDTO | undefined> {
  if (call.operation?.repeatedSince === undefined) return undefined;
  return store.alone(async () => resultOf<FFImportReportDTO>(call, await store.root()));
}

/** Backing up somebody who does not exist is a mistake; an empty archive would hide it. */
export async function requireUser(
  store: ServiceContext['store'],
  userId: string | undefined,
): Promise<void> {
  if (userId === undefined) return;
  // In the lane, behind a createUser() that was not waited for.
  const exists = await store.read(userId, async () => (await store.user(userId)) !== null);
  if (!exists) throw userNotFound(userId);
}

function toInfo({ number: _, ...info }: StoredBackup): FFBackupInfoDTO {
  return info;
}
