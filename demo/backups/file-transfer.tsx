import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { carriesFiles } from '../documents/dropped-files.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { formatBytes } from '../ui/format-bytes.ts';
import { Icon } from '../ui/icon.tsx';
import { fileName } from './backup-name.ts';
import type { Backups } from './backups.ts';
import { chooseTarget } from './save-target.ts';

export interface FileTransferProps {
  readonly backups: Backups;
  readonly isBusy: boolean;
}

/** Out of the browser into a file, and back from one that is chosen or dropped anywhere. */
export function FileTransfer({ backups, isBusy }: FileTransferProps) {
  const { notices } = useApp();
  const picker = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File | null>(null);

  const choose = (files: Iterable<File>): void => {
    const [file, ...others] = files;
    if (file === undefined || isBusy) return;
    if (others.length > 0) notices.show('One backup at a time: choose a single file.');
    else setChosen(file);
  };
  const isDropping = useFileDrop(choose);

  const exportAll = async (): Promise<void> => {
    if (isBusy) return;
    const target = await chooseTarget(fileName(new Date()));
    if (target !== null) await backups.exportTo(target);
  };

  return (
    <div class="file-transfer">
      <div>
        <button
          type="button"
          class="button"
          aria-disabled={isBusy}
          onClick={() => void exportAll().catch(notices.showError)}
        >
          <Icon name="download" />
          Export to a file…
        </button>
        <p class="hint">Everything in the store, as a ZIP that any program can unpack.</p>
      </div>
      <div class="backup-drop" data-dropping={isDropping || undefined}>
        <button
          type="button"
          class="button"
          aria-disabled={isBusy}
          onClick={() => {
            if (!isBusy) picker.current?.click();
          }}
        >
          <Icon name="archive" />
          Import from a file…
        </button>
        <input
          ref={picker}
          type="file"
          accept=".zip,application/zip"
          hidden
          onChange={({ currentTarget }) => {
            choose(currentTarget.files ?? []);
            // Choosing the same file again must count as a choice.
            currentTarget.value = '';
          }}
        />
        <p class="hint">Or drop a backup anywhere on this page.</p>
      </div>
      {chosen !== null && (
        <ConfirmDialog
          title="Import this backup?"
          text={`“${chosen.name}”, ${formatBytes(chosen.size)}: conversations and documents of now are replaced by those in the file. What is not in it is lost. A file that is damaged changes nothing.`}
          action="Import"
          onConfirm={() => {
            setChosen(null);
            void backups.importFrom(chosen);
          }}
          onCancel={() => setChosen(null)}
        />
      )}
    </div>
  );
}

/** Takes files that are dropped on the page; `true` while some are held above it. */
function useFileDrop(onDrop: (files: Iterable<File>) => void): boolean {
  const [isDropping, setDropping] = useState(false);
  const latest = useRef(onDrop);
  latest.current = onDrop;

  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    // On the whole page: beside a smaller target the browser would open the file in its place.
    addEventListener(
      'dragover',
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setDropping(true);
      },
      { signal },
    );
    addEventListener(
      'dragleave',
      (event) => {
        if (event.relatedTarget === null) setDropping(false);
      },
      { signal },
    );
    addEventListener(
      'drop',
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setDropping(false);
        latest.current(event.dataTransfer?.files ?? []);
      },
      { signal },
    );
    return () => listening.abort();
  }, []);

  return isDropping;
}
