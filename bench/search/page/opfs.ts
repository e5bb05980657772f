/** The files of the origin's own file system, by the ends of their names. */
export async function bytesByExtension(): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for await (const { name, size } of filesIn(await navigator.storage.getDirectory())) {
    const extension = /\.\w+$/.exec(name)?.[0] ?? '';
    bytes[extension] = (bytes[extension] ?? 0) + size;
  }
  return bytes;
}

async function* filesIn(folder: FileSystemDirectoryHandle): AsyncGenerator<File> {
  for await (const entry of folder.values()) {
    if (entry instanceof FileSystemDirectoryHandle) yield* filesIn(entry);
    else if (entry instanceof FileSystemFileHandle) yield await entry.getFile();
  }
}
