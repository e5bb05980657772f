import type { FFPersonaDTO } from 'flatfile-chat';
import { personaStyle } from './persona-colour.ts';

export interface PersonaBadgeProps {
  /** Absent when it has been deleted. */
  readonly persona: FFPersonaDTO | undefined;
  readonly name: string;
}

/** The initial of a persona in its colour. It says nothing to screen readers: the name does. */
export function PersonaBadge({ persona, name }: PersonaBadgeProps) {
  const [initial = '?'] = name.trim();
  return (
    <span class="persona-badge" style={personaStyle(persona)} aria-hidden="true">
      {initial.toUpperCase()}
    </span>
  );
}
