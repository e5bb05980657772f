import type { FFSessionDTO } from 'flatfile-chat';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { MenuButton } from '../app/menu-button.tsx';
import { DeleteConversationDialog } from '../sessions/delete-conversation-dialog.tsx';
import { RenameForm } from '../sessions/rename-form.tsx';
import { formatRelative } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { plural } from '../ui/plural.ts';
import { useNow } from '../ui/use-now.ts';

export function ConversationHeader({ session }: { readonly session: FFSessionDTO | null }) {
  const { sessions, notices } = useApp();
  const nowMs = useNow();
  const [isRenaming, setRenaming] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const renameButton = useRef<HTMLButtonElement>(null);
  const sessionId = session?.sessionId;

  // A title being edited belongs to its conversation, not to the next one.
  useEffect(() => setRenaming(false), [sessionId]);

  return (
    <header class="conversation-header">
      <MenuButton />
      {session === null ? (
        <div class="conversation-heading" />
      ) : (
        <>
          <div class="conversation-heading">
            {isRenaming ? (
              <RenameForm
                title={session.title}
                onRename={(title) =>
                  void sessions.rename(session.sessionId, title).catch(notices.showError)
                }
                onDone={({ byKeyboard }) => {
                  setRenaming(false);
                  if (byKeyboard) renameButton.current?.focus();
                }}
              />
            ) : (
              <h1 dir="auto" title={session.title} onDblClick={() => setRenaming(true)}>
                {session.title}
              </h1>
            )}
            <p class="conversation-meta">
              {plural(session.messageCount, 'message')} · last active{' '}
              {formatRelative(session.updatedAt, nowMs)}
            </p>
          </div>
          <button
            ref={renameButton}
            type="button"
            class="icon-button"
            aria-label="Rename this conversation"
            title="Rename"
            onClick={() => setRenaming(true)}
          >
            <Icon name="pencil" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Delete this conversation"
            title="Delete"
            onClick={() => setDeleting(true)}
          >
            <Icon name="trash" />
          </button>
        </>
      )}
      {isDeleting && session !== null && (
        <DeleteConversationDialog session={session} onDone={() => setDeleting(false)} />
      )}
    </header>
  );
}
