import { useLayoutEffect, useRef } from 'preact/hooks';

export interface RenameFormProps {
  readonly title: string;
  onRename(title: string): void;
  /** `byKeyboard`: the focus would be lost if nobody took it. */
  onDone(how: { readonly byKeyboard: boolean }): void;
}

/** A title being edited in its place: Enter or leaving the field saves, Escape does not. */
export function RenameForm({ title, onRename, onDone }: RenameFormProps) {
  const input = useRef<HTMLInputElement>(null);
  // Taking the field away takes the focus away too, which must not count as leaving the field.
  const isDone = useRef(false);

  useLayoutEffect(() => input.current?.select(), []);

  const finish = (save: boolean, byKeyboard: boolean): void => {
    if (isDone.current) return;
    isDone.current = true;
    const changed = input.current?.value.trim() ?? '';
    if (save && changed !== '' && changed !== title) onRename(changed);
    onDone({ byKeyboard });
  };

  return (
    <input
      ref={input}
      class="rename-input"
      aria-label="Title of the conversation"
      defaultValue={title}
      maxLength={200}
      autoComplete="off"
      dir="auto"
      onBlur={() => finish(true, false)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.isComposing) return;
        if (event.key === 'Enter') finish(true, true);
        if (event.key === 'Escape') finish(false, true);
      }}
    />
  );
}
