import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';

/** Writes that come within this time are counted together. */
const COUNT_EVERY_MS = 300;

export interface UsageState {
  readonly messages: number;
  readonly sessions: number;
  /** Of the whole origin; `undefined` where the browser does not say. */
  readonly usedBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** Whether the browser has promised not to clear the data by itself; `undefined`: it cannot. */
  readonly persisted: boolean | undefined;
}

export interface Usage {
  /** `null` until it has been measured. */
  readonly state: Observable<UsageState | null>;
  refresh(): Promise<void>;
  /** Asks the browser to keep the data; gives what it answered. */
  requestPersistence(): Promise<boolean>;
}

export function createUsage(store: ChatStore): Usage {
  const state = createObservable<UsageState | null>(null);
  // Missing in insecure contexts, whatever the type says.
  const manager = navigator.storage as StorageManager | undefined;
  let timer: number | undefined;

  const refresh = createCoalesced(async () => {
    const [sessions, estimate, persisted] = await Promise.all([
      store.read((storage) => storage.listSessions(USER_ID)),
      manager?.estimate(),
      manager?.persisted(),
    ]);
    state.set({
      messages: sessions.reduce((sum, session) => sum + session.messageCount, 0),
      sessions: sessions.length,
      usedBytes: estimate?.usage,
      quotaBytes: estimate?.quota,
      persisted,
    });
  });

  store.onChange(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      // A failure shows in the store's phase; the figures then simply stay as they were.
      void refresh().catch(() => undefined);
    }, COUNT_EVERY_MS);
  });

  return {
    state,
    refresh,
    async requestPersistence() {
      const granted = (await manager?.persist()) ?? false;
      await refresh();
      return granted;
    },
  };
}
