import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { describeFailure } from '../state/failure.ts';
import { Modal } from './modal.tsx';

export interface FormDialogProps {
  readonly title: string;
  readonly action: string;
  /** The fields. */
  readonly children: ComponentChildren;
  /** Rejects with what is wrong, for the dialog to show. */
  submit(fields: FormData): Promise<void>;
  onClose(): void;
}

/** A form in a dialog. It shows why what was entered is refused, and stays open then. */
export function FormDialog({ title, action, children, submit, onClose }: FormDialogProps) {
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  const save = async (form: HTMLFormElement): Promise<void> => {
    setSaving(true);
    try {
      await submit(new FormData(form));
    } catch (cause) {
      setError(describeFailure(cause).message);
      setSaving(false);
    }
  };

  return (
    <Modal title={title} onClose={onClose}>
      <form
        class="form"
        onInput={() => setError(null)}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSaving) void save(event.currentTarget);
        }}
      >
        {children}
        {error !== null && (
          <p class="field-error" role="alert">
            {error}
          </p>
        )}
        <div class="modal-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          {/* Disabled, it would let go of the focus. */}
          <button type="submit" class="button button-primary" aria-disabled={isSaving}>
            {action}
          </button>
        </div>
      </form>
    </Modal>
  );
}
