import { useEffect } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import type { Backups } from './backups.ts';

/** The backups of the app's store, read anew while the component is there. */
export function useBackups(): Backups {
  const { store, backups, notices } = useApp();

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
