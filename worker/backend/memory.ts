import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend, BackendEntry, BackendFile } from './backend.ts';

/** The bytes of a file, in a buffer that doubles so that appending costs amortised constant time. */
export class MemoryBytes {
  #buffer: Uint8Array<ArrayBuffer>;
  /** Bytes in use; everything behind them in the buffer is zero. */
  #size: number;

  constructor(content: Uint8Array<ArrayBuffer> = new Uint8Array(0)) {
    this.#buffer = content;
    this.#size = content.length;
  }

  get size(): number {
    return this.#size;
  }

  /** The bytes from `start` to `end`, as a view that the next change may leave behind. */
  view(start: number, end: number): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(start, Math.min(end, this.#size));
  }

  read(into: Uint8Array, at: number): number {
    const bytes = this.view(Math.min(at, this.#size), at + into.length);
    into.set(bytes);
    return bytes.length;
  }

  write(bytes: Uint8Array, at: number): void {
    if (bytes.length === 0) return;
    this.#reserve(at + bytes.length);
    this.#buffer.set(bytes, at);
    this.#size = Math.max(this.#size, at + bytes.length);
  }

  truncate(size: number): void {
    this.#reserve(size);
    // What is cut off must not come back when the file grows again.
    if (size < this.#size) this.#buffer.fill(0, size, this.#size);
    this.#size = size;
  }

  #reserve(size: number): void {
    if (size <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(size, this.#buffer.length * 2, 256));
    grown.set(this.view(0, this.#size));
    this.#buffer = grown;
  }
}

/** Files in memory, gone with the thread. For tests, and for conversations that must leave no trace. */
export function createMemoryBackend(): Backend {
  const bytesByPath = new Map<string, MemoryBytes>();
  const openPaths = new Set<string>();

  return {
    kind: 'memory',
    keepsUnflushedWrites: false,

    async open(path, { create = false } = {}) {
      if (openPaths.has(path)) {
        throw new FFStorageError(`${path} is open already.`, { code: 'io' });
      }
      let bytes = bytesByPath.get(path);
      if (bytes === undefined) {
        if (!create) return null;
        bytes = new MemoryBytes();
        bytesByPath.set(path, bytes);
      }
      openPaths.add(path);
      return memoryFile(bytes, () => openPaths.delete(path));
    },

    async remove(path) {
      for (const key of [...bytesByPath.keys()]) {
        if (key === path || key.startsWith(`${path}/`)) bytesByPath.delete(key);
      }
    },

    async list(path) {
      return listKeys(bytesByPath.keys(), path);
    },

    async close() {
      openPaths.clear();
    },
  };
}

/** The entries of a folder where folders exist only as the beginnings of file paths. */
export function listKeys(paths: Iterable<string>, folder: string): BackendEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const kindByName = new Map<string, BackendEntry['kind']>();
  for (const path of paths) {
    if (!path.startsWith(prefix)) continue;
    const [name = '', ...below] = path.slice(prefix.length).split('/');
    kindByName.set(name, below.length > 0 ? 'directory' : 'file');
  }
  return Array.from(kindByName, ([name, kind]) => ({ name, kind }));
}

function memoryFile(bytes: MemoryBytes, release: () => void): BackendFile {
  return {
    size: () => bytes.size,
    read: (into, at) => bytes.read(into, at),
    write: (data, at) => bytes.write(data, at),
    truncate: (size) => bytes.truncate(size),
    flush: async () => undefined,
    close: async () => release(),
  };
}
