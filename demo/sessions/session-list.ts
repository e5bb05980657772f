import type { FFSessionDTO } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';

/** The title that a conversation has until its first message gives it a better one. */
export const UNTITLED = 'New conversation';

const PAGE_SIZE = 100;

export interface SessionListState {
  /** Newest activity first. */
  readonly sessions: readonly FFSessionDTO[];
  readonly hasMore: boolean;
  /** Whether the list has been read at all: an empty one looks different from an unread one. */
  readonly known: boolean;
}

export interface SessionList {
  readonly state: Observable<SessionListState>;
  refresh(): Promise<void>;
  showMore(): Promise<void>;
  create(): Promise<string>;
  rename(sessionId: string, title: string): Promise<void>;
  remove(sessionId: string): Promise<void>;
}

export function createSessionList(store: ChatStore): SessionList {
  const state = createObservable<SessionListState>({ sessions: [], hasMore: false, known: false });
  let wanted = PAGE_SIZE;

  const refresh = createCoalesced(async () => {
    // One more than is shown tells whether there is more.
    const limit = wanted;
    const found = await store.read((storage) =>
      storage.listSessions(USER_ID, { limit: limit + 1 }),
    );
    state.set({
      sessions: found.slice(0, limit),
      hasMore: found.length > limit,
      known: true,
    });
  });

  // A failed read of the list has already moved the store to its failed phase, or will be repeated
  // by the next change.
  store.onChange(() => void refresh().catch(() => undefined));

  return {
    state,
    refresh,
    showMore() {
      wanted += PAGE_SIZE;
      return refresh();
    },
    create: () => store.write((storage) => storage.createSession(USER_ID, UNTITLED)),
    async rename(sessionId, title) {
      await store.write((storage) => storage.updateSession(USER_ID, sessionId, { title }));
    },
    async remove(sessionId) {
      await store.write((storage) => storage.deleteSession(USER_ID, sessionId));
    },
  };
}
