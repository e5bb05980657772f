import type { ImportProgress } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { createId } from '../../src/shared/ids.ts';
import type { FFImportReportDTO, FFProgress } from '../../src/shared/model/backup.ts';
import type { ArchiveFiles } from '../backup/archive-files.ts';
import { exportArchive, salvageArchive } from '../backup/export.ts';
import { restoreArchive } from '../backup/restore.ts';
import { incomingFile } from '../store/layout.ts';
import type { OperationMark } from '../store/operations.ts';
import { reportOf, requireUser } from './backups.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { markOf } from './recall.ts';

export type TransferMethods = Pick<
  ServiceApi,
  | 'openExport'
  | 'openSalvage'
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
  /** How many are under way. */
  readonly count: number;
  /** Ends what is under way; nothing of it remains. */
  close(): Promise<void>;
}

/** How long one step of an import goes on, so that its caller hears of it and can stop it. */
const STEP_MS = 100;

type Steps = AsyncGenerator<FFProgress, FFImportReportDTO>;

interface Import {
  readonly userId: string | undefined;
  readonly path: string;
  /** Of the call that goes on with it now. */
  mark?: OperationMark | undefined;
  /** Set once the archive is complete; resolves when its turn has come. */
  turn?: Promise<Steps>;
  /** Set when it is to go no further. */
  ended?: Promise<void>;
  /** Resolves when {@link finish} is called, which lets the next restore begin. */
  readonly finished: Promise<void>;
  finish(): void;
}

export function createTransferService(
  { store, now, logger }: ServiceContext,
  archives: ArchiveFiles,
): TransferService {
  const exportById = new Map<string, AsyncGenerator<Uint8Array, void>>();
  const importById = new Map<string, Import>();
  /** Exports of everything. */
  const wholeExports = new Set<string>();

  /** The archive is whole, whether or not this can be written down. */
  async function markExported(): Promise<void> {
    try {
      const at = new Date(now()).toISOString();
      await store.alone(async () => (await store.root()).markExported(at));
    } catch (error) {
      logger.warn('When the store was exported could not be written down', error);
    }
  }

  /** Waits for its turn, then begins to restore what was sent. */
  function begin(entry: Import): Promise<Steps> {
    const turn = new Promise<Steps>((resolve, reject) => {
      archives
        .restoring(async () => {
          if (entry.ended !== undefined) throw cancelledError();
          const held = await archives.hold(entry.path);
          const steps = restoreArchive(store, held.source, entry.userId, now(), () => entry.mark);
          resolve(steps);
          await entry.finished;
          try {
            await steps.return(undefined as never);
          } finally {
            held.release();
          }
        })
        .catch(reject);
    });
    // Nobody may be waiting for it any more.
    turn.catch(() => undefined);
    return turn;
  }

  /** Ends an import, which leaves nothing unless it is complete. */
  function end(importId: string, entry: Import): Promise<void> {
    importById.delete(importId);
    entry.ended ??= (async () => {
      entry.finish();
      await archives.remove(entry.path);
    })();
    return entry.ended;
  }

  const methods: TransferMethods = {
    openExport: async ({ userId }) => {
      await requireUser(store, userId);
      const exportId = createId();
      exportById.set(exportId, exportArchive(store, userId, now()));
      if (userId === undefined) wholeExports.add(exportId);
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
      if (wholeExports.delete(exportId)) await markExported();
      return null;
    },

    openSalvage: async () => {
      const exportId = createId();
      exportById.set(exportId, salvageArchive(store, now(), new Map()));
      const { bytes } = (await store.root()).sum;
      return { exportId, estimatedBytes: bytes.messages + bytes.documents };
    },

    cancelExport: async (exportId) => {
      const pieces = exportById.get(exportId);
      exportById.delete(exportId);
      wholeExports.delete(exportId);
      await pieces?.return();
    },

    openImport: async ({ userId }) => {
      const importId = createId();
      const path = incomingFile(importId);
      archives.begin(path);
      let finish = (): void => undefined;
      const finished = new Promise<void>((resolve) => (finish = resolve));
      importById.set(importId, { userId, path, finished, finish });
      return importId;
    },

    writeImport: async (importId, bytes) => {
      await archives.append(required(importById, importId, 'import').path, bytes);
    },

    continueImport: async (call, importId): Promise<ImportProgress> => {
      const report = await reportOf(store, call);
      if (report !== undefined) return { doneBytes: 1, totalBytes: 1, report };
      const entry = required(importById, importId, 'import');
      entry.mark = markOf(call, now);
      try {
        // An empty archive has not even made a file.
        if (entry.turn === undefined) await archives.append(entry.path, new Uint8Array(0));
        entry.turn ??= begin(entry);
        const steps = await withinStep(entry.turn);
        if (steps === 'waiting') return { doneBytes: 0, totalBytes: 1 };
        const until = Date.now() + STEP_MS;
        for (;;) {
          const step = await steps.next();
          if (entry.ended !== undefined && step.value === undefined) throw cancelledError();
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
    get count() {
      return exportById.size + importById.size;
    },
    close: async () => {
      for (const exportId of exportById.keys()) await methods.cancelExport(exportId);
      for (const importId of importById.keys()) await methods.cancelImport(importId);
    },
  };
}

/** What was waited for, unless it takes so long that the caller should hear of it. */
async function withinStep(turn: Promise<Steps>): Promise<Steps | 'waiting'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<'waiting'>((resolve) => {
    timer = setTimeout(() => resolve('waiting'), STEP_MS);
  });
  try {
    return await Promise.race([turn, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function cancelledError(): FFStorageError {
  return new FFStorageError('The import was cancelled.', { code: 'aborted' });
}

function required<T>(byId: ReadonlyMap<string, T>, id: string, kind: 'export' | 'import'): T {
  const found = byId.get(id);
  if (found !== undefined) return found;
  throw new FFStorageError(
    `There is no ${kind} "${id}" under way: it has ended, or the store was opened anew. Begin another one.`,
    { code: 'not-found' },
  );
}
