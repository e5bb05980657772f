import { SearchBox } from '../search/search-box.tsx';
import { SearchResults } from '../search/search-results.tsx';
import { SessionListView } from '../sessions/session-list-view.tsx';
import { useObservable } from '../state/use-observable.ts';
import { Icon } from '../ui/icon.tsx';
import { Logo } from '../ui/logo.tsx';
import { useApp } from './app-context.ts';
import { ViewNav } from './view-nav.tsx';

export const DRAWER_CLOSE_ID = 'drawer-close';

/** Conversations, and in their place the results while there is something to search for. */
export function Sidebar({ isHidden }: { readonly isHidden: boolean }) {
  const { store, search, newConversation, drawerOpen, notices } = useApp();
  const isReady = useObservable(store.phase).kind === 'ready';
  const { query } = useObservable(search.state);

  return (
    <aside id="sidebar" class="sidebar" aria-label="Sidebar" inert={isHidden}>
      <div class="sidebar-head">
        <Logo />
        <button
          id={DRAWER_CLOSE_ID}
          type="button"
          class="icon-button drawer-close"
          aria-label="Hide conversations"
          onClick={() => drawerOpen.set(false)}
        >
          <Icon name="close" />
        </button>
        <button
          type="button"
          class="button button-new"
          aria-keyshortcuts="Control+Alt+N"
          title="New conversation (Ctrl+Alt+N)"
          disabled={!isReady}
          onClick={() => void newConversation().catch(notices.showError)}
        >
          <Icon name="plus" />
          New
        </button>
      </div>
      <ViewNav />
      <SearchBox disabled={!isReady} />
      <div class="sidebar-body">
        {query.trim() === '' ? <SessionListView /> : <SearchResults />}
      </div>
    </aside>
  );
}
