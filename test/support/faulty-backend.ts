import { FFQuotaExceededError, FFStorageError } from '../../src/shared/errors.ts';
import type { Backend, BackendFile } from '../../worker/backend/backend.ts';
import { listKeys } from '../../worker/backend/memory.ts';
import { Frontier, type DiskEvent, type Kept } from './crash/frontier.ts';

/** What a backend can be asked to do. */
export type OperationKind =
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'flush'
  | 'close'
  | 'remove'
  | 'list';

/** One operation, as the faults are told of it. */
interface Operation {
  readonly kind: OperationKind;
  readonly path: string;
}

/** Which operation a fault is for. */
export interface FaultTarget {
  /** The path, or what it looks like; any path by default. */
  readonly path?: string | RegExp;
  /** How many such operations go well before. Default 0: the next one is hit. */
  readonly after?: number;
}

/** Where a crash happens. */
export interface CrashPoint {
  /** Which step, see {@link FaultyBackend.steps}; counted from 0. */
  readonly step: number;
  /** How much of it is still done when it is a write: 0 to 1 of its bytes. Default 0. */
  readonly part?: number;
}

/** An operation that waits. */
export interface Hold {
  /** Resolves when the operation has begun. */
  readonly reached: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/** A disk in memory that fails when it is told to. */
export interface FaultyBackend extends Backend {
  /** Steps taken so far: what changes a file or makes it durable, and so where a crash may differ. */
  readonly steps: number;
  /** Lets one operation fail; a write that fails leaves half of its bytes behind. */
  failOnce(kind: OperationKind, target?: FaultTarget, error?: Error): void;
  /** Holds one `open` or `flush` back. */
  hold(kind: 'open' | 'flush', target?: FaultTarget): Hold;
  /** Lets the disk have room for so many bytes; a write that does not fit leaves the part that does. */
  setQuota(bytes: number): void;
  /** Ends the process in the middle of a step: it is done in part, everything after it throws. */
  crashAt(point: CrashPoint): void;
  readonly crashed: boolean;
  /**
   * A disk with what this one holds: all that was `written`, as after the end of a process, what was
   * `flushed`, as after a power cut, or, after a worse one, some of the rest too. This one is not
   * changed.
   */
  disk(kept: Kept): FaultyBackend;
  /** Every change so far, where they are recorded. */
  readonly events: readonly DiskEvent[];
  /** The bytes of a file; `undefined` when there is none. */
  bytesOf(path: string): Uint8Array | undefined;
  /** Paths of all files. */
  readonly paths: string[];
}

interface Trap extends FaultTarget {
  readonly kind: OperationKind;
  left: number;
  run(): void | Promise<void>;
}

const STEPS: readonly OperationKind[] = ['write', 'truncate', 'flush', 'remove'];

/** Makes a disk. `keepsUnflushedWrites` is what the backend says of itself. */
export function createFaultyBackend(
  options: { readonly keepsUnflushedWrites?: boolean; readonly recordsEvents?: boolean } = {},
  content: ReadonlyMap<string, Uint8Array> = new Map(),
): FaultyBackend {
  const files = new Frontier(content);
  const events: DiskEvent[] = [];
  const openPaths = new Set<string>();
  const traps: Trap[] = [];
  let steps = 0;
  let quota = Infinity;
  let crashPoint: CrashPoint | undefined;
  let crashed = false;

  /** Gives how much of a step is to be done, and a promise where it has to wait. */
  function begin(operation: Operation): { part: number; wait?: Promise<void> } {
    if (crashed) throw crashError();
    if (STEPS.includes(operation.kind) && steps++ === crashPoint?.step) {
      crashed = true;
      return { part: crashPoint.part ?? 0 };
    }
    for (const trap of traps) {
      if (trap.kind !== operation.kind || !isAt(operation.path, trap.path)) continue;
      if (trap.left-- > 0) continue;
      traps.splice(traps.indexOf(trap), 1);
      const wait = trap.run();
      return wait === undefined ? { part: 1 } : { part: 1, wait };
    }
    return { part: 1 };
  }

  function set(kind: OperationKind, target: FaultTarget, run: Trap['run']): void {
    traps.push({ ...target, kind, left: target.after ?? 0, run });
  }

  function apply(event: DiskEvent): void {
    files.apply(event);
    if (options.recordsEvents === true) events.push(event);
  }

  function sizeOf(path: string): number {
    return files.bytesOf(path)?.size ?? 0;
  }

  function usedBytes(): number {
    return Array.from(files.paths, sizeOf).reduce((sum, size) => sum + size, 0);
  }

  function write(path: string, bytes: Uint8Array, at: number): void {
    const put = (count: number): void =>
      apply({ kind: 'write', path, at, bytes: bytes.slice(0, count) });
    let part: number;
    try {
      ({ part } = begin({ kind: 'write', path }));
    } catch (error) {
      if (!crashed) put(bytes.length >> 1);
      throw error;
    }
    if (part < 1 || crashed) {
      put(Math.round(bytes.length * part));
      throw crashError();
    }
    const growth = Math.max(at + bytes.length - sizeOf(path), 0);
    const room = quota - usedBytes();
    if (growth > room) {
      put(Math.max(bytes.length - (growth - Math.max(room, 0)), 0));
      throw new FFQuotaExceededError(`Writing ${path}: the disk is full.`);
    }
    put(bytes.length);
  }

  function openFile(path: string): BackendFile {
    let open = true;
    const requireOpen = (): void => {
      if (!open) throw ioError(`${path} is closed.`);
    };
    const sync = (kind: OperationKind): void => {
      requireOpen();
      begin({ kind, path });
      if (crashed) throw crashError();
    };
    return {
      size: () => sizeOf(path),
      read: (into, at) => {
        sync('read');
        return files.bytesOf(path)?.read(into, at) ?? 0;
      },
      write: (bytes, at) => {
        requireOpen();
        write(path, bytes, at);
      },
      truncate: (size) => {
        sync('truncate');
        apply({ kind: 'truncate', path, size });
      },
      flush: async () => {
        requireOpen();
        await begin({ kind: 'flush', path }).wait;
        if (crashed) throw crashError();
        apply({ kind: 'flush', path });
      },
      close: async () => {
        if (!open) return;
        sync('close');
        open = false;
        openPaths.delete(path);
      },
    };
  }

  return {
    kind: 'memory',
    keepsUnflushedWrites: options.keepsUnflushedWrites ?? false,

    async open(path, { create = false } = {}) {
      await begin({ kind: 'open', path }).wait;
      if (openPaths.has(path)) throw ioError(`${path} is open already.`);
      if (files.bytesOf(path) === undefined) {
        if (!create) return null;
        apply({ kind: 'create', path });
      }
      openPaths.add(path);
      return openFile(path);
    },

    async remove(path) {
      begin({ kind: 'remove', path });
      if (crashed) throw crashError();
      const isBelow = (key: string): boolean => key === path || key.startsWith(`${path}/`);
      const open = [...openPaths].find(isBelow);
      if (open !== undefined) throw ioError(`${open} is open.`);
      apply({ kind: 'remove', path });
    },

    async list(path) {
      begin({ kind: 'list', path });
      return listKeys(files.paths, path);
    },

    async close() {
      openPaths.clear();
    },

    get steps() {
      return steps;
    },
    failOnce: (kind, target = {}, error = ioError(`This ${kind} was to fail.`)) =>
      set(kind, target, () => {
        throw error;
      }),
    hold: (kind, target = {}) => {
      let reach = (): void => undefined;
      let release = (): void => undefined;
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const released = new Promise<void>((resolve) => (release = resolve));
      set(kind, target, () => {
        reach();
        return released;
      });
      return { reached, release };
    },
    setQuota: (bytes) => {
      quota = bytes;
    },
    crashAt: (point) => {
      crashPoint = point;
    },
    get crashed() {
      return crashed;
    },
    disk: (kept) => createFaultyBackend(options, files.survivors(kept)),
    get events() {
      return events;
    },
    bytesOf: (path) => {
      const written = files.bytesOf(path);
      return written?.view(0, written.size).slice();
    },
    get paths() {
      return [...files.paths].sort();
    },
  };
}

function isAt(path: string, target: string | RegExp | undefined): boolean {
  return target instanceof RegExp ? target.test(path) : target === undefined || path === target;
}

function ioError(message: string): FFStorageError {
  return new FFStorageError(message, { code: 'io' });
}

function crashError(): Error {
  return new Error('The process is dead.');
}
