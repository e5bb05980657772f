import { useEffect } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { RouteLink } from '../app/route-link.tsx';
import { Highlighted } from '../search/highlighted.tsx';
import { plural } from '../ui/plural.ts';
import type { DocumentHits } from './use-document-search.ts';

export interface DocumentHitListProps {
  readonly query: string;
  readonly found: DocumentHits;
  /** Whether texts are still being extracted, for which a search waits. */
  readonly isReading: boolean;
  titleOf(sessionId: string): string | undefined;
}

/** The passages that a search found, best first, each leading to its document. */
export function DocumentHitList(props: DocumentHitListProps) {
  const { query, found, isReading, titleOf } = props;
  const { notices } = useApp();
  const { hits, error } = found;

  useEffect(() => {
    if (hits !== null) notices.announce(plural(hits.length, 'passage'));
  }, [hits]);

  if (error !== null) {
    return (
      <p class="field-error" role="alert">
        {error}
      </p>
    );
  }
  if (hits === null) {
    return <p class="view-hint">{isReading ? 'Reading new documents first…' : 'Searching…'}</p>;
  }
  if (hits.length === 0) {
    return <p class="view-hint">No document holds “{query.trim()}”.</p>;
  }
  return (
    <ol class="passages" aria-label="Passages found">
      {hits.map(({ id, sessionId, filename, content, highlights = [], chunk }) => (
        <li key={`${id} ${chunk?.index}`}>
          <RouteLink class="passage" to={{ view: 'documents', sessionId, documentId: id }}>
            <span class="passage-head">
              <span class="passage-name" dir="auto">
                {filename}
              </span>
              <span class="passage-place" dir="auto">
                {titleOf(sessionId)}
              </span>
            </span>
            {(highlights.length === 0 ? [''] : highlights).map((highlight, index) => (
              <span key={index} class="passage-text" dir="auto">
                {highlight === '' ? content : <Highlighted highlight={highlight} />}
              </span>
            ))}
          </RouteLink>
        </li>
      ))}
    </ol>
  );
}
