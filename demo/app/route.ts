import { createObservable, type Observable } from '../state/observable.ts';

/** What the address names: one of the views, and what is to be seen in it. */
export type Route = ChatRoute | DocumentsRoute | PanelsRoute | PlainRoute;

/** A conversation, and a message in it when a search hit was followed. */
export interface ChatRoute {
  readonly view: 'chat';
  readonly sessionId: string;
  readonly messageId?: string;
}

/** All documents, those of one conversation, or one document pointed out among all. */
export interface DocumentsRoute {
  readonly view: 'documents';
  readonly sessionId?: string;
  readonly documentId?: string;
}

/** All panels, or one, and a message in it when a search hit was followed. */
export interface PanelsRoute {
  readonly view: 'panels';
  readonly panelId?: string;
  readonly messageId?: string;
}

interface PlainRoute {
  readonly view: 'statistics' | 'backups';
}

export interface Router {
  readonly route: Observable<Route | null>;
  go(route: Route | null, how?: { readonly replace?: boolean }): void;
}

export function routeHref(route: Route): string {
  const path = [route.view, ...idsOf(route).filter((id) => id !== undefined)];
  return `#/${path.map(encodeURIComponent).join('/')}`;
}

function idsOf(route: Route): (string | undefined)[] {
  switch (route.view) {
    case 'chat':
      return [route.sessionId, route.messageId];
    case 'documents':
      return [route.sessionId, route.documentId];
    case 'panels':
      return [route.panelId, route.messageId];
    case 'statistics':
    case 'backups':
      return [];
  }
}

function parseRoute(hash: string): Route | null {
  if (!hash.startsWith('#/')) return null;
  try {
    const [view, first, second] = hash.slice(2).split('/').map(decodeURIComponent);
    switch (view) {
      case 'chat':
        if (!first) return null;
        return { view, sessionId: first, ...(second ? { messageId: second } : {}) };
      case 'documents':
        return {
          view,
          ...(first ? { sessionId: first } : {}),
          ...(first && second ? { documentId: second } : {}),
        };
      case 'panels':
        return {
          view,
          ...(first ? { panelId: first } : {}),
          ...(first && second ? { messageId: second } : {}),
        };
      case 'statistics':
      case 'backups':
        return { view };
      default:
        return null;
    }
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

/** The conversation that the address names, if it names one. */
export function chatOf(route: Route | null): ChatRoute | null {
  return route?.view === 'chat' ? route : null;
}
