import type { FFDocumentDTO } from 'flatfile-chat';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { RouteLink } from '../app/route-link.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { formatBytes } from '../ui/format-bytes.ts';
import { formatFull, formatRelative } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { kindLabel, previewKind, textLabel } from './document-kind.ts';
import { DocumentPreview } from './document-preview.tsx';
import { saveAs } from './save-as.ts';

export interface DocumentRowProps {
  readonly document: FFDocumentDTO;
  readonly conversationTitle: string | undefined;
  readonly nowMs: number;
  /** A new object whenever the document is to be pointed out. */
  readonly target: object | null;
  onDeleted(): void;
}

export function DocumentRow(props: DocumentRowProps) {
  const { document: file, conversationTitle, nowMs, target, onDeleted } = props;
  const { documents, router, notices } = useApp();
  const [isDeleting, setDeleting] = useState(false);
  const [isShown, setShown] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const { sessionId, originalName, size, uploadedAt, text } = file;

  useLayoutEffect(() => {
    if (target === null) return;
    row.current?.scrollIntoView({ block: 'center' });
    row.current?.focus({ preventScroll: true });
  }, [target]);

  const download = async (): Promise<void> => {
    try {
      const content = await documents.content(file);
      if (content === null) notices.show(`“${originalName}” was stored without content.`);
      else saveAs(content, originalName);
    } catch (error) {
      notices.showError(error);
    }
  };

  const remove = async (): Promise<void> => {
    setDeleting(false);
    // Left before it is gone, so that nothing looks for it in vain.
    if (target !== null) router.go({ view: 'documents' }, { replace: true });
    try {
      await documents.remove(file);
      notices.announce(`${originalName} deleted`);
      onDeleted();
    } catch (error) {
      notices.showError(error);
    }
  };

  return (
    <li ref={row} class="document" tabIndex={-1} data-target={target === null ? undefined : ''}>
      <span class="document-icon">
        <Icon name="file" />
      </span>
      <div class="document-about">
        <h2 class="document-name" dir="auto">
          {originalName}
        </h2>
        <p class="document-meta">
          {kindLabel(file)} · {formatBytes(size)} ·{' '}
          <time dateTime={uploadedAt} title={formatFull(uploadedAt)}>
            {formatRelative(uploadedAt, nowMs)}
          </time>
          {' · '}
          <RouteLink class="document-place" to={{ view: 'chat', sessionId }}>
            {conversationTitle ?? 'Conversation'}
          </RouteLink>
        </p>
        <p class="document-text" data-status={text.status}>
          {textLabel(file)}
        </p>
      </div>
      <div class="document-actions">
        {previewKind(file) !== null && (
          <button
            type="button"
            class="icon-button"
            aria-label={`Open “${originalName}”`}
            title="Open"
            onClick={() => setShown(true)}
          >
            <Icon name="eye" />
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          aria-label={`Download “${originalName}”`}
          title="Download"
          onClick={() => void download()}
        >
          <Icon name="download" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Delete “${originalName}”`}
          title="Delete"
          onClick={() => setDeleting(true)}
        >
          <Icon name="trash" />
        </button>
      </div>
      {isShown && <DocumentPreview document={file} onClose={() => setShown(false)} />}
      {isDeleting && (
        <ConfirmDialog
          title="Delete this document?"
          text={`“${originalName}” will be deleted from this device. This cannot be undone.`}
          action="Delete"
          onConfirm={() => void remove()}
          onCancel={() => setDeleting(false)}
        />
      )}
    </li>
  );
}
