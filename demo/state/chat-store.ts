import { FFStorageError, FFStorageManager, type BackendKind, type FFTabRole } from 'flatfile-chat';
import { addSamples } from '../samples/add-samples.ts';
import { describeFailure, type Failure } from './failure.ts';
import { createObservable, type Observable } from './observable.ts';

/** The demo has one user; a store keeps any number of them apart. */
export const USER_ID = 'me';

export type StorePhase =
  | { readonly kind: 'opening'; readonly step: string }
  | { readonly kind: 'ready'; readonly backend: BackendKind }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The only place that holds the storage manager. Every feature reads and writes through it. */
export interface ChatStore {
  readonly phase: Observable<StorePhase>;
  /** What this tab is among those that have the store open; `undefined` until it is known. */
  readonly role: Observable<FFTabRole | undefined>;
  /** Never rejects: the outcome is in `phase`. */
  open(): Promise<void>;
  read<T>(call: (storage: FFStorageManager) => Promise<T>): Promise<T>;
  /** Like `read`, and tells everyone who watches that something changed. */
  write<T>(call: (storage: FFStorageManager) => Promise<T>): Promise<T>;
  /** Calls back after every write, and when another tab may have written. */
  onChange(listener: () => void): () => void;
  announceChange(): void;
}

/** After these, no call can succeed until the store has been opened again. */
const ENDED = new Set<string>(['closed', 'worker-lost']);

export function createChatStore(backend: BackendKind | undefined): ChatStore {
  const storage = new FFStorageManager(
    { storage: { basePath: 'flatfile-chat-demo' } },
    { backend, onRoleChange: (now) => changeRole(now) },
  );
  const phase = createObservable<StorePhase>({ kind: 'opening', step: 'Opening the store' });
  const role = createObservable<FFTabRole | undefined>(undefined);
  const listeners = new Set<() => void>();
  let opening: Promise<void> | undefined;

  const openOnce = async (): Promise<void> => {
    try {
      phase.set({ kind: 'opening', step: 'Opening the store' });
      await storage.initialize();
      phase.set({ kind: 'opening', step: 'Looking up your conversations' });
      await addSamples(storage, USER_ID);
      if (storage.backend === undefined) throw new Error('The store was closed while it opened.');
      phase.set({ kind: 'ready', backend: storage.backend });
    } catch (error) {
      phase.set({ kind: 'failed', failure: describeFailure(error) });
    } finally {
      opening = undefined;
    }
  };

  const read = async <T>(call: (storage: FFStorageManager) => Promise<T>): Promise<T> => {
    try {
      return await call(storage);
    } catch (error) {
      if (
        phase.value.kind === 'ready' &&
        error instanceof FFStorageError &&
        ENDED.has(error.code)
      ) {
        phase.set({ kind: 'failed', failure: describeFailure(error) });
      }
      throw error;
    }
  };

  const announceChange = (): void => {
    for (const listener of [...listeners]) listener();
  };

  const changeRole = (now: FFTabRole): void => {
    role.set(now);
    // Other tabs have come or gone, and may have written.
    if (phase.value.kind === 'ready') announceChange();
  };

  return {
    phase,
    role,
    open: () => (opening ??= openOnce()),
    read,
    async write(call) {
      const result = await read(call);
      announceChange();
      return result;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announceChange,
  };
}
