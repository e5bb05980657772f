import type { FFPanelDTO, FFPanelMessageDTO, FFPersonaDTO } from 'flatfile-chat';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { COMPOSER_ID } from '../conversation/composer.tsx';
import { describeFailure } from '../state/failure.ts';
import { fitHeight } from '../ui/fit-height.ts';
import { Icon } from '../ui/icon.tsx';
import { textDirection } from '../ui/text-direction.ts';
import { PersonaBadge } from './persona-badge.tsx';
import { personaStyle } from './persona-colour.ts';

export interface PanelComposerProps {
  readonly panel: FFPanelDTO;
  readonly personas: readonly FFPersonaDTO[];
  /** The message being answered. */
  readonly answered: FFPanelMessageDTO | null;
  onAnswered(): void;
}

/** Speaks as one of the panel's personas. Enter sends, Shift+Enter starts a new line. */
export function PanelComposer({ panel, personas, answered, onAnswered }: PanelComposerProps) {
  const { panelRoom } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const speakers = panel.personaIds.flatMap(
    (id) => personas.find(({ personaId }) => personaId === id) ?? [],
  );
  const speaker = speakers.find(({ personaId }) => personaId === chosenId) ?? speakers[0];
  const canSend = speaker !== undefined && !isSending && text.trim() !== '';

  useLayoutEffect(() => {
    if (field.current !== null) fitHeight(field.current);
  }, [text]);

  useLayoutEffect(() => {
    if (answered !== null) field.current?.focus();
  }, [answered]);

  const send = async (): Promise<void> => {
    if (!canSend) return;
    setSending(true);
    setError(null);
    try {
      await panelRoom.speak(speaker, text, answered?.messageId);
      setText('');
      onAnswered();
    } catch (cause) {
      // The text stays, so that nothing has to be written twice.
      setError(describeFailure(cause).message);
    } finally {
      setSending(false);
      field.current?.focus();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {error !== null && (
        <p class="field-error" role="alert">
          Not saved. {error}
        </p>
      )}
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
      <div class="composer-box">
        <textarea
          ref={field}
          id={COMPOSER_ID}
          rows={1}
          dir={textDirection(text)}
          aria-label="Message"
          placeholder={speaker === undefined ? 'Nobody can speak' : `Speak as ${speaker.name}`}
          disabled={speaker === undefined}
          readOnly={isSending}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setError(null);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && answered !== null) onAnswered();
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <button
          type="submit"
          class="send-button"
          aria-label="Send"
          title="Send"
          disabled={!canSend}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
