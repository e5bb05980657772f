import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { MessageLink } from '../app/message-link.tsx';
import { useObservable } from '../state/use-observable.ts';
import { formatFull, formatRelative } from '../ui/format-time.ts';
import { plural } from '../ui/plural.ts';
import { moveFocus } from '../ui/roving-focus.ts';
import { speakerName } from '../ui/speaker-name.ts';
import { useNow } from '../ui/use-now.ts';
import { Highlighted } from './highlighted.tsx';
import { MAX_HITS, type SearchHit } from './search.ts';
import { RESULTS_ID, SEARCH_ID } from './search-box.tsx';

/** The hits of a search, best first. Following one shows the message in its conversation. */
export function SearchResults() {
  const { search, router, notices } = useApp();
  const { query, hits, error, onlySessionId } = useObservable(search.state);
  const openId = useObservable(router.route)?.sessionId ?? null;
  const nowMs = useNow();
  const list = useRef<HTMLOListElement>(null);
  const count = hits?.length;

  useEffect(() => {
    if (count !== undefined) notices.announce(countText(count));
  }, [hits]);

  return (
    <section id={RESULTS_ID} class="results" aria-label="Search results">
      <div class="results-head">
        <p>{count === undefined ? 'Searching…' : countText(count)}</p>
        {openId !== null && (
          <label class="results-scope">
            <input
              type="checkbox"
              checked={onlySessionId !== null}
              onChange={(event) => search.restrictTo(event.currentTarget.checked ? openId : null)}
            />
            This conversation only
          </label>
        )}
      </div>
      {error !== null && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {count === 0 && (
        <p class="sidebar-hint">No message holds “{query.trim()}”. Try fewer or other words.</p>
      )}
      <ol
        ref={list}
        class="results-list"
        onKeyDown={(event) => {
          if (list.current === null) return;
          const isFirst = document.activeElement === list.current.querySelector('a');
          if (event.key === 'Escape' || (event.key === 'ArrowUp' && isFirst)) {
            event.stopPropagation();
            event.preventDefault();
            document.getElementById(SEARCH_ID)?.focus();
          } else {
            moveFocus(event, list.current, 'a');
          }
        }}
      >
        {hits?.map((hit) => (
          <li key={`${hit.result.sessionId} ${hit.result.id}`}>
            <MessageLink
              class="result"
              to={{ sessionId: hit.result.sessionId, messageId: hit.result.id }}
            >
              <span class="result-head">
                <span class="result-title" dir="auto">
                  {hit.sessionTitle}
                </span>
                <time
                  dateTime={hit.result.timestamp}
                  title={formatFull(hit.result.timestamp ?? '')}
                >
                  {formatRelative(hit.result.timestamp ?? '', nowMs)}
                </time>
              </span>
              <span class="result-text" dir="auto">
                <span class="result-speaker">{speakerName(hit.result)}: </span>
                <Excerpt hit={hit} />
              </span>
            </MessageLink>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The excerpts of one hit; the words themselves where the match lies elsewhere, as in a name. */
function Excerpt({ hit: { result } }: { readonly hit: SearchHit }) {
  const highlights = result.highlights ?? [];
  if (highlights.length === 0) return <>{result.content}</>;
  return (
    <>
      {highlights.slice(0, 2).map((highlight, index) => (
        <Fragment key={index}>
          {index > 0 && ' … '}
          <Highlighted highlight={highlight} />
        </Fragment>
      ))}
    </>
  );
}

function countText(count: number): string {
  if (count === 0) return 'No results';
  return count === MAX_HITS ? `The best ${MAX_HITS} results` : plural(count, 'result');
}
