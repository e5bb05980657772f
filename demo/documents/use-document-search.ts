import type { FFSearchResultDTO } from 'flatfile-chat';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { USER_ID } from '../state/chat-store.ts';
import { describeFailure } from '../state/failure.ts';

const DEBOUNCE_MS = 150;

export interface DocumentHits {
  /** `null` until the first answer; while a newer query runs, the hits of the one before. */
  readonly hits: readonly FFSearchResultDTO[] | null;
  readonly error: string | null;
}

const NONE: DocumentHits = { hits: null, error: null };

/** What the texts of the documents hold, of one conversation or of all. An empty query finds nothing. */
export function useDocumentSearch(query: string, sessionId: string | undefined): DocumentHits {
  const { store } = useApp();
  const [found, setFound] = useState(NONE);
  const [changes, setChanges] = useState(0);
  const asked = query.trim();

  useEffect(() => store.onChange(() => setChanges((count) => count + 1)), []);

  useEffect(() => {
    if (asked === '') {
      setFound(NONE);
      return;
    }
    let isOutdated = false;
    const run = async (): Promise<void> => {
      try {
        const hits = await store.read((storage) =>
          storage.searchDocuments(USER_ID, asked, {
            sessionIds: sessionId === undefined ? undefined : [sessionId],
          }),
        );
        if (!isOutdated) setFound({ hits, error: null });
      } catch (error) {
        if (!isOutdated) setFound({ hits: null, error: describeFailure(error).message });
      }
    };
    const timer = setTimeout(() => void run(), DEBOUNCE_MS);
    return () => {
      isOutdated = true;
      clearTimeout(timer);
    };
  }, [asked, sessionId, changes]);

  return found;
}
