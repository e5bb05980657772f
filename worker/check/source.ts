import type { Backend, BackendFile } from '../backend/backend.ts';
import { createShadow, type OnUnreadable, type ShadowBase } from '../backend/shadow.ts';
import { HandleCache } from '../store/handle-cache.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { DamagedRange } from '../store/log-scan.ts';
import type { LogContext } from '../store/record-log.ts';
import type { Store } from '../store/store.ts';

/** The files of a store as they are at some moment; whatever is done to them changes nothing. */
export interface View {
  readonly backend: Backend;
  readonly files: HandleCache;
  /** What logs are opened with. */
  readonly context: LogContext;
  /** Damage that was met, by the file that it is in. */
  readonly damaged: ReadonlyMap<string, readonly DamagedRange[]>;
}

/** A store that is to be looked at, whether or not it is in use meanwhile. */
export interface CheckSource {
  /**
   * Runs a task on the files as they are when nothing of the space is on its way to the disk. Others
   * have their turn between two of these.
   */
  turn<T>(spaceId: string, task: (view: View) => Promise<T>): Promise<T>;
  /** The same for what concerns the whole store, while nothing at all is on its way. */
  alone<T>(task: (view: View) => Promise<T>): Promise<T>;
  /** Opens a file for as long as it is read, whatever happens meanwhile; `null` when there is none. */
  open(path: string): Promise<OpenFile | null>;
  /** Whether a file is being written that no list knows yet. */
  isBeingWritten(path: string): boolean;
}

/** A file that is only read. */
export type OpenFile = Pick<BackendFile, 'size' | 'read' | 'close'>;

/** A store that is open: it goes on while it is looked at. */
export function sourceOf(
  store: Store,
  isArchiveInUse: (path: string) => boolean,
  onUnreadable: OnUnreadable,
): CheckSource {
  const base = baseOf(store.files, store.backend);
  return {
    turn: (spaceId, task) => store.read(spaceId, () => look(base, onUnreadable, task)),
    alone: (task) => store.alone(() => look(base, onUnreadable, task)),
    open: (path) => createShadow(base, onUnreadable).open(path),
    isBeingWritten: (path) => store.documents.isUnpublished(path) || isArchiveInUse(path),
  };
}

/** The files of a store that is not open. */
export function sourceOfFiles(
  files: HandleCache,
  backend: Backend,
  onUnreadable: OnUnreadable,
): CheckSource {
  const base = baseOf(files, backend);
  return {
    turn: (_, task) => look(base, onUnreadable, task),
    alone: (task) => look(base, onUnreadable, task),
    open: (path) => createShadow(base, onUnreadable).open(path),
    isBeingWritten: () => false,
  };
}

/** Files that others may have open as well. */
export function baseOf(files: HandleCache, backend: Backend): ShadowBase {
  return {
    kind: backend.kind,
    list: (path) => backend.list(path),
    open: (path) => borrow(files, path),
  };
}

async function look<T>(
  base: ShadowBase,
  onUnreadable: OnUnreadable,
  task: (view: View) => Promise<T>,
): Promise<T> {
  const backend = createShadow(base, onUnreadable);
  // None stays open: whoever wants to remove a file waits for that.
  const files = new HandleCache(backend, () => 0);
  const damaged = new Map<string, DamagedRange[]>();
  const context: LogContext = {
    files,
    flushCommits: false,
    onDamage: async (path, ranges) => {
      const known = damaged.get(path) ?? [];
      const isNew = ({ offset }: DamagedRange) => !known.some((range) => range.offset === offset);
      damaged.set(path, [...known, ...ranges.filter(isNew)]);
    },
  };
  try {
    return await task({ backend, files, context, damaged });
  } finally {
    await files.closeAll();
  }
}

/** A file that somebody else may be using as well. */
function borrow(files: HandleCache, path: string): ReturnType<ShadowBase['open']> {
  return new Promise((resolve, reject) => {
    files
      .use(
        path,
        (file) =>
          new Promise<void>((release) =>
            resolve({
              size: () => file.size(),
              read: (into, at) => file.read(into, at),
              close: async () => release(),
            }),
          ),
      )
      .then((found) => {
        if (found === null) resolve(null);
      }, reject);
  });
}

/** The user or panel that a space and a session of it stand for. */
export function ownerOf(
  spaceId: string,
  sessionId?: string,
): { userId?: string; sessionId?: string; panelId?: string } {
  if (spaceId === SHARED_SPACE) return sessionId === undefined ? {} : { panelId: sessionId };
  return sessionId === undefined ? { userId: spaceId } : { userId: spaceId, sessionId };
}
