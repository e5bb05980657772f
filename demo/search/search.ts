import type { FFSearchResultDTO, FFStorageManager } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { describeFailure } from '../state/failure.ts';
import { createObservable, type Observable } from '../state/observable.ts';

/** Long enough not to search at every key, short enough to feel immediate. */
const DEBOUNCE_MS = 120;
/** A search in documents waits until new ones have been read: after this, messages go ahead. */
const PATIENCE_MS = 400;
/** Of messages, and of documents. */
export const MAX_HITS = 50;

export interface SearchHit {
  readonly result: FFSearchResultDTO;
  /** The title of the conversation or the panel that it is in. */
  readonly place: string;
}

export interface SearchState {
  readonly query: string;
  /** Only the conversation or the panel that is open. */
  readonly onlySessionId: string | null;
  /** `null` until the first answer; while a newer query runs, the hits of the one before. */
  readonly hits: readonly SearchHit[] | null;
  /** Whether the hits in documents are still to come. */
  readonly isPartial: boolean;
  readonly error: string | null;
}

export interface Search {
  readonly state: Observable<SearchState>;
  setQuery(query: string): void;
  restrictTo(sessionId: string | null): void;
  clear(): void;
}

const CLEARED: SearchState = {
  query: '',
  onlySessionId: null,
  hits: null,
  isPartial: false,
  error: null,
};

export function createSearch(store: ChatStore): Search {
  const state = createObservable(CLEARED);
  let timer: number | undefined;
  let lastRun = 0;

  const run = async (): Promise<void> => {
    const asked = state.value;
    const query = asked.query.trim();
    if (query === '') return;
    lastRun += 1;
    const thisRun = lastRun;
    const isCurrent = (): boolean =>
      thisRun === lastRun &&
      state.value.query === asked.query &&
      state.value.onlySessionId === asked.onlySessionId;
    const options = {
      limit: MAX_HITS,
      sessionIds: asked.onlySessionId === null ? undefined : [asked.onlySessionId],
    };
    const show = async (results: FFSearchResultDTO[], isPartial: boolean): Promise<void> => {
      const hits = await store.read((storage) => withPlaces(storage, results));
      if (isCurrent()) state.set({ ...asked, hits, isPartial, error: null });
    };
    try {
      const inMessages = store.read((storage) => storage.searchMessages(USER_ID, query, options));
      const inDocuments = store.read((storage) => storage.searchDocuments(USER_ID, query, options));
      const both = Promise.all([inMessages, inDocuments]);
      const isLate = await Promise.race([
        both.then(() => false),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(true), PATIENCE_MS)),
      ]);
      if (isLate) await show(await inMessages, true);
      const [messages, documents] = await both;
      await show(bestFirst([...messages, ...documents]), false);
    } catch (error) {
      if (!isCurrent()) return;
      state.set({ ...asked, hits: null, isPartial: false, error: describeFailure(error).message });
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

/** Each kind of hit is scored against the best of its own kind, so the two lists interleave. */
function bestFirst(results: readonly FFSearchResultDTO[]): FFSearchResultDTO[] {
  return results.toSorted((a, b) => b.relevanceScore - a.relevanceScore);
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
