import { useApp } from '../app/app-context.ts';
import { RouteLink } from '../app/route-link.tsx';
import { useObservable } from '../state/use-observable.ts';
import { Icon } from '../ui/icon.tsx';
import { textLabel } from './document-kind.ts';

/** The documents of a conversation in one line, each leading to its place in the list of all. */
export function ConversationDocuments({ sessionId }: { readonly sessionId: string }) {
  const { documents } = useApp();
  const { documents: all, uploads } = useObservable(documents.state);
  const own = all.filter((document) => document.sessionId === sessionId);
  const storing = uploads.filter((upload) => upload.sessionId === sessionId);
  if (own.length === 0 && storing.length === 0) return null;

  return (
    <ul class="attached" aria-label="Documents of this conversation">
      {storing.map(({ id, name }) => (
        <li key={`upload ${id}`} class="attached-document" aria-busy="true">
          <span class="spinner" aria-hidden="true" />
          <span class="attached-name" dir="auto">
            {name}
          </span>
          <span class="visually-hidden">Storing…</span>
        </li>
      ))}
      {own.map((document) => {
        const { documentId, originalName, text } = document;
        return (
          <li key={documentId} title={textLabel(document)}>
            <RouteLink class="attached-document" to={{ view: 'documents', sessionId, documentId }}>
              {text.status === 'pending' ? (
                <span class="spinner" aria-hidden="true" />
              ) : (
                <Icon name="file" />
              )}
              <span class="attached-name" dir="auto">
                {originalName}
              </span>
              {text.status === 'pending' && (
                <span class="attached-status">{textLabel(document)}</span>
              )}
            </RouteLink>
          </li>
        );
      })}
    </ul>
  );
}
