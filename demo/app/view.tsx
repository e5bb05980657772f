import type { ComponentChildren } from 'preact';
import { MenuButton } from './menu-button.tsx';

export interface ViewProps {
  readonly title: string;
  /** One line below the title. */
  readonly meta?: string;
  /** Buttons at the end of the header. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page of the app other than a conversation: a header, and below it what scrolls. */
export function View({ title, meta, actions, children }: ViewProps) {
  return (
    <section class="view" aria-label={title}>
      <header class="conversation-header">
        <MenuButton />
        <div class="conversation-heading">
          <h1>{title}</h1>
          {/* Its line is kept while what stands in it is not known yet. */}
          <p class="conversation-meta">{meta ?? '\u00a0'}</p>
        </div>
        {actions}
      </header>
      <div class="view-body">
        <div class="view-column">{children}</div>
      </div>
    </section>
  );
}
