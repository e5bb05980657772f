/** Where a library that keeps its index in memory leaves it for the next page. For workers. */
const FILE = 'snapshot.json';

export async function writeSnapshot(text: string): Promise<void> {
  const handle = await openFile(true);
  const bytes = new TextEncoder().encode(text);
  handle?.truncate(0);
  handle?.write(bytes, { at: 0 });
  handle?.flush();
  handle?.close();
}

/** `undefined` when there is none. */
export async function readSnapshot(): Promise<string | undefined> {
  const handle = await openFile(false);
  if (handle === undefined) return undefined;
  const bytes = new Uint8Array(handle.getSize());
  handle.read(bytes, { at: 0 });
  handle.close();
  return new TextDecoder().decode(bytes);
}

async function openFile(create: boolean): Promise<SyncAccessHandle | undefined> {
  const root = await navigator.storage.getDirectory();
  const file = await root.getFileHandle(FILE, { create }).catch(() => undefined);
  return (file as WithAccessHandles | undefined)?.createSyncAccessHandle();
}

/** Known to the types of workers only, and this folder has those of pages. */
interface WithAccessHandles {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
}

interface SyncAccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}
