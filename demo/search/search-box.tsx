import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { Icon } from '../ui/icon.tsx';

export const SEARCH_ID = 'search';
export const RESULTS_ID = 'search-results';

/** Arrow down leads into the results, Escape clears. */
export function SearchBox({ disabled }: { readonly disabled: boolean }) {
  const { search } = useApp();
  const { query } = useObservable(search.state);

  return (
    <div class="search-box" role="search">
      <Icon name="search" />
      <input
        id={SEARCH_ID}
        type="search"
        aria-label="Search messages and documents"
        aria-keyshortcuts="/ Control+K"
        aria-controls={RESULTS_ID}
        placeholder="Search everything"
        autoComplete="off"
        spellcheck={false}
        disabled={disabled}
        value={query}
        onInput={(event) => search.setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && query !== '') {
            event.stopPropagation();
            event.preventDefault();
            search.clear();
          }
          if (event.key === 'ArrowDown') {
            const first = document.querySelector<HTMLElement>(`#${RESULTS_ID} a`);
            if (first === null) return;
            event.preventDefault();
            first.focus();
          }
        }}
      />
      {query === '' ? (
        <kbd aria-hidden="true">/</kbd>
      ) : (
        <button
          type="button"
          class="icon-button"
          aria-label="Clear search"
          title="Clear (Esc)"
          onClick={() => {
            search.clear();
            document.getElementById(SEARCH_ID)?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
