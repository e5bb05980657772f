import type { FFPanelDTO, FFPanelMessageDTO, FFPersonaDTO } from 'flatfile-chat';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { MessageForm } from '../conversation/message-form.tsx';
import { Icon } from '../ui/icon.tsx';
import { PersonaBadge } from './persona-badge.tsx';
import { personaStyle } from './persona-colour.ts';

export interface PanelComposerProps {
  readonly panel: FFPanelDTO;
  readonly personas: readonly FFPersonaDTO[];
  /** The message being answered. */
  readonly answered: FFPanelMessageDTO | null;
  onAnswered(): void;
}

/** Speaks as one of the panel's personas. */
export function PanelComposer({ panel, personas, answered, onAnswered }: PanelComposerProps) {
  const { panelRoom } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [chosenId, setChosenId] = useState<string | null>(null);
  const speakers = panel.personaIds.flatMap(
    (id) => personas.find(({ personaId }) => personaId === id) ?? [],
  );
  const speaker = speakers.find(({ personaId }) => personaId === chosenId) ?? speakers[0];

  useLayoutEffect(() => {
    if (answered !== null) field.current?.focus();
  }, [answered]);

  return (
    <MessageForm
      field={field}
      text={text}
      placeholder={speaker === undefined ? 'Nobody can speak' : `Speak as ${speaker.name}`}
      disabled={speaker === undefined}
      onText={setText}
      onEscape={onAnswered}
      send={async (value) => {
        if (speaker === undefined) return;
        await panelRoom.speak(speaker, value, answered?.messageId);
        onAnswered();
      }}
    >
      <fieldset class="speakers">
        <legend class="visually-hidden">Speak as</legend>
        {speakers.map((persona) => (
          <label key={persona.personaId} class="speaker" style={personaStyle(persona)}>
            <input
              class="visually-hidden"
              type="radio"
              name="speaker"
              checked={persona === speaker}
              onChange={() => setChosenId(persona.personaId)}
            />
            <PersonaBadge persona={persona} name={persona.name} />
            <span dir="auto">{persona.name}</span>
          </label>
        ))}
        {speakers.length === 0 && <p>The personas of this panel have been deleted.</p>}
      </fieldset>
      {answered !== null && (
        <p class="answering-to">
          <Icon name="reply" />
          <span class="answered-text" dir="auto">
            {answered.name ?? 'Persona'}: {answered.content}
          </span>
          <button
            type="button"
            class="icon-button"
            aria-label="Do not reply to this message"
            onClick={() => {
              onAnswered();
              field.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
    </MessageForm>
  );
}
