import type { FFPanelDTO, FFPersonaDTO } from 'flatfile-chat';
import { RouteLink } from '../app/route-link.tsx';
import { formatFull, formatRelative } from '../ui/format-time.ts';
import { plural } from '../ui/plural.ts';
import { useNow } from '../ui/use-now.ts';
import { PANEL_TYPES } from './panels.ts';
import { PersonaBadge } from './persona-badge.tsx';

export interface PanelCardProps {
  readonly panel: FFPanelDTO;
  readonly personas: readonly FFPersonaDTO[];
}

/** A panel in the list of all; it leads to its page. */
export function PanelCard({ panel, personas }: PanelCardProps) {
  const { panelId, type, title, personaIds, messageCount, updatedAt } = panel;
  const nowMs = useNow();
  const members = personaIds.map((id) => personas.find(({ personaId }) => personaId === id));
  return (
    <li>
      <RouteLink class="panel-card" to={{ view: 'panels', panelId }}>
        <span class="panel-title" dir="auto">
          {title ?? PANEL_TYPES[type]}
        </span>
        <span class="panel-meta">
          {PANEL_TYPES[type]} · {plural(messageCount, 'message')} ·{' '}
          <time dateTime={updatedAt} title={formatFull(updatedAt)}>
            {formatRelative(updatedAt, nowMs)}
          </time>
        </span>
        <span class="panel-members">
          {members.map((persona, index) => (
            <PersonaBadge
              key={personaIds[index]}
              persona={persona}
              name={persona?.name ?? 'Deleted'}
            />
          ))}
          <span class="panel-names">
            {members.map((persona) => persona?.name ?? 'deleted').join(', ')}
          </span>
        </span>
      </RouteLink>
    </li>
  );
}
