import type { EngineApi, ImportProgress } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { createId } from '../../src/shared/ids.ts';
import type { FFImportReportDTO, FFProgress } from '../../src/shared/model/backup.ts';
import type { ArchiveFiles, HeldArchive } from '../backup/archive-files.ts';
import { exportArchive } from '../backup/export.ts';
import { restoreArchive } from '../backup/restore.ts';
import { incomingFile } from '../store/layout.ts';
import { requireUser } from './backups.ts';
import type { ServiceContext } from './context.ts';

export type TransferMethods = Pick<
  EngineApi,
  | 'openExport'
  | 'readExport'
  | 'cancelExport'
  | 'openImport'
  | 'writeImport'
  | 'continueImport'
  | 'cancelImport'
>;

/** Archives on their way out of the engine and into it. */
export interface TransferService {
  readonly methods: TransferMethods;
  /** Ends what is under way; nothing of it remains. */
  close(): Promise<void>;
}

/** How long one step of an import goes on, so that its caller hears of it and can stop it. */
const STEP_MS = 100;

interface Import {
  readonly userId: string | undefined;
  readonly path: string;
  /** Set once the archive is complete. */
  restoring?: Promise<{
    readonly held: HeldArchive;
    readonly steps: AsyncGenerator<FFProgress, FFImportReportDTO>;
  }>;
  /** Lets the next restore begin. */
  finish: () => void;
}

export function createTransferService(
  { store, now }: ServiceContext,
  archives: ArchiveFiles,
): TransferService {
  const exportById = new Map<string, AsyncGenerator<Uint8Array, void>>();
  const importById = new Map<string, Import>();

  /** Waits for its turn, then begins to restore what was sent. */
  function begin(entry: Import): NonNullable<Import['restoring']> {
    return new Promise((resolve, reject) => {
      archives
        .restoring(async () => {
          const held = await archives.hold(entry.path);
          const steps = restoreArchive(store, held.source, entry.userId, now());
          const finished = new Promise<void>((finish) => (entry.finish = finish));
          resolve({ held, steps });
          await finished;
        })
        .catch(reject);
    });
  }

  async function end(importId: string, entry: Import): Promise<void> {
    importById.delete(importId);
    try {
      const restoring = await entry.restoring?.catch(() => undefined);
      await restoring?.steps.return(undefined as never);
      restoring?.held.release();
    } finally {
      entry.finish();
      await archives.remove(entry.path);
    }
  }

  const methods: TransferMethods = {
    openExport: async ({ userId }) => {
      await requireUser(store, userId);
      const exportId = createId();
      exportById.set(exportId, exportArchive(store, userId, now()));
      const root = await store.countedRoot();
      const { bytes } = userId === undefined ? root.sum : root.totalsOf(userId);
      return { exportId, estimatedBytes: bytes.messages + bytes.documents };
    },

    readExport: async (exportId) => {
      const pieces = required(exportById, exportId, 'export');
      try {
        const piece = await pieces.next();
        if (piece.done !== true) return piece.value;
      } catch (error) {
        exportById.delete(exportId);
        throw error;
      }
      exportById.delete(exportId);
      return null;
    },

    cancelExport: async (exportId) => {
      const pieces = exportById.get(exportId);
      exportById.delete(exportId);
      await pieces?.return();
    },

    openImport: async ({ userId }) => {
      const importId = createId();
      const path = incomingFile(importId);
      archives.begin(path);
      importById.set(importId, { userId, path, finish: () => undefined });
      return importId;
    },

    writeImport: async (importId, bytes) => {
      await archives.append(required(importById, importId, 'import').path, bytes);
    },

    continueImport: async (importId): Promise<ImportProgress> => {
      const entry = required(importById, importId, 'import');
      try {
        // An empty archive has not even made a file.
        if (entry.restoring === undefined) await archives.append(entry.path, new Uint8Array(0));
        entry.restoring ??= begin(entry);
        const { steps } = await entry.restoring;
        const until = Date.now() + STEP_MS;
        for (;;) {
          const step = await steps.next();
          if (step.done === true) {
            await end(importId, entry);
            return { doneBytes: 1, totalBytes: 1, report: step.value };
          }
          if (Date.now() >= until) return step.value as ImportProgress;
        }
      } catch (error) {
        await end(importId, entry);
        throw error;
      }
    },

    cancelImport: async (importId) => {
      const entry = importById.get(importId);
      if (entry !== undefined) await end(importId, entry);
    },
  };

  return {
    methods,
    close: async () => {
      for (const exportId of exportById.keys()) await methods.cancelExport(exportId);
      for (const importId of importById.keys()) await methods.cancelImport(importId);
    },
  };
}

function required<T>(byId: ReadonlyMap<string, T>, id: string, kind: 'export' | 'import'): T {
  const found = byId.get(id);
  if (found !== undefined) return found;
  throw new FFStorageError(
    `There is no ${kind} "${id}" under way: it has ended, or the store was opened anew. Begin another one.`,
    { code: 'not-found' },
  );
}
