import type { FFSearchMode } from 'flatfile-chat';
import { useApp } from '../app/app-context.ts';
import type { Route } from '../app/route.ts';
import { useObservable } from '../state/use-observable.ts';
import { SPEAKERS, type Speaker } from './search.ts';

const MODES: readonly (readonly [mode: FFSearchMode, label: string, about: string])[] = [
  ['hybrid', 'Both', 'What holds the words, and what means something like it'],
  ['text', 'Words', 'What holds the words'],
  ['vector', 'Meaning', 'What means something like it, whatever its words'],
];

const SPEAKER_LABELS: Readonly<Record<Speaker, string>> = {
  anyone: 'By anyone',
  user: 'By you',
  assistant: 'By assistants',
};

/** How to search: by what, said by whom, and where. */
export function SearchOptions() {
  const { search, router } = useApp();
  const { mode, speaker, onlySessionId } = useObservable(search.state);
  const scope = scopeOf(useObservable(router.route));
  return (
    <div class="search-options">
      <fieldset class="search-modes">
        <legend class="visually-hidden">Search by</legend>
        {MODES.map(([option, label, about]) => (
          <label key={option} title={about}>
            <input
              class="visually-hidden"
              type="radio"
              name="search-mode"
              value={option}
              checked={option === mode}
              onChange={() => search.choose({ mode: option })}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <select
        class="search-speaker"
        aria-label="Said by"
        value={speaker}
        onChange={({ currentTarget: { value } }) =>
          search.choose({ speaker: SPEAKERS.find((known) => known === value) ?? 'anyone' })
        }
      >
        {SPEAKERS.map((option) => (
          <option key={option} value={option}>
            {SPEAKER_LABELS[option]}
          </option>
        ))}
      </select>
      {(scope !== null || onlySessionId !== null) && (
        <label class="search-scope">
          <input
            type="checkbox"
            checked={onlySessionId !== null}
            onChange={(event) =>
              search.choose({
                onlySessionId: event.currentTarget.checked ? (scope?.id ?? null) : null,
              })
            }
          />
          {/* Following a hit may have led out of what the search is restricted to. */}
          {scope === null || (onlySessionId ?? scope.id) !== scope.id
            ? 'Only one chat'
            : scope.label}
        </label>
      )}
    </div>
  );
}

/** What a search can be restricted to: the conversation or the panel that is open. */
function scopeOf(route: Route | null): { readonly id: string; readonly label: string } | null {
  if (route?.view === 'chat') return { id: route.sessionId, label: 'Only this chat' };
  if (route?.view === 'panels' && route.panelId !== undefined) {
    return { id: route.panelId, label: 'Only this panel' };
  }
  return null;
}
