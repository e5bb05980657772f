import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend, BackendEntry, BackendFile } from './backend.ts';
import { listKeys } from './memory.ts';

type BaseFile = Pick<BackendFile, 'size' | 'read' | 'close'>;

/** What a shadow is cast by: files that can be read. */
export interface ShadowBase extends Pick<Backend, 'kind' | 'list'> {
  open(path: string): Promise<BaseFile | null>;
}

/** Told of a file that could not be read, and why. */
export type OnUnreadable = (path: string, error: unknown) => void;

const BLOCK_BYTES = 65_536;

/** What was changed of a file. */
interface Changes {
  /** Blocks that were written to, whole. */
  readonly blocks: Map<number, Uint8Array>;
  size: number;
  /** How far the base still shows where no block was written. */
  baseSize: number;
}

/**
 * A backend that shows the files of another one and keeps every change to itself: whatever is done to
 * it, the base stays as it is. So a store can be opened as far as it goes, with all that recovery does
 * to it, and nothing is written.
 *
 * @param onUnreadable where it is given, a file that cannot be opened is passed over, and bytes that
 *   cannot be read are zeros, which no checksum holds for
 */
export function createShadow(base: ShadowBase, onUnreadable?: OnUnreadable): Backend {
  const changesByPath = new Map<string, Changes>();
  const removed = new Set<string>();
  const openPaths = new Set<string>();

  const isHidden = (path: string): boolean => {
    for (const gone of removed) if (path === gone || path.startsWith(`${gone}/`)) return true;
    return false;
  };

  async function openBase(path: string): Promise<BaseFile | null> {
    if (isHidden(path)) return null;
    try {
      return await base.open(path);
    } catch (error) {
      if (onUnreadable === undefined) throw error;
      onUnreadable(path, error);
      return null;
    }
  }

  const shadowFile = (path: string, file: BaseFile | null): BackendFile => ({
    ...fileOver(path, file, changesByPath, onUnreadable),
    close: async () => {
      openPaths.delete(path);
      await file?.close();
    },
  });

  async function listBase(path: string): Promise<BackendEntry[]> {
    try {
      return await base.list(path);
    } catch (error) {
      if (onUnreadable === undefined) throw error;
      onUnreadable(path, error);
      return [];
    }
  }

  return {
    kind: base.kind,
    // Nothing is ever safe here, so there is nothing to flush either.
    keepsUnflushedWrites: true,
    isSnapshot: true,

    open: async (path, { create = false } = {}) => {
      if (openPaths.has(path)) {
        throw new FFStorageError(`${path} is open already.`, { code: 'io' });
      }
      openPaths.add(path);
      try {
        const file = await openBase(path);
        if (file !== null || changesByPath.has(path)) return shadowFile(path, file);
        if (!create) {
          openPaths.delete(path);
          return null;
        }
        changesByPath.set(path, { blocks: new Map(), size: 0, baseSize: 0 });
        return shadowFile(path, null);
      } catch (error) {
        openPaths.delete(path);
        throw error;
      }
    },

    remove: async (path) => {
      removed.add(path);
      for (const changed of [...changesByPath.keys()]) {
        if (changed === path || changed.startsWith(`${path}/`)) changesByPath.delete(changed);
      }
    },

    list: async (path) => {
      const kindByName = new Map<string, BackendEntry['kind']>();
      for (const { name, kind } of await listBase(path)) {
        if (!isHidden(path === '' ? name : `${path}/${name}`)) kindByName.set(name, kind);
      }
      for (const { name, kind } of listKeys(changesByPath.keys(), path)) kindByName.set(name, kind);
      return Array.from(kindByName, ([name, kind]) => ({ name, kind }));
    },

    close: async () => undefined,
  };
}

function fileOver(
  path: string,
  file: BaseFile | null,
  changesByPath: Map<string, Changes>,
  onUnreadable: OnUnreadable | undefined,
): Omit<BackendFile, 'close'> {
  const changes = (): Changes => {
    let known = changesByPath.get(path);
    if (known === undefined) {
      const size = file?.size() ?? 0;
      changesByPath.set(path, (known = { blocks: new Map(), size, baseSize: size }));
    }
    return known;
  };

  function readBase(into: Uint8Array, at: number, limit: number): number {
    const wanted = into.subarray(0, Math.max(Math.min(into.length, limit - at), 0));
    if (file === null || wanted.length === 0) return 0;
    try {
      return file.read(wanted, at);
    } catch (error) {
      if (onUnreadable === undefined) throw error;
      onUnreadable(path, error);
      wanted.fill(0);
      return wanted.length;
    }
  }

  function block(index: number): Uint8Array {
    const { blocks, baseSize } = changes();
    let bytes = blocks.get(index);
    if (bytes === undefined) {
      bytes = new Uint8Array(BLOCK_BYTES);
      readBase(bytes, index * BLOCK_BYTES, baseSize);
      blocks.set(index, bytes);
    }
    return bytes;
  }

  return {
    size: () => changesByPath.get(path)?.size ?? file?.size() ?? 0,

    read: (into, at) => {
      const known = changesByPath.get(path);
      if (known === undefined) return readBase(into, at, Infinity);
      const end = Math.min(at + into.length, known.size);
      for (let from = at; from < end;) {
        const index = Math.floor(from / BLOCK_BYTES);
        const to = Math.min(end, (index + 1) * BLOCK_BYTES);
        const part = into.subarray(from - at, to - at);
        const bytes = known.blocks.get(index);
        if (bytes === undefined) part.fill(0, readBase(part, from, known.baseSize));
        else part.set(bytes.subarray(from % BLOCK_BYTES, (from % BLOCK_BYTES) + part.length));
        from = to;
      }
      return Math.max(end - at, 0);
    },

    write: (bytes, at) => {
      if (bytes.length === 0) return;
      for (let done = 0; done < bytes.length;) {
        const offset = (at + done) % BLOCK_BYTES;
        const part = bytes.subarray(done, done + BLOCK_BYTES - offset);
        block(Math.floor((at + done) / BLOCK_BYTES)).set(part, offset);
        done += part.length;
      }
      const known = changes();
      known.size = Math.max(known.size, at + bytes.length);
    },

    truncate: (size) => {
      const known = changes();
      // What is cut off must not come back when the file grows again.
      for (const [index, bytes] of known.blocks) {
        const start = index * BLOCK_BYTES;
        if (start >= size) known.blocks.delete(index);
        else if (start + BLOCK_BYTES > size) bytes.fill(0, size - start);
      }
      known.baseSize = Math.min(known.baseSize, size);
      known.size = size;
    },

    flush: async () => undefined,
  };
}
