import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { formatBytes } from '../ui/format-bytes.ts';
import type { BackupOutcome, BackupTask } from './backups.ts';
import { ImportReport } from './import-report.tsx';

export interface TaskProgressProps {
  readonly task: BackupTask | null;
  readonly outcome: BackupOutcome | null;
  onCancel(): void;
}

/** How far the present task is, and then what became of it. */
export function TaskProgress({ task, outcome, onCancel }: TaskProgressProps) {
  const outcomePanel = useRef<HTMLDivElement>(null);

  // The button that the focus was on may have gone with the task.
  useLayoutEffect(() => {
    const hasFocus = document.activeElement !== null && document.activeElement !== document.body;
    if (outcome !== null && !hasFocus) outcomePanel.current?.focus();
  }, [outcome]);

  return (
    <>
      <p class="visually-hidden" role="status">
        {task === null ? '' : spoken(task)}
      </p>
      {task !== null && <RunningTask task={task} onCancel={onCancel} />}
      {outcome !== null && (
        <div ref={outcomePanel} class="task" tabIndex={-1}>
          <p class="task-title" dir="auto">
            {outcome.text}
          </p>
          {outcome.report !== undefined && <ImportReport report={outcome.report} />}
        </div>
      )}
    </>
  );
}

function RunningTask({ task, onCancel }: { readonly task: BackupTask; onCancel(): void }) {
  const titleId = useId();
  const { title, progress, canCancel, isCancelling } = task;
  const { doneBytes = 0, totalBytes } = progress ?? {};
  return (
    <div class="task">
      <p id={titleId} class="task-title" dir="auto">
        {isCancelling ? 'Cancelling' : title}…
      </p>
      <div class="task-row">
        {totalBytes === undefined ? (
          <progress class="task-bar" aria-labelledby={titleId} />
        ) : (
          <progress
            class="task-bar"
            aria-labelledby={titleId}
            value={doneBytes}
            max={Math.max(totalBytes, 1)}
          />
        )}
        {progress !== null && (
          <span class="task-bytes">
            {formatBytes(doneBytes)}
            {totalBytes !== undefined && ` of ${formatBytes(totalBytes)}`}
          </span>
        )}
        {canCancel && (
          <button
            type="button"
            class="button button-small"
            aria-disabled={isCancelling}
            onClick={onCancel}
          >
            Cancel
          </button>
        )}
      </div>
    </div>
  );
}

/** In quarters: a screen reader that is told of every piece says nothing else. */
function spoken({ title, progress, isCancelling }: BackupTask): string {
  if (isCancelling) return 'Cancelling';
  const { doneBytes = 0, totalBytes = 0 } = progress ?? {};
  const quarters = totalBytes === 0 ? 0 : Math.floor((doneBytes / totalBytes) * 4);
  return quarters === 0 ? title : `${title}: ${quarters * 25} %`;
}
