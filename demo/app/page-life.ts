import type { AppModel } from './app-model.ts';

/**
 * Ties the store to the life of the page: closed when the page goes away, opened again when the
 * browser brings the very same page back, read anew when the reader returns from another tab.
 */
export function followPageLife({ store }: AppModel): void {
  addEventListener('pagehide', () => {
    // Nothing can be awaited here, and nothing needs to be: what has resolved is already durable.
    void store.close();
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) void store.open();
  });
  document.addEventListener('visibilitychange', () => {
    const isBack = document.visibilityState === 'visible';
    if (isBack && store.phase.value.kind === 'ready') store.announceChange();
  });
}
