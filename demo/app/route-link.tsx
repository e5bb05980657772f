import type { ComponentChildren } from 'preact';
import { useApp } from './app-context.ts';
import { routeHref, type Route } from './route.ts';

export interface RouteLinkProps {
  readonly class: string;
  readonly to: Route;
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** Leads to a place in the app and points it out, also when the address names it already. */
export function RouteLink({ class: className, to, isCurrent, children }: RouteLinkProps) {
  const { router, drawerOpen } = useApp();
  return (
    <a
      class={className}
      href={routeHref(to)}
      aria-current={isCurrent === true ? 'page' : undefined}
      onClick={(event) => {
        // Opening in another tab or window is the browser's business.
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        drawerOpen.set(false);
        router.go(to);
      }}
    >
      {children}
    </a>
  );
}
