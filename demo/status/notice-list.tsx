import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { Icon } from '../ui/icon.tsx';

export function NoticeList() {
  const { notices } = useApp();
  const list = useObservable(notices.list);
  const announcement = useObservable(notices.announcement);
  return (
    <>
      <div class="notices" role="alert">
        {list.map(({ id, text }) => (
          <div key={id} class="notice">
            <p dir="auto">{text}</p>
            <button
              type="button"
              class="icon-button"
              aria-label="Dismiss"
              onClick={() => notices.dismiss(id)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
      <div class="visually-hidden" role="status">
        {announcement}
      </div>
    </>
  );
}
