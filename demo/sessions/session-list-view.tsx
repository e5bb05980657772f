import type { FFSessionDTO } from 'flatfile-chat';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { chatOf } from '../app/route.ts';
import { useObservable } from '../state/use-observable.ts';
import { moveFocus } from '../ui/roving-focus.ts';
import { useNow } from '../ui/use-now.ts';
import { DeleteConversationDialog } from './delete-conversation-dialog.tsx';
import { SessionRow } from './session-row.tsx';

/** All conversations. Arrow keys move, Enter opens, F2 renames, Delete deletes. */
export function SessionListView() {
  const { sessions, router, drawerOpen, notices } = useApp();
  const { sessions: listed, hasMore, known } = useObservable(sessions.state);
  const activeId = chatOf(useObservable(router.route))?.sessionId;
  const nowMs = useNow();
  const list = useRef<HTMLUListElement>(null);
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const [renamingId, setRenamingId] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<FFSessionDTO | null>(null);

  // Whose link gets the focus after the next render, because what had it is gone.
  const wantsFocus = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (wantsFocus.current === null) return;
    const row = rowOf(list.current, wantsFocus.current);
    wantsFocus.current = null;
    row?.querySelector('a')?.focus();
  });

  const rename = async (sessionId: string, title: string): Promise<void> => {
    try {
      await sessions.rename(sessionId, title);
      notices.announce(`Renamed to ${title}`);
    } catch (error) {
      notices.showError(error);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (list.current === null || moveFocus(event, list.current, '.session-link')) return;
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('li') : null;
    const session = listed.find(({ sessionId }) => sessionId === row?.dataset['sessionId']);
    if (session === undefined) return;
    if (event.key === 'F2') setRenamingId(session.sessionId);
    if (event.key === 'Delete') setDeleting(session);
  };

  if (!known) return <SessionListPlaceholder />;
  if (listed.length === 0) return <p class="sidebar-hint">No conversations yet.</p>;

  const isListed = (id: string | null | undefined): boolean =>
    listed.some((session) => session.sessionId === id);
  const tabStopId = [focusedId, activeId].find(isListed) ?? listed[0]?.sessionId;

  return (
    <nav class="session-nav" aria-label="Conversations">
      <ul ref={list} class="session-list" onKeyDown={onKeyDown}>
        {listed.map((session) => {
          const { sessionId } = session;
          return (
            <SessionRow
              key={sessionId}
              session={session}
              nowMs={nowMs}
              isActive={sessionId === activeId}
              isTabStop={sessionId === tabStopId}
              isRenaming={sessionId === renamingId}
              onOpen={() => drawerOpen.set(false)}
              onFocus={() => setFocusedId(sessionId)}
              onRenameStart={() => setRenamingId(sessionId)}
              onRename={(title) => void rename(sessionId, title)}
              onRenameDone={({ byKeyboard }) => {
                if (byKeyboard) wantsFocus.current = sessionId;
                setRenamingId(null);
              }}
              onDelete={() => setDeleting(session)}
            />
          );
        })}
      </ul>
      {hasMore && (
        <button
          type="button"
          class="button button-quiet show-more"
          onClick={() => void sessions.showMore().catch(notices.showError)}
        >
          Show more conversations
        </button>
      )}
      {deleting !== null && (
        <DeleteConversationDialog
          session={deleting}
          onDone={(deleted) => {
            const index = listed.findIndex(({ sessionId }) => sessionId === deleting.sessionId);
            const next = deleted ? (listed[index + 1] ?? listed[index - 1]) : deleting;
            wantsFocus.current = next?.sessionId ?? null;
            setDeleting(null);
          }}
        />
      )}
    </nav>
  );
}

function SessionListPlaceholder() {
  return (
    <ul class="session-list" aria-hidden="true">
      {[62, 84, 48, 71].map((width) => (
        <li key={width} class="session-placeholder">
          <span style={{ width: `${width}%` }} />
          <span style={{ width: '38%' }} />
        </li>
      ))}
    </ul>
  );
}

/** By comparison rather than by selector: ids are opaque and may hold any character. */
function rowOf(list: HTMLElement | null, sessionId: string): HTMLElement | undefined {
  const rows = list?.querySelectorAll<HTMLElement>('.session') ?? [];
  return [...rows].find((row) => row.dataset['sessionId'] === sessionId);
}
