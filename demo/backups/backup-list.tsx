import type { FFBackupInfoDTO } from 'flatfile-chat';
import { useState } from 'preact/hooks';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { formatBytes } from '../ui/format-bytes.ts';
import { formatFull, formatRelative } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { plural } from '../ui/plural.ts';
import { useNow } from '../ui/use-now.ts';

export interface BackupListProps {
  readonly backups: readonly FFBackupInfoDTO[];
  readonly isBusy: boolean;
  onRestore(backup: FFBackupInfoDTO): void;
  onRemove(backup: FFBackupInfoDTO): void;
}

interface Question {
  readonly action: 'restore' | 'delete';
  readonly backup: FFBackupInfoDTO;
}

/** The backups in the store, newest first. */
export function BackupList({ backups, isBusy, onRestore, onRemove }: BackupListProps) {
  const nowMs = useNow();
  const [question, setQuestion] = useState<Question | null>(null);

  const ask = (next: Question): void => {
    if (!isBusy) setQuestion(next);
  };

  if (backups.length === 0) return <p class="hint">There is no backup in this store yet.</p>;
  return (
    <>
      <ul class="backup-list">
        {backups.map((backup) => (
          <li key={backup.path} class="backup">
            <div class="backup-text">
              <h3 dir="auto">{backup.path}</h3>
              <p class="hint">
                <time dateTime={backup.createdAt} title={formatFull(backup.createdAt)}>
                  {formatRelative(backup.createdAt, nowMs)}
                </time>
                {' · '}
                {formatBytes(backup.sizeBytes)}
                {backup.userId !== undefined && ` · only the user ${backup.userId}`}
              </p>
              <p class="hint">{contentsOf(backup)}</p>
            </div>
            <button
              type="button"
              class="button button-small"
              aria-label={`Restore ${backup.path}`}
              aria-disabled={isBusy}
              onClick={() => ask({ action: 'restore', backup })}
            >
              Restore
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={`Delete ${backup.path}`}
              title="Delete"
              aria-disabled={isBusy}
              onClick={() => ask({ action: 'delete', backup })}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
      {question !== null && (
        <ConfirmDialog
          {...wordsOf(question)}
          onConfirm={() => {
            setQuestion(null);
            (question.action === 'restore' ? onRestore : onRemove)(question.backup);
          }}
          onCancel={() => setQuestion(null)}
        />
      )}
    </>
  );
}

function contentsOf({ sessions, messages, documents }: FFBackupInfoDTO): string {
  return [
    plural(sessions, 'conversation'),
    plural(messages, 'message'),
    plural(documents, 'document'),
  ].join(', ');
}

function wordsOf({ action, backup }: Question): { title: string; text: string; action: string } {
  return action === 'restore'
    ? {
        title: 'Restore this backup?',
        text: `All conversations and documents of now are replaced by those of “${backup.path}”: ${contentsOf(backup)}. What was added since is lost.`,
        action: 'Restore',
      }
    : {
        title: 'Delete this backup?',
        text: `“${backup.path}” will be deleted from this device. Your conversations stay.`,
        action: 'Delete',
      };
}
