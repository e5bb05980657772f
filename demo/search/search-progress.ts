import type { FFPerformanceMetricsDTO } from 'flatfile-chat';
import type { ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';

const POLL_EVERY_MS = 400;
/** A model that has failed is tried again by the store, after half a minute. */
const POLL_FAILED_EVERY_MS = 5_000;

/** How far the index has come, and how the embedding model is doing. */
export type SearchProgressState = Pick<FFPerformanceMetricsDTO, 'index' | 'embedding'>;

export interface SearchProgress {
  /** `null` until it has been asked for. */
  readonly state: Observable<SearchProgressState | null>;
  refresh(): Promise<void>;
}

/** Asks after each change, and again until nothing is left to be done. */
export function createSearchProgress(store: ChatStore): SearchProgress {
  const state = createObservable<SearchProgressState | null>(null);
  let timer: number | undefined;

  const refresh = createCoalesced(async () => {
    clearTimeout(timer);
    const { index, embedding } = await store.read((storage) => storage.getPerformanceMetrics());
    state.set({ index, embedding });
    if (isSettled(state.value)) return;
    askLater(embedding.status === 'failed' ? POLL_FAILED_EVERY_MS : POLL_EVERY_MS);
  });

  const askLater = (delayMs: number): void => {
    clearTimeout(timer);
    // A failure shows in the store's phase; what was known last stays.
    timer = setTimeout(() => void refresh().catch(() => undefined), delayMs);
  };

  store.onChange(() => askLater(POLL_EVERY_MS));
  return { state, refresh };
}

/** Whether everything can be found, as far as it ever will be. */
export function isSettled(progress: SearchProgressState | null): boolean {
  if (progress === null) return false;
  const { index, embedding } = progress;
  const isEmbedded = embedding.status === 'ready' || embedding.status === 'off';
  return index.status === 'ready' && isEmbedded;
}

/** What keeps the search by meaning from being complete, in words; `null` when nothing does. */
export function embeddingHint({ embedding }: SearchProgressState): string | null {
  const { status, embedded, pending, download, error } = embedding;
  switch (status) {
    case 'ready':
      return null;
    case 'off':
      return 'Search by meaning is off';
    case 'loading':
      return `Loading the model${download === undefined ? '' : percentOf(download)}`;
    case 'embedding':
      return `Embedding ${count(embedded)} of ${count(embedded + pending)}`;
    case 'failed':
      return `No search by meaning: ${error ?? 'the model cannot be used'}`;
  }
}

function percentOf({ doneBytes, totalBytes }: { doneBytes: number; totalBytes?: number }): string {
  return totalBytes === undefined ? '' : ` ${Math.floor((doneBytes / totalBytes) * 100)} %`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
