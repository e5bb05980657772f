import type { FFPanelMessageDTO } from 'flatfile-chat';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { MenuButton } from '../app/menu-button.tsx';
import { RouteLink } from '../app/route-link.tsx';
import { useObservable } from '../state/use-observable.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { plural } from '../ui/plural.ts';
import { PanelComposer } from './panel-composer.tsx';
import { PanelMessageList } from './panel-message-list.tsx';
import { PANEL_TYPES } from './panels.ts';

/** A panel: what has been said in it, and a field to speak as one of its personas. */
export function PanelPage({ panelId }: { readonly panelId: string }) {
  const { panelRoom, panels, router, notices } = useApp();
  const room = useObservable(panelRoom.state);
  const { personas } = useObservable(panels.state);
  const [answered, setAnswered] = useState<FFPanelMessageDTO | null>(null);
  const [isDeleting, setDeleting] = useState(false);
  // Until the room has followed the route, it still holds the panel before.
  const panel = room.id === panelId ? room.subject : null;
  const title = panel === null ? undefined : (panel.title ?? PANEL_TYPES[panel.type]);

  useEffect(() => setAnswered(null), [panelId]);

  const remove = async (): Promise<void> => {
    setDeleting(false);
    try {
      // Left before it is gone, so that nothing tries to read it again.
      router.go({ view: 'panels' }, { replace: true });
      await panels.deletePanel(panelId);
      notices.announce('Panel deleted');
    } catch (error) {
      notices.showError(error);
    }
  };

  return (
    <section class="conversation" aria-label={title ?? 'Panel'}>
      <header class="conversation-header">
        <MenuButton />
        <RouteLink class="icon-button" to={{ view: 'panels' }}>
          <Icon name="back" />
          <span class="visually-hidden">All panels</span>
        </RouteLink>
        <div class="conversation-heading">
          {panel !== null && (
            <>
              <h1 dir="auto" title={title}>
                {title}
              </h1>
              <p class="conversation-meta">
                {PANEL_TYPES[panel.type]} · {plural(panel.personaIds.length, 'persona')} ·{' '}
                {plural(panel.messageCount, 'message')}
              </p>
            </>
          )}
        </div>
        {panel !== null && (
          <button
            type="button"
            class="icon-button"
            aria-label="Delete this panel"
            title="Delete"
            onClick={() => setDeleting(true)}
          >
            <Icon name="trash" />
          </button>
        )}
      </header>
      {panel === null ? (
        <div class="messages" aria-busy="true" />
      ) : panel.messageCount === 0 && room.window.messages.length === 0 ? (
        <div class="messages empty">
          <div class="empty-content">
            <h2>Nobody has spoken yet</h2>
            <p>Choose a persona below and let it begin.</p>
          </div>
        </div>
      ) : (
        <PanelMessageList
          key={panelId}
          panelId={panelId}
          personas={personas}
          onReply={setAnswered}
        />
      )}
      {panel !== null && (
        <PanelComposer
          key={panelId}
          panel={panel}
          personas={personas}
          answered={answered}
          onAnswered={() => setAnswered(null)}
        />
      )}
      {isDeleting && panel !== null && (
        <ConfirmDialog
          title="Delete this panel?"
          text={`“${title}” and its ${plural(panel.messageCount, 'message')} will be deleted from this device. This cannot be undone.`}
          action="Delete"
          onConfirm={() => void remove()}
          onCancel={() => setDeleting(false)}
        />
      )}
    </section>
  );
}
