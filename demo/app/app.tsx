import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { BackupsView } from '../backups/backups-view.tsx';
import { ConversationPane } from '../conversation/conversation-pane.tsx';
import { COMPOSER_ID } from '../conversation/message-form.tsx';
import { DocumentsView } from '../documents/documents-view.tsx';
import { PanelsView } from '../panels/panels-view.tsx';
import { useObservable } from '../state/use-observable.ts';
import { StatisticsView } from '../statistics/statistics-view.tsx';
import { NoticeList } from '../status/notice-list.tsx';
import { StatusBar } from '../status/status-bar.tsx';
import { StoreScreen } from '../status/store-screen.tsx';
import { useMedia } from '../ui/use-media.ts';
import { useApp } from './app-context.ts';
import { MENU_BUTTON_ID } from './menu-button.tsx';
import type { Route } from './route.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { DRAWER_CLOSE_ID, Sidebar } from './sidebar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** The same width as in layout.css. */
const NARROW = '(max-width: 760px)';

const TITLES: Readonly<Record<Exclude<Route['view'], 'chat'>, string>> = {
  documents: 'Documents',
  panels: 'Panels',
  statistics: 'Statistics',
  backups: 'Backups',
};

export function App() {
  const { store, router, drawerOpen } = useApp();
  const phase = useObservable(store.phase);
  const view = useObservable(router.route)?.view ?? 'chat';
  const title = useTitle(view);
  const main = useRef<HTMLElement>(null);
  const isDrawerOpen = useObservable(drawerOpen);
  const isNarrow = useMedia(NARROW);
  const [showsShortcuts, setShowsShortcuts] = useState(false);
  useShortcuts(() => setShowsShortcuts(true));

  // The side that is hidden is inert too, and must not keep the focus.
  const wasOpen = useRef(isDrawerOpen);
  useLayoutEffect(() => {
    if (isNarrow && wasOpen.current !== isDrawerOpen) {
      document.getElementById(isDrawerOpen ? DRAWER_CLOSE_ID : MENU_BUTTON_ID)?.focus();
    }
    wasOpen.current = isDrawerOpen;
  }, [isNarrow, isDrawerOpen]);

  useEffect(() => {
    document.title = title === undefined ? 'flatfile-chat' : `${title} · flatfile-chat`;
  }, [title]);

  return (
    <div class="app" data-drawer={isNarrow && isDrawerOpen ? 'open' : undefined}>
      <button
        type="button"
        class="skip-link"
        onClick={() => (document.getElementById(COMPOSER_ID) ?? main.current)?.focus()}
      >
        {view === 'chat' ? 'Skip to the message field' : 'Skip to the content'}
      </button>
      <Sidebar isHidden={isNarrow && !isDrawerOpen} />
      <div class="backdrop" onClick={() => drawerOpen.set(false)} />
      <main ref={main} class="main" tabIndex={-1} inert={isNarrow && isDrawerOpen}>
        {phase.kind === 'ready' ? <CurrentView view={view} /> : <StoreScreen phase={phase} />}
      </main>
      <StatusBar onShowShortcuts={() => setShowsShortcuts(true)} />
      <NoticeList />
      {showsShortcuts && <ShortcutsDialog onClose={() => setShowsShortcuts(false)} />}
    </div>
  );
}

function CurrentView({ view }: { readonly view: Route['view'] }) {
  switch (view) {
    case 'chat':
      return <ConversationPane />;
    case 'documents':
      return <DocumentsView />;
    case 'panels':
      return <PanelsView />;
    case 'statistics':
      return <StatisticsView />;
    case 'backups':
      return <BackupsView />;
  }
}

/** What is open, for the title of the page. */
function useTitle(view: Route['view']): string | undefined {
  const { conversation, panelRoom } = useApp();
  const conversationTitle = useObservable(conversation.state).subject?.title;
  const panelTitle = useObservable(panelRoom.state).subject?.title;
  if (view === 'chat') return conversationTitle;
  return (view === 'panels' ? panelTitle : undefined) ?? TITLES[view];
}
