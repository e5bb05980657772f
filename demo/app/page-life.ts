import type { AppModel } from './app-model.ts';

/**
 * Reads the store anew when the reader returns from another tab or window. All else that the life of a
 * page means to a store, the store sees to itself.
 */
export function followPageLife({ store }: AppModel): void {
  const onReturn = (): void => {
    const isBack = document.visibilityState === 'visible';
    if (isBack && store.phase.value.kind === 'ready') store.announceChange();
  };
  document.addEventListener('visibilitychange', onReturn);
  // Of two windows side by side, neither is ever hidden.
  addEventListener('focus', onReturn);
}
