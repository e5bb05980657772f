import type { FFSearchResultDTO } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { describeFailure } from '../state/failure.ts';
import { createObservable, type Observable } from '../state/observable.ts';

/** Long enough not to search at every key, short enough to feel immediate. */
const DEBOUNCE_MS = 120;
export const MAX_HITS = 50;

export interface SearchHit {
  readonly result: FFSearchResultDTO;
  readonly sessionTitle: string;
}

export interface SearchState {
  readonly query: string;
  /** Only the conversation that is open. */
  readonly onlySessionId: string | null;
  /** `null` until the first answer; while a newer query runs, the hits of the one before. */
  readonly hits: readonly SearchHit[] | null;
  readonly error: string | null;
}

export interface Search {
  readonly state: Observable<SearchState>;
  setQuery(query: string): void;
  restrictTo(sessionId: string | null): void;
  clear(): void;
}

const CLEARED: SearchState = { query: '', onlySessionId: null, hits: null, error: null };

export function createSearch(store: ChatStore): Search {
  const state = createObservable(CLEARED);
  let timer: number | undefined;

  const run = async (): Promise<void> => {
    const asked = state.value;
    const query = asked.query.trim();
    if (query === '') return;
    const isCurrent = (): boolean =>
      state.value.query === asked.query && state.value.onlySessionId === asked.onlySessionId;
    try {
      const hits = await store.read(async (storage) => {
        const results = await storage.searchMessages(USER_ID, query, {
          limit: MAX_HITS,
          sessionIds: asked.onlySessionId === null ? undefined : [asked.onlySessionId],
        });
        const sessionIds = [...new Set(results.map((result) => result.sessionId))];
        const sessions = await Promise.all(sessionIds.map((id) => storage.getSession(USER_ID, id)));
        const titlesById = new Map(sessions.map((session) => [session?.sessionId, session?.title]));
        return results.map((result) => ({
          result,
          sessionTitle: titlesById.get(result.sessionId) ?? '',
        }));
      });
      if (isCurrent()) state.set({ ...asked, hits, error: null });
    } catch (error) {
      if (isCurrent()) state.set({ ...asked, hits: null, error: describeFailure(error).message });
    }
  };

  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), DEBOUNCE_MS);
  };
  store.onChange(() => {
    if (state.value.query !== '') schedule();
  });

  return {
    state,
    setQuery(query) {
      if (query.trim() === '') {
        clearTimeout(timer);
        state.set({ ...CLEARED, query, onlySessionId: state.value.onlySessionId });
        return;
      }
      state.update((current) => ({ ...current, query }));
      schedule();
    },
    restrictTo(onlySessionId) {
      state.update((current) => ({ ...current, onlySessionId }));
      schedule();
    },
    clear() {
      clearTimeout(timer);
      state.set(CLEARED);
    },
  };
}
