import { useRef } from 'preact/hooks';
import { Icon, type IconName } from '../ui/icon.tsx';
import type { DroppedFiles } from './dropped-files.ts';

export interface FileButtonProps {
  readonly class: string;
  readonly icon: IconName;
  readonly label: string;
  /** Shows the icon alone; the label is then read out. */
  readonly isBare?: boolean;
  readonly disabled?: boolean;
  onChoose(chosen: DroppedFiles): void;
}

/** Opens the browser's file chooser. */
export function FileButton(props: FileButtonProps) {
  const { icon, label, isBare = false, disabled = false, onChoose } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={props.class}
        aria-label={isBare ? label : undefined}
        title={isBare ? label : undefined}
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        <Icon name={icon} />
        {!isBare && label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const field = event.currentTarget;
          const files = [...(field.files ?? [])];
          // Else choosing the same file again would be no change.
          field.value = '';
          if (files.length > 0) onChoose({ files, folders: [] });
        }}
      />
    </>
  );
}
