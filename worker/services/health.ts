import type { EngineApi } from '../../src/shared/contract.ts';
import { folderBytes } from '../store/folder-bytes.ts';
import { QUARANTINE_FOLDER } from '../store/layout.ts';
import { readQuota } from '../store/quota.ts';
import { UNKNOWN_TIME } from '../store/recovered-files.ts';
import type { ServiceContext } from './context.ts';

export type HealthService = Pick<EngineApi, 'getStorageFacts'>;

/** How safe what is stored is here, as far as the storage thread can tell. */
export function createHealthService({ store }: ServiceContext): HealthService {
  return {
    getStorageFacts: async () => {
      const root = await store.root();
      const dates = root.backups.values().map(({ value }) => value.createdAt);
      const lastBackupAt = dates.sort().at(-1);
      const { exportedAt } = root;
      return {
        backend: store.backend.kind,
        ...(await readQuota()),
        // Of a backup that was found again nobody may know when it was made.
        ...(lastBackupAt === undefined || lastBackupAt === UNKNOWN_TIME ? {} : { lastBackupAt }),
        ...(exportedAt === undefined ? {} : { lastExportAt: exportedAt }),
        damagedRecords: store.damage.count,
        quarantinedBytes: await folderBytes(store, QUARANTINE_FOLDER),
        reservedBytes: (await store.logContext.reserve?.bytes()) ?? 0,
      };
    },
  };
}
