import { useLayoutEffect, useRef } from 'preact/hooks';
import { Modal } from './modal.tsx';

export interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  onConfirm(): void;
  onCancel(): void;
}

/** Asks before something is lost for good. */
export function ConfirmDialog({ title, text, action, onConfirm, onCancel }: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  // The harmless answer has the focus: a stray Enter must not delete anything. Before anything is
  // painted, as a later effect would take the focus from whoever was quick to press Tab.
  useLayoutEffect(() => cancel.current?.focus(), []);

  return (
    <Modal title={title} onClose={onCancel}>
      <p dir="auto">{text}</p>
      <div class="modal-actions">
        <button ref={cancel} type="button" class="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="button" class="button button-danger" onClick={onConfirm}>
          {action}
        </button>
      </div>
    </Modal>
  );
}
