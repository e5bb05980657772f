import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { USER_ID } from '../state/chat-store.ts';
import { useObservable } from '../state/use-observable.ts';

/** The titles of conversations by their ids, of those too that the sidebar does not list. */
export function useTitles(sessionIds: readonly string[]): ReadonlyMap<string, string> {
  const { sessions, store } = useApp();
  const { sessions: listed } = useObservable(sessions.state);
  const [further, setFurther] = useState<ReadonlyMap<string, string>>(new Map());
  const titles = new Map([
    ...further,
    ...listed.map(({ sessionId, title }) => [sessionId, title] as const),
  ]);
  const missing = [...new Set(sessionIds)].filter((id) => !titles.has(id)).sort();

  useEffect(() => {
    if (missing.length === 0) return;
    const read = store.read((storage) =>
      Promise.all(missing.map((id) => storage.getSession(USER_ID, id))),
    );
    read
      .then((found) =>
        setFurther((known) => {
          const all = new Map(known);
          for (const session of found) if (session) all.set(session.sessionId, session.title);
          return all;
        }),
      )
      // Without its title a conversation is called just that.
      .catch(() => undefined);
  }, [missing.join(' ')]);

  return titles;
}
