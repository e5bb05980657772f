import {
  FFSessionNotFoundError,
  type FFPerformanceMetricsDTO,
  type FFStorageManager,
  type FFStorageStatsDTO,
  type FFUserStatsDTO,
} from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';

/** Writes that come within this time are counted together. */
const COUNT_EVERY_MS = 500;
/** Each conversation is asked for its own figures, so that not all of them can be. */
const MAX_MEASURED_SESSIONS = 200;

/** How long messages are, in the conversations with the newest activity. */
export interface MessageLength {
  readonly averageCharacters: number;
  readonly measuredSessions: number;
}

export interface StatisticsState {
  readonly user: FFUserStatsDTO;
  readonly storage: FFStorageStatsDTO;
  readonly performance: FFPerformanceMetricsDTO;
  readonly messageLength: MessageLength;
}

export interface Statistics {
  /** `null` until it has been read. */
  readonly state: Observable<StatisticsState | null>;
  refresh(): Promise<void>;
  /** Reads now and again after changes, until the returned function is called. */
  watch(onError: (error: unknown) => void): () => void;
}

export function createStatistics(store: ChatStore): Statistics {
  const state = createObservable<StatisticsState | null>(null);

  const refresh = createCoalesced(async () => {
    state.set(
      await store.read(async (storage) => {
        const [user, stored, performance, messageLength] = await Promise.all([
          storage.getUserStats(USER_ID),
          storage.getStorageStats(),
          storage.getPerformanceMetrics(),
          measureMessages(storage),
        ]);
        return { user, storage: stored, performance, messageLength };
      }),
    );
  });

  return {
    state,
    refresh,
    watch(onError) {
      let timer: number | undefined;
      const unsubscribe = store.onChange(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          // The next change reads again; only the first reading must not fail in silence.
          void refresh().catch(() => undefined);
        }, COUNT_EVERY_MS);
      });
      void refresh().catch(onError);
      return () => {
        unsubscribe();
        clearTimeout(timer);
      };
    },
  };
}

async function measureMessages(storage: FFStorageManager): Promise<MessageLength> {
  const sessions = await storage.listSessions(USER_ID, { limit: MAX_MEASURED_SESSIONS });
  const measured = await Promise.all(
    sessions.map(({ sessionId }) => storage.getSessionStats(USER_ID, sessionId).catch(goneIsNull)),
  );
  let characters = 0;
  let messages = 0;
  for (const stats of measured) {
    characters += stats?.characters ?? 0;
    messages += stats?.messageCount ?? 0;
  }
  return {
    averageCharacters: messages === 0 ? 0 : characters / messages,
    measuredSessions: measured.length,
  };
}

/** A conversation may be deleted between being listed and being measured. */
function goneIsNull(error: unknown): null {
  if (error instanceof FFSessionNotFoundError) return null;
  throw error;
}
