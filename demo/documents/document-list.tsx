import type { FFDocumentDTO } from 'flatfile-chat';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import type { DocumentsRoute } from '../app/route.ts';
import { useObservable } from '../state/use-observable.ts';
import { formatBytes } from '../ui/format-bytes.ts';
import { useNow } from '../ui/use-now.ts';
import { DocumentRow } from './document-row.tsx';

const PAGE_SIZE = 100;

export interface DocumentListProps {
  readonly documents: readonly FFDocumentDTO[];
  /** The conversation that the list is about; all when absent. */
  readonly sessionId: string | undefined;
  /** The document to point out. */
  readonly target: DocumentsRoute | null;
  titleOf(sessionId: string): string | undefined;
}

/** Documents, newest first, and above them the files that are being stored. */
export function DocumentList({ documents, sessionId, target, titleOf }: DocumentListProps) {
  const { documents: model, notices } = useApp();
  const { uploads, known } = useObservable(model.state);
  const nowMs = useNow();
  const list = useRef<HTMLUListElement>(null);
  const [limit, setLimit] = useState(PAGE_SIZE);
  const storing = uploads.filter((upload) => (sessionId ?? upload.sessionId) === upload.sessionId);
  const targetIndex = documents.findIndex(({ documentId }) => documentId === target?.documentId);
  const isMissing = known && target !== null && targetIndex < 0;

  useEffect(() => {
    if (isMissing) notices.show('That document no longer exists.');
  }, [isMissing, target]);

  if (!known) return <div class="documents" aria-busy="true" />;
  if (documents.length === 0 && storing.length === 0) {
    return <p class="view-empty">No documents yet.</p>;
  }
  return (
    <>
      <ul ref={list} class="documents" aria-label="Documents" tabIndex={-1}>
        {storing.map(({ id, name, size }) => (
          <li key={`upload ${id}`} class="document" aria-busy="true">
            <span class="document-icon">
              <span class="spinner" aria-hidden="true" />
            </span>
            <div class="document-about">
              <h2 class="document-name" dir="auto">
                {name}
              </h2>
              <p class="document-meta">{formatBytes(size)}</p>
              <p class="document-text" data-status="pending">
                Storing…
              </p>
            </div>
          </li>
        ))}
        {documents.slice(0, Math.max(limit, targetIndex + 1)).map((document) => (
          <DocumentRow
            key={document.documentId}
            document={document}
            conversationTitle={titleOf(document.sessionId)}
            nowMs={nowMs}
            target={document.documentId === target?.documentId ? target : null}
            onDeleted={() => list.current?.focus()}
          />
        ))}
      </ul>
      {documents.length > limit && (
        <button
          type="button"
          class="button button-quiet show-more"
          onClick={() => setLimit((current) => current + PAGE_SIZE)}
        >
          Show more documents
        </button>
      )}
    </>
  );
}
