import type { Connection } from './connection.ts';

/** What the life of a page means to its connection. */
type Followed = Pick<Connection, 'ending' | 'setVisible' | 'suspend' | 'resume'>;

/**
 * Ties a connection to the life of its page, for as long as both last: a page that the browser puts
 * aside, to show it again later or never, must not hold what other tabs wait for. Where there is no
 * page (workers, Node) there is nothing to follow.
 *
 * @param mayLeave whether the page can be done without; one that cannot keeps what it holds when it is
 *   left, which keeps it out of the back-forward cache, and lets go when it ends
 * @param onReturn called when the page takes part again
 */
export function followPage(
  connection: Followed,
  mayLeave: () => boolean,
  onReturn: () => void,
): void {
  if (typeof document === 'undefined') return;
  const show = (): void => connection.setVisible(document.visibilityState === 'visible');
  const suspend = (): void => connection.suspend();
  const resume = (): void => {
    void connection.resume().then((isBack) => {
      if (isBack) onReturn();
    });
  };

  const { ending: signal } = connection;
  document.addEventListener('visibilitychange', show, { signal });
  document.addEventListener('freeze', suspend, { signal });
  document.addEventListener('resume', resume, { signal });
  const leave = (): void => {
    if (mayLeave()) suspend();
  };
  addEventListener('pagehide', leave, { signal });
  // The first showing of a page, which is none from the cache, finds nothing to resume.
  addEventListener('pageshow', resume, { signal });
  show();
}
