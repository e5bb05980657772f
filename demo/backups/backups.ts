import {
  FFStorageError,
  type FFBackupInfoDTO,
  type FFImportReportDTO,
  type FFProgress,
} from 'flatfile-chat';
import type { ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import type { Notices } from '../status/notices.ts';
import { formatBytes } from '../ui/format-bytes.ts';
import type { SaveTarget } from './save-target.ts';

/** What is being done. There is one task at a time: each of them is about the whole store. */
export interface BackupTask {
  /** Such as `Exporting to backup.zip`. */
  readonly title: string;
  /** `null` for a task that does not tell how far it is. */
  readonly progress: FFProgress | null;
  readonly canCancel: boolean;
  readonly isCancelling: boolean;
}

/** What became of the last task. */
export interface BackupOutcome {
  readonly text: string;
  readonly report?: FFImportReportDTO;
}

export interface BackupsState {
  /** Newest first; `null` until it has been read. */
  readonly backups: readonly FFBackupInfoDTO[] | null;
  readonly task: BackupTask | null;
  readonly outcome: BackupOutcome | null;
}

/** Backups in the store, and in files. Tasks report to `state`, and their errors as notices. */
export interface Backups {
  readonly state: Observable<BackupsState>;
  refresh(): Promise<void>;
  /** Rejects when the name is refused or the backup cannot be written. */
  create(name: string): Promise<void>;
  restore(backup: FFBackupInfoDTO): Promise<void>;
  remove(backup: FFBackupInfoDTO): Promise<void>;
  exportTo(target: SaveTarget): Promise<void>;
  importFrom(file: File): Promise<void>;
  cancel(): void;
  forgetOutcome(): void;
}

export function createBackups(store: ChatStore, notices: Notices): Backups {
  const state = createObservable<BackupsState>({ backups: null, task: null, outcome: null });
  let aborting: AbortController | undefined;

  const refresh = createCoalesced(async () => {
    const backups = await store.read((storage) => storage.listBackups());
    state.update((current) => ({ ...current, backups }));
  });

  const changeTask = (changes: Partial<BackupTask>): void =>
    state.update((current) =>
      current.task === null ? current : { ...current, task: { ...current.task, ...changes } },
    );

  const onProgress = (progress: FFProgress): void => changeTask({ progress });

  const run = async (title: string, work: () => Promise<BackupOutcome | null>): Promise<void> => {
    if (state.value.task !== null) return;
    const task = { title, progress: null, canCancel: false, isCancelling: false };
    state.update((current) => ({ ...current, task, outcome: null }));
    let outcome: BackupOutcome | null = null;
    try {
      outcome = await work();
    } finally {
      state.update((current) => ({ ...current, task: null, outcome }));
    }
    if (outcome !== null) notices.announce(outcome.text);
  };

  /** Runs what can be cancelled; the engine calls that an error with the code `aborted`. */
  const transfer = (
    title: string,
    cancelled: string,
    work: (signal: AbortSignal) => Promise<BackupOutcome>,
  ): Promise<void> =>
    run(title, async () => {
      aborting = new AbortController();
      changeTask({ canCancel: true, progress: { doneBytes: 0 } });
      try {
        return await work(aborting.signal);
      } catch (error) {
        if (error instanceof FFStorageError && error.code === 'aborted') return { text: cancelled };
        throw error;
      } finally {
        aborting = undefined;
      }
    }).catch(notices.showError);

  return {
    state,
    refresh,

    create: (name) =>
      run(`Backing up as ${name}`, async () => {
        await store.write((storage) => storage.backupData(name));
        await refresh();
        return { text: `Backed up as “${name}”.` };
      }),

    restore: ({ path }) =>
      run(`Restoring ${path}`, async () => {
        await store.write((storage) => storage.restoreData(path));
        return { text: `Restored “${path}”.` };
      }).catch(notices.showError),

    remove: ({ path }) =>
      run(`Deleting ${path}`, async () => {
        const isGone = await store.write((storage) => storage.deleteBackup(path));
        await refresh();
        return { text: isGone ? `Deleted “${path}”.` : `“${path}” was gone already.` };
      }).catch(notices.showError),

    exportTo: ({ name, save }) =>
      transfer(
        `Exporting to ${name}`,
        'The export was cancelled. Nothing was saved.',
        async (signal) => {
          let savedBytes = 0;
          const archive = await store.read((storage) =>
            storage.exportBackup({
              signal,
              onProgress: (progress) => {
                savedBytes = progress.doneBytes;
                onProgress(progress);
              },
            }),
          );
          await save(archive);
          return { text: `Exported ${formatBytes(savedBytes)} to “${name}”.` };
        },
      ),

    importFrom: (file) =>
      transfer(
        `Importing ${file.name}`,
        'The import was cancelled. Nothing was changed.',
        async (signal) => {
          changeTask({ progress: { doneBytes: 0, totalBytes: file.size } });
          const report = await store.write((storage) =>
            storage.importBackup(file, { signal, onProgress }),
          );
          return { text: `Imported “${file.name}”.`, report };
        },
      ),

    cancel() {
      if (aborting === undefined) return;
      changeTask({ isCancelling: true });
      aborting.abort();
    },

    forgetOutcome: () => state.update((current) => ({ ...current, outcome: null })),
  };
}
