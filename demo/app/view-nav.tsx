import { useObservable } from '../state/use-observable.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useApp } from './app-context.ts';
import type { Route } from './route.ts';
import { RouteLink } from './route-link.tsx';

const VIEWS: readonly {
  readonly view: Exclude<Route['view'], 'chat'>;
  readonly label: string;
  readonly icon: IconName;
}[] = [
  { view: 'documents', label: 'Documents', icon: 'file' },
  { view: 'panels', label: 'Panels', icon: 'people' },
  { view: 'statistics', label: 'Statistics', icon: 'chart' },
  { view: 'backups', label: 'Backups', icon: 'archive' },
];

/** Leads from one view of the app to another; to the conversation that was open last, too. */
export function ViewNav() {
  const { router, conversation, sessions } = useApp();
  const current = useObservable(router.route)?.view ?? 'chat';
  const lastId = useObservable(conversation.state).id;
  const { sessions: listed } = useObservable(sessions.state);
  // It may have been deleted since.
  const session = listed.find(({ sessionId }) => sessionId === lastId) ?? listed[0];

  return (
    <nav class="view-nav" aria-label="Views">
      {session === undefined ? (
        <button
          type="button"
          class="view-link"
          aria-current={current === 'chat' ? 'page' : undefined}
          onClick={() => router.go(null)}
        >
          <Icon name="chat" />
          Chats
        </button>
      ) : (
        <RouteLink
          class="view-link"
          to={{ view: 'chat', sessionId: session.sessionId }}
          isCurrent={current === 'chat'}
        >
          <Icon name="chat" />
          Chats
        </RouteLink>
      )}
      {VIEWS.map(({ view, label, icon }) => (
        <RouteLink key={view} class="view-link" to={{ view }} isCurrent={current === view}>
          <Icon name={icon} />
          {label}
        </RouteLink>
      ))}
    </nav>
  );
}
