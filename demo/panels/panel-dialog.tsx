import type { FFPanelType, FFPersonaDTO } from 'flatfile-chat';
import { useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { PANEL_TYPES } from './panels.ts';
import { PersonaBadge } from './persona-badge.tsx';

const TYPES = Object.entries(PANEL_TYPES) as [FFPanelType, string][];

export interface PanelDialogProps {
  readonly personas: readonly FFPersonaDTO[];
  onClose(): void;
}

/** Creates a panel and opens it. */
export function PanelDialog({ personas, onClose }: PanelDialogProps) {
  const { panels, router } = useApp();
  const [title, setTitle] = useState('');
  const [type, setType] = useState<FFPanelType>('multi_persona');
  const [chosenIds, setChosenIds] = useState<readonly string[]>([]);

  const toggle = (personaId: string): void =>
    setChosenIds((ids) =>
      ids.includes(personaId) ? ids.filter((id) => id !== personaId) : [...ids, personaId],
    );

  const create = async (): Promise<void> => {
    if (chosenIds.length === 0) throw new Error('Choose at least one persona.');
    const name = title.trim() === '' ? PANEL_TYPES[type] : title.trim();
    const panelId = await panels.createPanel({ title: name, type, personaIds: chosenIds });
    onClose();
    router.go({ view: 'panels', panelId });
  };

  return (
    <FormDialog title="New panel" action="Create" submit={create} onClose={onClose}>
      <label class="form-field">
        Title
        <input
          class="field"
          maxLength={200}
          autoComplete="off"
          dir="auto"
          value={title}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <label class="form-field">
        Type
        <select
          class="field"
          value={type}
          onChange={({ currentTarget: { value } }) =>
            setType(TYPES.find(([key]) => key === value)?.[0] ?? type)
          }
        >
          {TYPES.map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="persona-choice">
        <legend>Personas</legend>
        {personas.map((persona) => (
          <label key={persona.personaId} class="persona-option">
            <input
              type="checkbox"
              checked={chosenIds.includes(persona.personaId)}
              onChange={() => toggle(persona.personaId)}
            />
            <PersonaBadge persona={persona} name={persona.name} />
            <span dir="auto">{persona.name}</span>
          </label>
        ))}
      </fieldset>
    </FormDialog>
  );
}
