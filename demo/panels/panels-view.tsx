import { useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { View } from '../app/view.tsx';
import { useObservable } from '../state/use-observable.ts';
import { Icon } from '../ui/icon.tsx';
import { plural } from '../ui/plural.ts';
import { PanelCard } from './panel-card.tsx';
import { PanelDialog } from './panel-dialog.tsx';
import { PanelPage } from './panel-page.tsx';
import { PersonaCard } from './persona-card.tsx';
import { PersonaDialog } from './persona-dialog.tsx';

/** The panel that the address names, else all panels and personas. */
export function PanelsView() {
  const { router } = useApp();
  const route = useObservable(router.route);
  const panelId = route?.view === 'panels' ? route.panelId : undefined;
  return panelId === undefined ? <PanelOverview /> : <PanelPage panelId={panelId} />;
}

function PanelOverview() {
  const { panels: model } = useApp();
  const { panels, personas, known } = useObservable(model.state);
  const personaList = useRef<HTMLUListElement>(null);
  const [dialog, setDialog] = useState<'persona' | 'panel' | null>(null);

  return (
    <View
      title="Panels"
      {...(known
        ? { meta: `${plural(panels.length, 'panel')} · ${plural(personas.length, 'persona')}` }
        : {})}
      actions={
        <button
          type="button"
          class="button button-primary button-small"
          disabled={personas.length === 0}
          onClick={() => setDialog('panel')}
        >
          <Icon name="plus" />
          New panel
        </button>
      }
    >
      {known && panels.length === 0 && (
        <p class="view-empty">
          {personas.length === 0
            ? 'A panel is a conversation among personas. Create some personas first.'
            : 'No panels yet.'}
        </p>
      )}
      <ul class="panel-cards" aria-label="Panels">
        {panels.map((panel) => (
          <PanelCard key={panel.panelId} panel={panel} personas={personas} />
        ))}
      </ul>
      <div class="section-head">
        <h2>Personas</h2>
        <button type="button" class="button button-small" onClick={() => setDialog('persona')}>
          <Icon name="plus" />
          New persona
        </button>
      </div>
      {known && personas.length === 0 && <p class="view-empty">No personas yet.</p>}
      <ul ref={personaList} class="persona-cards" aria-label="Personas" tabIndex={-1}>
        {personas.map((persona) => (
          <PersonaCard
            key={persona.personaId}
            persona={persona}
            onDeleted={() => personaList.current?.focus()}
          />
        ))}
      </ul>
      {dialog === 'persona' && <PersonaDialog onClose={() => setDialog(null)} />}
      {dialog === 'panel' && <PanelDialog personas={personas} onClose={() => setDialog(null)} />}
    </View>
  );
}
