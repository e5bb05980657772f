/** Folders that are remembered; each session has one or two. */
const MAX_FOLDERS = 1_024;

/**
 * The folders of a store. Going down to one from the root takes a trip to the browser's process for
 * each name, and so most of the time of opening a file; what was found once is therefore remembered.
 * A store has one owner, so a folder goes only where its owner removes it, see {@link forget}.
 */
export class OpfsFolders {
  readonly #root: FileSystemDirectoryHandle;
  /** By path, in the order of last use. */
  readonly #handles = new Map<string, FileSystemDirectoryHandle>();

  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  /** Rejects with the platform's `NotFoundError` when it is not there and not to be created. */
  async get(names: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> {
    const path = names.join('/');
    const known = this.#handles.get(path) ?? (await this.#find(names, create));
    this.#handles.delete(path);
    this.#handles.set(path, known);
    return known;
  }

  /** To be called when a path is about to be removed: what lies below it goes with it. */
  forget(path: string): void {
    for (const known of [...this.#handles.keys()]) {
      if (known === path || known.startsWith(`${path}/`)) this.#handles.delete(known);
    }
  }

  async #find(names: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> {
    const parent = names.slice(0, -1);
    const [name] = names.slice(-1);
    if (name === undefined) return this.#root;
    const above = await this.get(parent, create);
    const handle = await above.getDirectoryHandle(name, { create });
    for (const oldest of this.#handles.keys()) {
      if (this.#handles.size < MAX_FOLDERS) break;
      this.#handles.delete(oldest);
    }
    return handle;
  }
}

/** Goes down from a folder, name by name. */
export async function walk(
  from: FileSystemDirectoryHandle,
  names: readonly string[],
  create: boolean,
): Promise<FileSystemDirectoryHandle> {
  let directory = from;
  for (const name of names) directory = await directory.getDirectoryHandle(name, { create });
  return directory;
}
