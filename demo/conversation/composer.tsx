import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { FileButton } from '../documents/file-button.tsx';
import { describeFailure } from '../state/failure.ts';
import { fitHeight } from '../ui/fit-height.ts';
import { Icon } from '../ui/icon.tsx';
import { textDirection } from '../ui/text-direction.ts';

export const COMPOSER_ID = 'composer';

/** What was begun in each conversation, for as long as the page lives. */
const draftsBySessionId = new Map<string, string>();

export interface ComposerProps {
  readonly sessionId: string | null;
  readonly isEmpty: boolean;
}

/** Writes messages. Enter sends, Shift+Enter starts a new line. */
export function Composer({ sessionId, isEmpty }: ComposerProps) {
  const { conversation, documents } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [isSending, setSending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const canSend = sessionId !== null && !isSending && text.trim() !== '';

  useEffect(() => {
    setText(sessionId === null ? '' : (draftsBySessionId.get(sessionId) ?? ''));
    setError(null);
    if (sessionId !== null && isEmpty) field.current?.focus();
  }, [sessionId]);

  useLayoutEffect(() => {
    if (field.current !== null) fitHeight(field.current);
  }, [text]);

  const change = (value: string): void => {
    setText(value);
    setError(null);
    if (sessionId !== null) draftsBySessionId.set(sessionId, value);
  };

  const send = async (): Promise<void> => {
    if (!canSend) return;
    setSending(true);
    setError(null);
    try {
      await conversation.send(text);
      change('');
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
      <div class="composer-box">
        <FileButton
          class="icon-button"
          icon="clip"
          label="Attach files"
          isBare
          disabled={sessionId === null}
          onChoose={(chosen) => {
            if (sessionId !== null) void documents.add(sessionId, chosen);
          }}
        />
        <textarea
          ref={field}
          id={COMPOSER_ID}
          rows={1}
          dir={textDirection(text)}
          aria-label="Message"
          aria-describedby="composer-hint"
          placeholder={sessionId === null ? 'Open a conversation to write' : 'Write a message'}
          disabled={sessionId === null}
          readOnly={isSending}
          value={text}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={(event) => {
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
      <p id="composer-hint" class="composer-hint">
        Recall is a search over your own history, not a language model.
      </p>
    </form>
  );
}
