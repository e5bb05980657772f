import { useId } from 'preact/hooks';
import { View } from '../app/view.tsx';
import { useObservable } from '../state/use-observable.ts';
import { plural } from '../ui/plural.ts';
import { BackupList } from './backup-list.tsx';
import { CreateForm } from './create-form.tsx';
import { FileTransfer } from './file-transfer.tsx';
import { TaskProgress } from './task-progress.tsx';
import { useBackups } from './use-backups.ts';

/** Backups in the store and in files, and the way back from them. */
export function BackupsView() {
  const backups = useBackups();
  const { backups: existing, task, outcome } = useObservable(backups.state);
  const filesId = useId();
  const storeId = useId();
  const isBusy = task !== null;

  return (
    <View
      title="Backups"
      {...(existing === null ? {} : { meta: `${plural(existing.length, 'backup')} in this store` })}
    >
      <div class="backups">
        <TaskProgress task={task} outcome={outcome} onCancel={() => backups.cancel()} />
        <section class="backups-panel" aria-labelledby={storeId}>
          <h2 id={storeId}>In this store</h2>
          <CreateForm backups={backups} existing={existing ?? []} isBusy={isBusy} />
          <div aria-busy={existing === null}>
            {existing !== null && (
              <BackupList
                backups={existing}
                isBusy={isBusy}
                onRestore={(backup) => void backups.restore(backup)}
                onRemove={(backup) => void backups.remove(backup)}
              />
            )}
          </div>
        </section>
        <section class="backups-panel" aria-labelledby={filesId}>
          <h2 id={filesId}>In a file</h2>
          <FileTransfer backups={backups} isBusy={isBusy} />
        </section>
      </div>
    </View>
  );
}
