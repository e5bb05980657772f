import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import type { Route } from '../app/route.ts';
import { useObservable } from '../state/use-observable.ts';
import { plural } from '../ui/plural.ts';
import { moveFocus } from '../ui/roving-focus.ts';
import { useNow } from '../ui/use-now.ts';
import { MAX_HITS, type SearchHit } from './search.ts';
import { RESULTS_ID, SEARCH_ID } from './search-box.tsx';
import { SearchHitLink } from './search-hit-link.tsx';

/** The hits of a search, best first. Following one shows the message or the document. */
export function SearchResults() {
  const { search, router, notices } = useApp();
  const { query, hits, isPartial, error, onlySessionId } = useObservable(search.state);
  const scope = scopeOf(useObservable(router.route));
  const nowMs = useNow();
  const list = useRef<HTMLOListElement>(null);
  const count = hits?.length;

  useEffect(() => {
    if (count !== undefined) notices.announce(countText(count));
  }, [hits]);

  return (
    <section id={RESULTS_ID} class="results" aria-label="Search results">
      <div class="results-head">
        <p>
          {count === undefined ? 'Searching…' : countText(count)}
          {isPartial && ', documents still being read…'}
        </p>
        {(scope !== null || onlySessionId !== null) && (
          <label class="results-scope">
            <input
              type="checkbox"
              checked={onlySessionId !== null}
              onChange={(event) =>
                search.restrictTo(event.currentTarget.checked ? (scope?.id ?? null) : null)
              }
            />
            {/* Following a hit may have led out of what the search is restricted to. */}
            {scope === null || (onlySessionId ?? scope.id) !== scope.id
              ? 'One conversation only'
              : scope.label}
          </label>
        )}
      </div>
      {error !== null && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {count === 0 && !isPartial && (
        <p class="sidebar-hint">Nothing holds “{query.trim()}”. Try fewer or other words.</p>
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
          <li key={keyOf(hit)}>
            <SearchHitLink hit={hit} nowMs={nowMs} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What a search can be restricted to: the conversation or the panel that is open. */
function scopeOf(route: Route | null): { readonly id: string; readonly label: string } | null {
  if (route?.view === 'chat') return { id: route.sessionId, label: 'This conversation only' };
  if (route?.view === 'panels' && route.panelId !== undefined) {
    return { id: route.panelId, label: 'This panel only' };
  }
  return null;
}

function countText(count: number): string {
  if (count === 0) return 'No results';
  return count >= MAX_HITS ? `The best ${count} results` : plural(count, 'result');
}

function keyOf({ result: { type, sessionId, id, chunk } }: SearchHit): string {
  return [type, sessionId, id, chunk?.index ?? ''].join(' ');
}
