import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { COMPOSER_ID } from '../conversation/composer.tsx';
import { MENU_BUTTON_ID } from '../conversation/conversation-header.tsx';
import { ConversationPane } from '../conversation/conversation-pane.tsx';
import { useObservable } from '../state/use-observable.ts';
import { NoticeList } from '../status/notice-list.tsx';
import { StatusBar } from '../status/status-bar.tsx';
import { StoreScreen } from '../status/store-screen.tsx';
import { useMedia } from '../ui/use-media.ts';
import { useApp } from './app-context.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { DRAWER_CLOSE_ID, Sidebar } from './sidebar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

/** The same width as in layout.css. */
const NARROW = '(max-width: 760px)';

export function App() {
  const { store, conversation, drawerOpen } = useApp();
  const phase = useObservable(store.phase);
  const title = useObservable(conversation.state).session?.title;
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
        onClick={() => document.getElementById(COMPOSER_ID)?.focus()}
      >
        Skip to the message field
      </button>
      <Sidebar isHidden={isNarrow && !isDrawerOpen} />
      <div class="backdrop" onClick={() => drawerOpen.set(false)} />
      <main class="main" inert={isNarrow && isDrawerOpen}>
        {phase.kind === 'ready' ? <ConversationPane /> : <StoreScreen phase={phase} />}
      </main>
      <StatusBar onShowShortcuts={() => setShowsShortcuts(true)} />
      <NoticeList />
      {showsShortcuts && <ShortcutsDialog onClose={() => setShowsShortcuts(false)} />}
    </div>
  );
}
