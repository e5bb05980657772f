import { createObservable, type Observable } from '../state/observable.ts';

/** What the address names: a conversation, and a message in it when a search hit was followed. */
export interface Route {
  readonly sessionId: string;
  readonly messageId?: string;
}

export interface Router {
  readonly route: Observable<Route | null>;
  go(route: Route | null, how?: { readonly replace?: boolean }): void;
}

const CHAT_PREFIX = '#/chat/';

export function routeHref({ sessionId, messageId }: Route): string {
  const path = [sessionId, ...(messageId === undefined ? [] : [messageId])];
  return CHAT_PREFIX + path.map(encodeURIComponent).join('/');
}

function parseRoute(hash: string): Route | null {
  if (!hash.startsWith(CHAT_PREFIX)) return null;
  try {
    const [sessionId, messageId] = hash
      .slice(CHAT_PREFIX.length)
      .split('/')
      .map(decodeURIComponent);
    if (!sessionId) return null;
    return messageId ? { sessionId, messageId } : { sessionId };
  } catch {
    // A hand-edited address with a broken escape sequence leads nowhere.
    return null;
  }
}

/** Keeps the address and the route in step, so that reload, back and links all work. */
export function createRouter(): Router {
  const route = createObservable(parseRoute(location.hash));
  addEventListener('hashchange', () => route.set(parseRoute(location.hash)));

  return {
    route,
    go(target, { replace = false } = {}) {
      const href = target === null ? location.pathname + location.search : routeHref(target);
      // Neither call fires hashchange, so the route is set here, also when the address stays the
      // same: following a search hit twice has to scroll to it twice.
      if (replace) history.replaceState(null, '', href);
      else if (href !== location.hash) history.pushState(null, '', href);
      route.set(target === null ? null : { ...target });
    },
  };
}
