import type { FFSessionDTO } from 'flatfile-chat';
import { routeHref } from '../app/route.ts';
import { formatFull, formatRelative } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { plural } from '../ui/plural.ts';
import { RenameForm } from './rename-form.tsx';

export interface SessionRowProps {
  readonly session: FFSessionDTO;
  readonly nowMs: number;
  readonly isActive: boolean;
  /** Whether the Tab key stops here: one row of the list does, the arrow keys reach the others. */
  readonly isTabStop: boolean;
  readonly isRenaming: boolean;
  onOpen(): void;
  onFocus(): void;
  onRenameStart(): void;
  onRename(title: string): void;
  onRenameDone(how: { readonly byKeyboard: boolean }): void;
  onDelete(): void;
}

export function SessionRow(props: SessionRowProps) {
  const { session, nowMs, isActive, isTabStop, isRenaming } = props;
  const { sessionId, title, messageCount, updatedAt } = session;
  const tabIndex = isTabStop ? 0 : -1;

  return (
    <li
      class="session"
      data-session-id={sessionId}
      data-active={isActive ? '' : undefined}
      onFocusIn={props.onFocus}
    >
      {isRenaming ? (
        <RenameForm title={title} onRename={props.onRename} onDone={props.onRenameDone} />
      ) : (
        <>
          <a
            class="session-link"
            href={routeHref({ view: 'chat', sessionId })}
            aria-current={isActive ? 'page' : undefined}
            aria-keyshortcuts="F2 Delete"
            tabIndex={tabIndex}
            onClick={props.onOpen}
          >
            <span class="session-title" dir="auto">
              {title}
            </span>
            <span class="session-meta">
              {plural(messageCount, 'message')} ·{' '}
              <time dateTime={updatedAt} title={formatFull(updatedAt)}>
                {formatRelative(updatedAt, nowMs)}
              </time>
            </span>
          </a>
          <span class="session-actions">
            <button
              type="button"
              class="icon-button"
              aria-label={`Rename “${title}”`}
              title="Rename (F2)"
              tabIndex={tabIndex}
              onClick={props.onRenameStart}
            >
              <Icon name="pencil" />
            </button>
            <button
              type="button"
              class="icon-button"
              aria-label={`Delete “${title}”`}
              title="Delete (Del)"
              tabIndex={tabIndex}
              onClick={props.onDelete}
            >
              <Icon name="trash" />
            </button>
          </span>
        </>
      )}
    </li>
  );
}
