import type { FFSearchMode, FFSearchResultDTO, FFStorageManager } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { describeFailure } from '../state/failure.ts';
import { createObservable, type Observable } from '../state/observable.ts';

/** Long enough not to search at every key, short enough to feel immediate. */
const DEBOUNCE_MS = 120;
/** A search in documents waits until new ones have been read: after this, messages go ahead. */
const PATIENCE_MS = 400;
export const MAX_HITS = 50;

/** Whose messages are looked at; documents are nobody's. */
export const SPEAKERS = ['anyone', 'user', 'assistant'] as const;

export type Speaker = (typeof SPEAKERS)[number];

export interface SearchHit {
  readonly result: FFSearchResultDTO;
  /** The title of the conversation or the panel that it is in. */
  readonly place: string;
}

/** How to search. */
export interface SearchChoice {
  readonly mode: FFSearchMode;
  readonly speaker: Speaker;
  /** Only the conversation or the panel that is open. */
  readonly onlySessionId: string | null;
}

export interface SearchState extends SearchChoice {
  readonly query: string;
  /** `null` until the first answer; while a newer query runs, the hits of the one before. */
  readonly hits: readonly SearchHit[] | null;
  /** Whether the hits in documents are still to come. */
  readonly isPartial: boolean;
  readonly error: string | null;
}

export interface Search {
  readonly state: Observable<SearchState>;
  setQuery(query: string): void;
  choose(choice: Partial<SearchChoice>): void;
  /** Forgets the query, and where it was restricted to; how it is searched stays. */
  clear(): void;
  /** Searches again: there is more to be found. */
  refresh(): void;
}

const NOTHING_FOUND = { hits: null, isPartial: false, error: null };

const INITIAL: SearchState = {
  query: '',
  mode: 'hybrid',
  speaker: 'anyone',
  onlySessionId: null,
  ...NOTHING_FOUND,
};

export function createSearch(store: ChatStore): Search {
  const state = createObservable(INITIAL);
  let timer: number | undefined;
  let lastRun = 0;

  const run = async (): Promise<void> => {
    const asked = state.value;
    const query = asked.query.trim();
    if (query === '') return;
    lastRun += 1;
    const thisRun = lastRun;
    const isCurrent = (): boolean => thisRun === lastRun && isSameSearch(state.value, asked);
    const { mode, speaker, onlySessionId } = asked;
    const find = (types: FFSearchResultDTO['type'][]): Promise<FFSearchResultDTO[]> =>
      store.read((storage) =>
        storage.search(USER_ID, query, {
          mode,
          types,
          limit: MAX_HITS,
          roles: speaker === 'anyone' ? undefined : [speaker],
          sessionIds: onlySessionId === null ? undefined : [onlySessionId],
        }),
      );
    const show = async (results: FFSearchResultDTO[], isPartial: boolean): Promise<void> => {
      const hits = await store.read((storage) => withPlaces(storage, results));
      if (isCurrent()) state.set({ ...asked, hits, isPartial, error: null });
    };
    try {
      const inAll = find(speaker === 'anyone' ? ['message', 'document'] : ['message']);
      const isLate = await Promise.race([
        inAll.then(() => false),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(true), PATIENCE_MS)),
      ]);
      if (isLate) await show(await find(['message']), true);
      await show(await inAll, false);
    } catch (error) {
      if (!isCurrent()) return;
      state.set({ ...asked, ...NOTHING_FOUND, error: describeFailure(error).message });
    }
  };

  const schedule = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), DEBOUNCE_MS);
  };
  const refresh = (): void => {
    if (state.value.query.trim() !== '') schedule();
  };
  store.onChange(refresh);

  return {
    state,
    setQuery(query) {
      if (query.trim() === '') {
        clearTimeout(timer);
        state.update((current) => ({ ...current, ...NOTHING_FOUND, query }));
        return;
      }
      state.update((current) => ({ ...current, query }));
      schedule();
    },
    choose(choice) {
      state.update((current) => ({ ...current, ...choice }));
      refresh();
    },
    clear() {
      clearTimeout(timer);
      state.update((current) => ({
        ...current,
        ...NOTHING_FOUND,
        query: '',
        onlySessionId: null,
      }));
    },
    refresh,
  };
}

function isSameSearch(one: SearchState, other: SearchState): boolean {
  return (
    one.query === other.query &&
    one.mode === other.mode &&
    one.speaker === other.speaker &&
    one.onlySessionId === other.onlySessionId
  );
}

async function withPlaces(
  storage: FFStorageManager,
  results: readonly FFSearchResultDTO[],
): Promise<SearchHit[]> {
  const resultsByPlace = new Map(results.map((result) => [result.sessionId, result]));
  const places = await Promise.all(
    [...resultsByPlace.values()].map(async ({ sessionId, panelId }) => {
      const place =
        panelId === undefined
          ? await storage.getSession(USER_ID, sessionId)
          : await storage.getPanel(panelId);
      return [sessionId, place?.title ?? ''] as const;
    }),
  );
  const titles = new Map(places);
  return results.map((result) => ({ result, place: titles.get(result.sessionId) ?? '' }));
}
