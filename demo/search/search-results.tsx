import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { plural } from '../ui/plural.ts';
import { moveFocus } from '../ui/roving-focus.ts';
import { useNow } from '../ui/use-now.ts';
import { MAX_HITS, type SearchHit } from './search.ts';
import { RESULTS_ID, SEARCH_ID } from './search-box.tsx';
import { SearchHitLink } from './search-hit-link.tsx';
import { SearchOptions } from './search-options.tsx';
import { embeddingHint } from './search-progress.ts';

const NOTHING_BY_MODE = {
  text: 'Nothing holds',
  vector: 'Nothing is like',
  hybrid: 'Nothing holds or is like',
} as const;

/** The hits of a search, best first. Following one shows the message or the document. */
export function SearchResults() {
  const { search, searchProgress, notices } = useApp();
  const { query, mode, hits, isPartial, error } = useObservable(search.state);
  const progress = useObservable(searchProgress.state);
  const hint = mode === 'text' || progress === null ? null : embeddingHint(progress);
  const nowMs = useNow();
  const list = useRef<HTMLOListElement>(null);
  const count = hits?.length;

  useEffect(() => {
    if (count !== undefined) notices.announce(countText(count));
  }, [hits]);

  return (
    <section id={RESULTS_ID} class="results" aria-label="Search results">
      <SearchOptions />
      <div class="results-head">
        {error === null && (
          <p>
            {count === undefined ? 'Searching…' : countText(count)}
            {isPartial && ', documents still being read…'}
          </p>
        )}
        {hint !== null && <p>{hint}</p>}
      </div>
      {error !== null && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {count === 0 && !isPartial && (
        <p class="sidebar-hint">
          {NOTHING_BY_MODE[mode]} “{query.trim()}”. Try fewer or other words.
        </p>
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

function countText(count: number): string {
  if (count === 0) return 'No results';
  return count >= MAX_HITS ? `The best ${count} results` : plural(count, 'result');
}

function keyOf({ result: { type, sessionId, id, chunk } }: SearchHit): string {
  return [type, sessionId, id, chunk?.index ?? ''].join(' ');
}
