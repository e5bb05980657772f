import type { FFSearchResultDTO } from 'flatfile-chat';
import { Fragment } from 'preact';
import type { Route } from '../app/route.ts';
import { RouteLink } from '../app/route-link.tsx';
import { formatFull, formatRelative } from '../ui/format-time.ts';
import { Icon } from '../ui/icon.tsx';
import { speakerName } from '../ui/speaker-name.ts';
import { Highlighted } from './highlighted.tsx';
import { SearchReason } from './search-reason.tsx';
import type { SearchHit } from './search.ts';

export interface SearchHitLinkProps {
  readonly hit: SearchHit;
  readonly nowMs: number;
}

/** A hit of any kind: a message, what a persona said, or a passage of a document. */
export function SearchHitLink({ hit: { result, place }, nowMs }: SearchHitLinkProps) {
  const { type, panelId, timestamp, filename } = result;
  const isDocument = type === 'document';
  return (
    <RouteLink class="result" to={routeTo(result)}>
      <span class="result-head">
        {(isDocument || panelId !== undefined) && (
          <>
            <Icon name={isDocument ? 'file' : 'people'} />
            <span class="visually-hidden">{isDocument ? 'Document' : 'Panel'}</span>
          </>
        )}
        <span class="result-title" dir="auto">
          {isDocument ? filename : place}
        </span>
        {isDocument ? (
          <span class="result-place" dir="auto">
            {place}
          </span>
        ) : (
          <time dateTime={timestamp} title={formatFull(timestamp ?? '')}>
            {formatRelative(timestamp ?? '', nowMs)}
          </time>
        )}
      </span>
      <span class="result-text" dir="auto">
        {!isDocument && <span class="result-speaker">{speakerName(result)}: </span>}
        <Excerpt result={result} />
      </span>
      <SearchReason result={result} />
    </RouteLink>
  );
}

function routeTo({ type, id, sessionId, panelId }: FFSearchResultDTO): Route {
  if (type === 'document') return { view: 'documents', sessionId, documentId: id };
  if (panelId !== undefined) return { view: 'panels', panelId, messageId: id };
  return { view: 'chat', sessionId, messageId: id };
}

/** The excerpts of one hit; the words themselves where the match lies elsewhere, as in a name. */
function Excerpt({ result }: { readonly result: FFSearchResultDTO }) {
  const highlights = result.highlights ?? [];
  if (highlights.length === 0) return <>{result.content}</>;
  return (
    <>
      {highlights.slice(0, 2).map((highlight, index) => (
        <Fragment key={index}>
          {index > 0 && ' '}
          <Highlighted highlight={highlight} />
        </Fragment>
      ))}
    </>
  );
}
