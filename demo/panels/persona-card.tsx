import type { FFPersonaDTO } from 'flatfile-chat';
import { useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { PersonaBadge } from './persona-badge.tsx';
import { personaStyle } from './persona-colour.ts';

export interface PersonaCardProps {
  readonly persona: FFPersonaDTO;
  /** The focus would be lost if nobody took it. */
  onDeleted(): void;
}

export function PersonaCard({ persona, onDeleted }: PersonaCardProps) {
  const { panels, notices } = useApp();
  const [isDeleting, setDeleting] = useState(false);
  const { personaId, name, description, traits = [], expertise = [] } = persona;

  const remove = async (): Promise<void> => {
    setDeleting(false);
    try {
      await panels.deletePersona(personaId);
      notices.announce(`${name} deleted`);
      onDeleted();
    } catch (error) {
      notices.showError(error);
    }
  };

  return (
    <li class="persona-card" style={personaStyle(persona)}>
      <PersonaBadge persona={persona} name={name} />
      <div class="persona-about">
        <h3 class="persona-name" dir="auto">
          {name}
        </h3>
        {description !== undefined && <p dir="auto">{description}</p>}
        <Tags label="Traits" tags={traits} />
        <Tags label="Expertise" tags={expertise} />
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label={`Delete “${name}”`}
        title="Delete"
        onClick={() => setDeleting(true)}
      >
        <Icon name="trash" />
      </button>
      {isDeleting && (
        <ConfirmDialog
          title="Delete this persona?"
          text={`“${name}” can no longer speak then. What was said in panels stays.`}
          action="Delete"
          onConfirm={() => void remove()}
          onCancel={() => setDeleting(false)}
        />
      )}
    </li>
  );
}

function Tags({ label, tags }: { readonly label: string; readonly tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <p class="tags">
      <span class="tags-label">{label}</span>
      {tags.map((tag, index) => (
        <span key={index} class="tag" dir="auto">
          {tag}
        </span>
      ))}
    </p>
  );
}
