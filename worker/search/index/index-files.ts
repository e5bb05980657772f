import type { BackendFile } from '../../backend/backend.ts';
import { searchFolder } from '../../store/layout.ts';
import type { Store } from '../../store/store.ts';

/** Rejects what is asked of an index that is not needed any more. */
export class IndexStoppedError extends Error {
  constructor() {
    super('The index was let go of.');
    this.name = 'IndexStoppedError';
  }
}

/**
 * The files of one user's index. Once it was stopped nothing touches them any more: a folder that is
 * about to be removed must not come back because somebody was still writing into it.
 */
export class IndexFiles {
  readonly folder: string;
  readonly #store: Store;
  readonly #userId: string;
  readonly #sizes = new Map<string, number>();
  #running = 0;
  #isStopped = false;
  /** Called when nothing is under way any more. */
  #waiting: (() => void)[] = [];

  constructor(store: Store, userId: string) {
    this.#store = store;
    this.#userId = userId;
    this.folder = searchFolder(store.folderOf(userId));
  }

  /** Bytes of all files, those in use as of their last use. */
  get bytes(): number {
    let sum = 0;
    for (const size of this.#sizes.values()) sum += size;
    return sum;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Refuses everything from here on; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The names of all files. */
  list(): Promise<string[]> {
    return this.#run(async () => {
      const names: string[] = [];
      for (const { name, kind } of await this.#store.backend.list(this.folder)) {
        if (kind === 'file') names.push(name);
      }
      return names;
    });
  }

  /** Runs a task on a file; `null` when it is not there. */
  use<T>(name: string, task: (file: BackendFile) => T | Promise<T>): Promise<T | null> {
    return this.#run(() =>
      this.#store.files.use(this.#path(name), (file) => this.#measured(name, file, task)),
    );
  }

  /** Runs a task on a file, creating it when needed. */
  useCreating<T>(name: string, task: (file: BackendFile) => T | Promise<T>): Promise<T> {
    return this.#run(() =>
      this.#store.files.useCreating(this.#path(name), (file) => this.#measured(name, file, task)),
    );
  }

  /** Runs a task on many files at once; `null` when one of them is not there. */
  useAll<T>(
    names: readonly string[],
    task: (files: readonly BackendFile[]) => T | Promise<T>,
  ): Promise<T | null> {
    const open = (files: readonly BackendFile[]): Promise<T | null> | T => {
      const name = names[files.length];
      return name === undefined
        ? task(files)
        : this.#store.files.use(this.#path(name), (file) => open([...files, file]));
    };
    return this.#run(async () => open([]));
  }

  remove(name: string): Promise<void> {
    return this.#run(async () => {
      await this.#store.files.remove(this.#path(name));
      this.#sizes.delete(name);
      this.#store.setSearchBytes(this.#userId, this.bytes);
    });
  }

  /** Removes whatever there is. */
  clear(): Promise<void> {
    return this.#run(async () => {
      await this.#store.files.remove(this.folder);
      this.#sizes.clear();
      this.#store.setSearchBytes(this.#userId, 0);
    });
  }

  #path(name: string): string {
    return `${this.folder}/${name}`;
  }

  async #measured<T>(
    name: string,
    file: BackendFile,
    task: (file: BackendFile) => T | Promise<T>,
  ): Promise<T> {
    try {
      return await task(file);
    } finally {
      this.#sizes.set(name, file.size());
      this.#store.setSearchBytes(this.#userId, this.bytes);
    }
  }

  async #run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#isStopped) throw new IndexStoppedError();
    this.#running++;
    try {
      return await task();
    } finally {
      this.#running--;
      if (this.#running === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    }
  }
}
