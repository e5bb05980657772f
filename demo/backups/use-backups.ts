import { useEffect } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import type { ChatStore } from '../state/chat-store.ts';
import { createBackups, type Backups } from './backups.ts';

/** A task goes on while the reader looks at another view, and is found again on return. */
const backupsByStore = new WeakMap<ChatStore, Backups>();

/** The backups of the app's store, read anew while the component is there. */
export function useBackups(): Backups {
  const { store, notices } = useApp();
  const backups = backupsByStore.get(store) ?? createBackups(store, notices);
  backupsByStore.set(store, backups);

  useEffect(() => {
    void backups.refresh().catch(notices.showError);
    // A later failure shows in the store's phase, or the next change reads again.
    const unsubscribe = store.onChange(() => void backups.refresh().catch(() => undefined));
    return () => {
      unsubscribe();
      // It has been seen; one that comes later waits for the reader's return.
      backups.forgetOutcome();
    };
  }, [backups]);

  return backups;
}
