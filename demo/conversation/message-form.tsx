import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { describeFailure } from '../state/failure.ts';
import { fitHeight } from '../ui/fit-height.ts';
import { Icon } from '../ui/icon.tsx';
import { textDirection } from '../ui/text-direction.ts';

export const COMPOSER_ID = 'composer';

export interface MessageFormProps {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly placeholder: string;
  /** Whether there is somebody to write to. */
  readonly disabled: boolean;
  /** A button at the start of the field. */
  readonly attach?: ComponentChildren;
  /** What stands above the field. */
  readonly children?: ComponentChildren;
  /** A line below the field. */
  readonly hint?: string;
  onText(text: string): void;
  onEscape?(): void;
  send(text: string): Promise<void>;
}

/** A field for a message. Enter sends, Shift+Enter starts a new line. */
export function MessageForm(props: MessageFormProps) {
  const { field, text, placeholder, disabled, attach, children, hint, onText, onEscape } = props;
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const canSend = !disabled && !isSending && text.trim() !== '';

  useLayoutEffect(() => {
    if (field.current !== null) fitHeight(field.current);
  }, [text]);

  const send = async (): Promise<void> => {
    if (!canSend) return;
    setSending(true);
    setError(null);
    try {
      await props.send(text);
      onText('');
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
      {children}
      <div class="composer-box">
        {attach}
        <textarea
          ref={field}
          id={COMPOSER_ID}
          rows={1}
          dir={textDirection(text)}
          aria-label="Message"
          aria-describedby={hint === undefined ? undefined : 'composer-hint'}
          placeholder={placeholder}
          disabled={disabled}
          readOnly={isSending}
          value={text}
          onInput={(event) => {
            onText(event.currentTarget.value);
            setError(null);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onEscape?.();
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
      {hint !== undefined && (
        <p id="composer-hint" class="composer-hint">
          {hint}
        </p>
      )}
    </form>
  );
}
