import type { Backend, BackendFile } from '../backend/backend.ts';

interface OpenFile {
  /** Shared by everyone who wants the file: two concurrent opens of one OPFS file would throw. */
  readonly file: Promise<WatchedFile | null>;
  /** Tasks that are using the file; it is closed only at 0. */
  users: number;
  /** Set once the file is on its way out; nobody may start to use it any more. */
  closed?: Promise<void>;
  /** Called when `users` falls to 0 while the file waits to be closed. */
  onIdle?: () => void;
}

/**
 * Open files, the least recently used of which is closed when there are too many. Opening and closing
 * costs far more than an append, so a busy session's file should stay open; but Safari allows 252
 * access handles for a whole origin.
 */
export class HandleCache {
  readonly #backend: Backend;
  readonly #maxOpen: () => number;
  #hits = 0;
  #misses = 0;
  /** In the order of last use, the least recent first. */
  readonly #openByPath = new Map<string, OpenFile>();
  /** What is being removed, by its path. */
  readonly #removals = new Map<string, Promise<void>>();

  /** @param maxOpen asked whenever a file is let go of: the limit may change */
  constructor(backend: Backend, maxOpen: () => number) {
    this.#backend = backend;
    this.#maxOpen = maxOpen;
  }

  /** Files that are open, uses of one that was open already, and of one that had to be opened. */
  get usage(): { readonly openFiles: number; readonly hits: number; readonly misses: number } {
    return { openFiles: this.#openByPath.size, hits: this.#hits, misses: this.#misses };
  }

  /** Runs a task on an open file; gives `null`, without running it, when the file does not exist. */
  async use<T>(path: string, task: (file: BackendFile) => T | Promise<T>): Promise<T | null> {
    return this.#use(path, false, task);
  }

  /** Runs a task on an open file, creating it when needed. */
  async useCreating<T>(path: string, task: (file: BackendFile) => T | Promise<T>): Promise<T> {
    // With `create` the backend never gives null, so the task has run.
    return (await this.#use(path, true, task)) as T;
  }

  async #use<T>(
    path: string,
    create: boolean,
    task: (file: BackendFile) => T | Promise<T>,
  ): Promise<T | null> {
    const open = await this.#acquire(path, create);
    try {
      const file = await open.file;
      if (file !== null) return await task(file);
      // There is nothing to keep, and whoever wants to create the file must not meet this entry.
      this.#drop(path, open);
      if (!create) return null;
    } catch (error) {
      await open.file.catch(() => this.#drop(path, open));
      throw error;
    } finally {
      this.#release(open);
    }
    // Someone who did not want to create it had asked first and found it missing.
    return this.#use(path, create, task);
  }

  async #acquire(path: string, create: boolean): Promise<OpenFile> {
    let open = this.#openByPath.get(path);
    for (;;) {
      const obstacle = open?.closed ?? this.#removalOf(path);
      if (obstacle === undefined) break;
      // Whoever closes or removes it hears of a failure; here it only matters that it is over.
      await obstacle.catch(() => undefined);
      open = this.#openByPath.get(path);
    }
    if (open === undefined) {
      this.#misses++;
      open = { file: this.#backend.open(path, { create }).then(watchWrites), users: 0 };
    } else {
      this.#hits++;
      this.#openByPath.delete(path);
    }
    this.#openByPath.set(path, open);
    open.users++;
    return open;
  }

  #release(open: OpenFile): void {
    open.users--;
    if (open.users > 0) return;
    open.onIdle?.();
    this.#evict();
  }

  #drop(path: string, open: OpenFile): void {
    if (this.#openByPath.get(path) === open) this.#openByPath.delete(path);
  }

  #evict(): void {
    const maxOpen = this.#maxOpen();
    if (this.#openByPath.size <= maxOpen) return;
    const kept = [...this.#openByPath].filter(([, { closed }]) => closed === undefined);
    let excess = kept.length - maxOpen;
    for (const [path, open] of kept) {
      if (excess <= 0) return;
      if (open.users > 0) continue;
      excess--;
      // A failure to close costs a handle, nothing else; whoever opens the file next will hear of it.
      this.#close(path, open).catch(() => undefined);
    }
  }

  /** Closes a file once nobody uses it, flushed: the unflushed writes of a lazy mode are its last. */
  #close(path: string, open: OpenFile): Promise<void> {
    open.closed ??= (async () => {
      try {
        const file = await open.file;
        if (open.users > 0) await new Promise<void>((resolve) => (open.onIdle = resolve));
        try {
          if (file?.hasUnflushedWrites === true) await file.flush();
        } finally {
          // A handle that stays open keeps everybody from opening the file again.
          await file?.close();
        }
      } finally {
        this.#drop(path, open);
      }
    })();
    return open.closed;
  }

  /**
   * Removes a file or folder, closing first what is open there. Who wants a file of it meanwhile waits:
   * what is open cannot be removed.
   */
  async remove(path: string): Promise<void> {
    for (;;) {
      const below = [...this.#openByPath].filter(([key]) => isWithin(key, path));
      const before = this.#removalOf(path);
      if (below.length === 0 && before === undefined) break;
      // Somebody may open one again before it is this task's turn.
      await Promise.allSettled([...below.map(([key, open]) => this.#close(key, open)), before]);
    }
    const removal = this.#backend.remove(path);
    this.#removals.set(path, removal);
    try {
      await removal;
    } finally {
      this.#removals.delete(path);
    }
  }

  #removalOf(path: string): Promise<void> | undefined {
    for (const [removed, removal] of this.#removals) if (isWithin(path, removed)) return removal;
    return undefined;
  }

  /** Makes durable whatever was written to files that are open. */
  async flushAll(): Promise<void> {
    const paths = [...this.#openByPath.keys()];
    await Promise.all(paths.map((path) => this.use(path, (file) => file.flush())));
  }

  /** Closes a file that is open, as soon as nobody uses it. */
  async letGo(path: string): Promise<void> {
    const open = this.#openByPath.get(path);
    if (open !== undefined) await this.#close(path, open);
  }

  /** Closes everything; rejects with the first failure after having tried all. */
  async closeAll(): Promise<void> {
    const results = await Promise.allSettled(
      [...this.#openByPath].map(([path, open]) => this.#close(path, open)),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}

/** A file that knows whether it was written to since its last flush. */
interface WatchedFile extends BackendFile {
  readonly hasUnflushedWrites: boolean;
}

/** A flush waits for the disk even when there is nothing to write, which most files are closed with. */
function watchWrites(file: BackendFile | null): WatchedFile | null {
  if (file === null) return null;
  let writes = 0;
  let flushedWrites = 0;
  return {
    get hasUnflushedWrites() {
      return writes > flushedWrites;
    },
    size: () => file.size(),
    read: (into, at) => file.read(into, at),
    write: (bytes, at) => {
      writes++;
      file.write(bytes, at);
    },
    truncate: (size) => {
      writes++;
      file.truncate(size);
    },
    flush: async () => {
      // What is written while it is under way may come too late for it.
      const writesBefore = writes;
      await file.flush();
      flushedWrites = writesBefore;
    },
    close: () => file.close(),
  };
}

/** Whether a path is that of a file or folder or lies in it. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
