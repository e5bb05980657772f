/** What was dropped or chosen: files, and the names of folders, which cannot be stored. */
export interface DroppedFiles {
  readonly files: readonly File[];
  readonly folders: readonly string[];
}

/** Whether a drag carries files, rather than a text or a link. */
export function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** Must be called while the event is being handled: the browser empties it afterwards. */
export function droppedFiles(transfer: DataTransfer): DroppedFiles {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of transfer.items) {
    // A folder poses as a file that cannot be read.
    const entry = item.webkitGetAsEntry();
    if (entry?.isDirectory === true) {
      folders.push(entry.name);
      continue;
    }
    const file = item.getAsFile();
    if (file !== null) files.push(file);
  }
  return { files, folders };
}

/** Keeps the browser from leaving the page to show a file that was dropped beside every target. */
export function refuseStrayFiles(): void {
  addEventListener('dragover', (event) => {
    if (event.defaultPrevented || event.dataTransfer === null || !carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  });
  addEventListener('drop', (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
}
