import type { ComponentChildren } from 'preact';
import { useApp } from './app-context.ts';
import { routeHref, type Route } from './route.ts';

export interface MessageLinkProps {
  readonly class: string;
  readonly to: Required<Route>;
  readonly children: ComponentChildren;
}

/** Leads to a message and points it out, also when the address names it already. */
export function MessageLink({ class: className, to, children }: MessageLinkProps) {
  const { router, drawerOpen } = useApp();
  return (
    <a
      class={className}
      href={routeHref(to)}
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
