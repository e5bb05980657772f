import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { describeFailure } from '../state/failure.ts';
import { fitHeight } from '../ui/fit-height.ts';
import { textDirection } from '../ui/text-direction.ts';

export interface MessageEditorProps {
  readonly content: string;
  save(content: string): Promise<void>;
  onDone(): void;
}

/** A message being edited in its place. Enter saves, Escape gives up. */
export function MessageEditor({ content, save, onDone }: MessageEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [error, setError] = useState<string | null>(null);

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    fitHeight(element);
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, []);

  const submit = async (): Promise<void> => {
    const changed = field.current?.value ?? content;
    try {
      if (changed !== content) await save(changed);
      onDone();
    } catch (cause) {
      setError(describeFailure(cause).message);
    }
  };

  return (
    <form
      class="message-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onDone();
        const isInField = event.target === field.current;
        if (event.key === 'Enter' && isInField && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          void submit();
        }
      }}
    >
      <textarea
        ref={field}
        aria-label="Edit message"
        defaultValue={content}
        dir={textDirection(content)}
        rows={1}
        onInput={(event) => fitHeight(event.currentTarget)}
      />
      {error !== null && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      <div class="message-editor-actions">
        <button type="button" class="button button-small" onClick={onDone}>
          Cancel
        </button>
        <button type="submit" class="button button-small button-primary">
          Save
        </button>
      </div>
    </form>
  );
}
